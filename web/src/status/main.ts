import "../styles/tokens.css";
import { keepOffline } from "../parts/keep";
import "./status";

keepOffline();
