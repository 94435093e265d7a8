import { SmartReise } from "./widget";

// The script may be on the page twice, and another copy may have come first.
if (!customElements.get("smart-reise")) customElements.define("smart-reise", SmartReise);
