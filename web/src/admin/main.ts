import "../styles/tokens.css";
import "../styles/map.css";
import "./admin";
