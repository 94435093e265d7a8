import "../styles/tokens.css";
import "./admin";
