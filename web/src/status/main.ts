import "../styles/tokens.css";
import "./status";
