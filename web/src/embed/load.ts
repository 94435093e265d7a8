/** The widget as a partner's page has it: the very file that is served, not a second build of its code. */

export function loadWidget(): void {
  const script = document.createElement("script");
  script.src = "/widget.js";
  document.head.append(script);
}
