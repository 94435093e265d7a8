/**
 * The language and theme of a page: what its address asks for, else what was chosen on this device, else what the
 * device prefers. Nothing is stored until somebody chooses.
 */

import { html, type ReactiveController, type ReactiveControllerHost, type TemplateResult } from "lit";
import { chooseTexts, type Language, type Texts } from "../i18n";
import { LANGUAGES } from "../i18n/texts";

type Theme = "auto" | "light" | "dark";

const KEY = "smart-reise.page";
const THEMES: readonly Theme[] = ["auto", "light", "dark"];
const NAMES: Record<Language, string> = { nb: "Bokmål", nn: "Nynorsk", en: "English" };
const WORDS: Record<Language, { language: string; theme: string; themes: Record<Theme, string> }> = {
  nb: { language: "Språk", theme: "Utseende", themes: { auto: "Som enheten", light: "Lyst", dark: "Mørkt" } },
  nn: { language: "Språk", theme: "Utsjånad", themes: { auto: "Som eininga", light: "Lyst", dark: "Mørkt" } },
  en: { language: "Language", theme: "Appearance", themes: { auto: "As the device", light: "Light", dark: "Dark" } },
};

export class PageController implements ReactiveController {
  private readonly dark = matchMedia("(prefers-color-scheme: dark)");
  private chosen: { lang?: string; theme?: string } = readChosen();

  /** @param changed called after the page has been painted anew */
  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly changed: () => void = () => {},
  ) {
    host.addController(this);
  }

  get texts(): Texts {
    return chooseTexts([this.asked("lang"), this.chosen.lang, ...navigator.languages]);
  }

  get theme(): Theme {
    const wanted = this.asked("theme") ?? this.chosen.theme ?? "auto";
    return THEMES.find((theme) => theme === wanted) ?? "auto";
  }

  hostConnected(): void {
    this.dark.addEventListener("change", this.repaint);
    this.paint();
  }

  hostDisconnected(): void {
    this.dark.removeEventListener("change", this.repaint);
  }

  /** Two small choices for the foot of a page. */
  render(): TemplateResult {
    const { texts, theme } = this;
    const words = WORDS[texts.language];
    return html`<span class="preferences">
      <select class="language" aria-label=${words.language} @change=${(event: Event) => this.choose("lang", valueOf(event))}>
        ${LANGUAGES.map((tag) => html`<option value=${tag} lang=${tag} ?selected=${tag === texts.language}>${NAMES[tag]}</option>`)}
      </select>
      <select class="theme" aria-label=${words.theme} @change=${(event: Event) => this.choose("theme", valueOf(event))}>
        ${THEMES.map((name) => html`<option value=${name} ?selected=${name === theme}>${words.themes[name]}</option>`)}
      </select>
    </span>`;
  }

  private choose(name: "lang" | "theme", value: string): void {
    this.chosen = { ...this.chosen, [name]: value };
    try {
      localStorage.setItem(KEY, JSON.stringify(this.chosen));
    } catch {
      // No storage here: the choice holds until the page is left.
    }
    const query = new URLSearchParams(location.search);
    query.delete(name); // what was asked for by the address is answered now
    const rest = query.toString().replaceAll("%2C", ",").replaceAll("%3A", ":");
    history.replaceState(history.state, "", location.pathname + (rest ? `?${rest}` : ""));
    this.repaint();
  }

  private readonly repaint = (): void => {
    this.paint();
    this.changed();
    this.host.requestUpdate();
  };

  private paint(): void {
    const root = document.documentElement;
    const dark = this.theme === "auto" ? this.dark.matches : this.theme === "dark";
    root.dataset["theme"] = dark ? "dark" : "light";
    root.lang = this.texts.tag;
  }

  private asked(name: string): string | null {
    return new URLSearchParams(location.search).get(name);
  }
}

function valueOf(event: Event): string {
  return (event.target as HTMLSelectElement).value;
}

function readChosen(): { lang?: string; theme?: string } {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    return found && typeof found === "object" ? (found as { lang?: string; theme?: string }) : {};
  } catch {
    return {}; // no storage, or what lies there is not ours
  }
}
