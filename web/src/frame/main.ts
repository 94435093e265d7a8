/** The widget alone on a page, for an iframe: the address's parameters are its attributes. */

import { loadWidget } from "../embed/load";
import "./frame.css";

const ATTRIBUTES = ["office", "from", "to", "lang", "theme", "profile", "limit"];

const query = new URLSearchParams(location.search);
const widget = document.createElement("smart-reise");
for (const name of ATTRIBUTES) {
  const value = query.get(name);
  if (value !== null) widget.setAttribute(name, value);
}
const root = document.documentElement;
root.lang = query.get("lang") ?? "nb";
root.dataset["theme"] = query.get("theme") ?? "auto";
document.addEventListener("smart-reise:state", (event) => {
  root.dataset["state"] = (event as CustomEvent<{ state: string }>).detail.state;
});
const main = document.createElement("main");
main.append(widget);
document.body.prepend(main);
loadWidget();

// The page that frames us may fit the frame to what is in it.
new ResizeObserver(() => {
  parent.postMessage({ type: "smart-reise:height", height: Math.ceil(main.getBoundingClientRect().height) }, "*");
}).observe(main);
