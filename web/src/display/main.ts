import "../styles/tokens.css";
import "./display";
