import "../styles/tokens.css";
import "../styles/map.css";
import { keepOffline } from "../parts/keep";
import "./handover";

keepOffline();
