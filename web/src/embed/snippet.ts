/** The lines that somebody pastes into a page. Pure. */

export interface Choice {
  office: string;
  /** Between two places, instead of from an office to its destinations. */
  isTrip: boolean;
  from: string;
  to: string;
  lang: string;
  theme: string;
  stepFree: boolean;
  limit: number;
}

const USUAL_LIMIT = 3;

/** The widget's attributes, only those that say something. */
export function attributesOf(choice: Choice): [string, string][] {
  const given: [string, string][] = [
    ["office", choice.isTrip ? "" : choice.office],
    ["from", choice.isTrip ? choice.from : ""],
    ["to", choice.isTrip ? choice.to : ""],
    ["lang", choice.lang],
    ["theme", choice.theme === "auto" ? "" : choice.theme],
    ["profile", choice.stepFree ? "step-free" : ""],
    ["limit", choice.limit === USUAL_LIMIT ? "" : String(choice.limit)],
  ];
  return given.filter(([, value]) => value !== "");
}

export function elementSnippet(choice: Choice, origin: string): string {
  const attributes = attributesOf(choice).map(([name, value]) => ` ${name}="${escape(value)}"`);
  return `<script type="module" src="${origin}/widget.js"></script>\n<smart-reise${attributes.join("")}></smart-reise>`;
}

export function framePath(choice: Choice): string {
  return `/embed/frame?${new URLSearchParams(attributesOf(choice))}`;
}

export function frameSnippet(choice: Choice, origin: string, title: string): string {
  const address = escape(origin + framePath(choice));
  return `<iframe src="${address}" title="${escape(title)}"\n  width="100%" height="420" loading="lazy"></iframe>`;
}

/** What a strict content policy of the host page must allow. */
export function policyOf(origin: string): string {
  return `script-src ${origin}; connect-src ${origin} ${origin.replace(/^http/, "ws")}`;
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
}

/** Can the widget show something for it? */
export function isWhole(choice: Choice): boolean {
  return choice.isTrip ? choice.from !== "" && choice.to !== "" : choice.office !== "";
}
