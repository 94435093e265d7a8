import "../styles/tokens.css";
import "./office";
