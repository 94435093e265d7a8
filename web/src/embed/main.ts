import "../styles/tokens.css";
import "./embed";
