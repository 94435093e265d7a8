// What each rule of smartreise.yaml finds in pages, and what it leaves alone.
export function show(element: HTMLElement, text: string): void {
  // ruleid: no-markup-from-data
  element.innerHTML = text;
  // ok: no-markup-from-data
  element.innerHTML = "";
  // ok: no-markup-from-data
  element.textContent = text;
  // ruleid: no-code-from-data
  eval(text);
  // ruleid: messages-between-frames-check-their-sender
  window.addEventListener("message", (event) => {
    show(element, event.data);
  });
}
