/** Builds the lines that put the widget on a partner's page, beside the widget itself as it will be. */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import { listOffices } from "../api";
import "../commuter/field";
import { LookupController } from "../commuter/lookup";
import { type End, endOfPlace } from "../commuter/trip";
import { chooseTexts, type Language } from "../i18n";
import { LANGUAGES } from "../i18n/texts";
import { base } from "../parts/base.css";
import type { OfficeItem, Place } from "../wire";
import { embedStyles } from "./embed.css";
import { loadWidget } from "./load";
import { attributesOf, type Choice, elementSnippet, framePath, frameSnippet, isWhole, policyOf } from "./snippet";
import { EMBED_TEXTS, type EmbedTexts } from "./texts";

const NAMES: Record<Language, string> = { nb: "Bokmål", nn: "Nynorsk", en: "English" };
const LEAST_WIDTH = 280;
const MOST_WIDTH = 480;
const STYLE = `smart-reise {
  --smart-reise-accent: #5b2c88;
  --smart-reise-radius: 4px;
  --smart-reise-font: "My Sans", sans-serif;
}
smart-reise::part(title) { font-size: 1.25rem; }`;
const EVENTS = `document.addEventListener("smart-reise:state", (event) => {
  console.log(event.detail.state); // loading, fresh, stale, offline, empty, night
});
// smart-reise:suggestions  smart-reise:destination  smart-reise:select  smart-reise:error`;

export class EmbedPage extends LitElement {
  static override properties = {
    offices: { state: true },
    choice: { state: true },
    kind: { state: true },
    width: { state: true },
    copied: { state: true },
    ends: { state: true },
  };

  declare offices: OfficeItem[] | null;
  declare choice: Choice;
  declare kind: "element" | "frame";
  declare width: number;
  declare copied: boolean;
  declare ends: Record<"from" | "to", End | null>;

  private readonly query = new URLSearchParams(location.search);
  private readonly texts = chooseTexts([this.query.get("lang"), ...navigator.languages]);
  private readonly lookup = new LookupController(this);
  private readonly own = EMBED_TEXTS[this.texts.language];

  constructor() {
    super();
    this.offices = null;
    this.ends = { from: null, to: null };
    this.choice = {
      office: this.query.get("office") ?? "",
      isTrip: false,
      from: "",
      to: "",
      lang: this.texts.tag,
      theme: "auto",
      stepFree: false,
      limit: 3,
    };
    this.kind = "element";
    this.width = 360;
    this.copied = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const wanted = this.query.get("theme");
    const dark = wanted ? wanted === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    const root = document.documentElement;
    root.dataset["theme"] = dark ? "dark" : "light";
    root.lang = this.texts.tag;
    document.title = `${this.own.title} – ${this.texts.brand}`;
    loadWidget();
    void this.load();
  }

  private async load(): Promise<void> {
    this.offices = await listOffices();
    const office = this.choice.office || this.offices[0]?.id || "";
    this.choice = { ...this.choice, office };
    document.documentElement.dataset["state"] = this.offices.length > 0 ? "fresh" : "empty";
  }

  protected override render(): TemplateResult {
    const { own } = this;
    return html`<header>
        <h1>${own.title}</h1>
        <p>${own.intro}</p>
      </header>
      <main>
        <form @submit=${(event: Event) => event.preventDefault()}>${this.renderForm(own)}</form>
        <section class="preview">
          <h2>${own.preview}</h2>
          <div class="stage">${isWhole(this.choice) ? this.renderWidget() : nothing}</div>
          <label class="width"
            >${own.width}
            <input
              type="range"
              min=${LEAST_WIDTH}
              max=${MOST_WIDTH}
              step="10"
              .value=${String(this.width)}
              @input=${(event: Event) => (this.width = Number((event.target as HTMLInputElement).value))}
            /><output>${this.width} px</output></label
          >
        </section>
        <section class="paste">${this.renderSnippet(own)}</section>
        <section class="more">
        <h2>${own.more}</h2>
        <p>${own.privacy}</p>
        <p>${own.policy}</p>
        <pre tabindex="0">${policyOf(location.origin)}</pre>
        <p>${own.style}</p>
        <pre tabindex="0">${STYLE}</pre>
        <p>${own.events}</p>
        <pre tabindex="0">${EVENTS}</pre>
        <nav><a href="/">${this.texts.brand}</a><a href="/docs">${own.docs}</a><a href="/status">${this.texts.status}</a></nav>
        </section>
      </main>`;
  }

  private renderForm(own: EmbedTexts): TemplateResult {
    const offices = (this.offices ?? []).map((office): [string, string] => [office.id, office.name]);
    const languages = LANGUAGES.map((language): [string, string] => [language, NAMES[language]]);
    const themes = Object.entries(own.themes);
    const limits = [1, 2, 3, 4, 5, 6].map((limit): [string, string] => [String(limit), String(limit)]);
    return html`<fieldset>
        <legend>${own.shows}</legend>
        <div class="kinds">${[false, true].map((isTrip) => this.renderShows(isTrip, own))}</div>
      </fieldset>
      ${this.choice.isTrip
        ? html`${this.renderEnd("from")} ${this.renderEnd("to")}`
        : this.renderSelect("office", own.office, offices)}
      ${this.renderSelect("lang", own.language, [["", own.pageLanguage], ...languages])}
      ${this.renderSelect("theme", own.theme, themes)} ${this.renderSelect("limit", own.limit, limits)}
      <label class="check"
        ><input
          type="checkbox"
          name="stepFree"
          .checked=${this.choice.stepFree}
          @change=${(event: Event) => this.choose({ stepFree: (event.target as HTMLInputElement).checked })}
        />${own.stepFree}</label
      >
      <fieldset>
        <legend>${own.kind}</legend>
        <div class="kinds">${(["element", "frame"] as const).map((kind) => this.renderKind(kind, own))}</div>
        <p class="hint">${own.kindHint[this.kind]}</p>
      </fieldset>`;
  }

  private renderSelect(name: "office" | "lang" | "theme" | "limit", label: string, options: [string, string][]): TemplateResult {
    const chosen = String(this.choice[name]);
    const change = (event: Event): void => {
      const { value } = event.target as HTMLSelectElement;
      this.choose(name === "limit" ? { limit: Number(value) } : { [name]: value });
    };
    return html`<label class="field"
      ><span>${label}</span
      ><select name=${name} @change=${change}>
        ${options.map(([value, text]) => html`<option value=${value} ?selected=${value === chosen}>${text}</option>`)}
      </select></label
    >`;
  }

  private renderShows(isTrip: boolean, own: EmbedTexts): TemplateResult {
    return html`<label
      ><input
        type="radio"
        name="shows"
        value=${isTrip ? "trip" : "office"}
        .checked=${this.choice.isTrip === isTrip}
        @change=${() => this.choose({ isTrip })}
      />${isTrip ? own.aTrip : own.anOffice}</label
    >`;
  }

  private renderEnd(end: "from" | "to"): TemplateResult {
    const { texts } = this;
    const take = (chosen: End | null): void => {
      this.lookup.clear();
      this.ends = { ...this.ends, [end]: chosen };
      this.choose({ [end]: chosen?.value ?? "" });
    };
    return html`<sr-place-field
      id=${end}
      .texts=${texts}
      .end=${end}
      .label=${end === "from" ? texts.fromLabel : texts.toLabel}
      .hint=${end === "from" ? texts.fromLabel : texts.toLabel}
      .name=${this.ends[end]?.name ?? ""}
      .places=${this.lookup.places?.end === end ? this.lookup.places.found : null}
      @sr-typed=${(event: CustomEvent<string>) => this.lookup.typed(end, event.detail, null)}
      @sr-chosen=${(event: CustomEvent<Place>) => take(endOfPlace(event.detail))}
      @sr-cleared=${() => take(null)}
    ></sr-place-field>`;
  }

  private renderKind(kind: "element" | "frame", own: EmbedTexts): TemplateResult {
    return html`<label
      ><input type="radio" name="kind" value=${kind} .checked=${this.kind === kind} @change=${() => (this.kind = kind)} />${
        own.kinds[kind]
      }</label
    >`;
  }

  /** Sized through classes: a page with a content policy has no style attributes. */
  private renderWidget(): TemplateResult {
    const attributes = Object.fromEntries(attributesOf(this.choice));
    if (this.kind === "frame") {
      return html`<iframe class="w${this.width}" src=${framePath(this.choice)} title=${this.own.preview}></iframe>`;
    }
    return html`<smart-reise
      class="w${this.width}"
      office=${attributes["office"] ?? nothing}
      from=${attributes["from"] ?? nothing}
      to=${attributes["to"] ?? nothing}
      lang=${attributes["lang"] ?? nothing}
      theme=${attributes["theme"] ?? nothing}
      profile=${attributes["profile"] ?? nothing}
      limit=${attributes["limit"] ?? nothing}
    ></smart-reise>`;
  }

  private renderSnippet(own: EmbedTexts): TemplateResult {
    return html`<h2>${own.snippet}</h2>
      <pre class="snippet" tabindex="0">${this.snippet()}</pre>
      <button class="copy" @click=${this.copy}>${own.copy}</button>
      <span role="status">${this.copied ? own.copied : nothing}</span>`;
  }

  private snippet(): string {
    const { choice, texts } = this;
    return this.kind === "frame" ? frameSnippet(choice, location.origin, texts.brand) : elementSnippet(choice, location.origin);
  }

  private choose(change: Partial<Choice>): void {
    this.choice = { ...this.choice, ...change };
    this.copied = false;
  }

  private readonly copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(this.snippet());
      this.copied = true;
    } catch {
      // Without a secure origin there is no clipboard: mark the text, so that the keyboard can copy it.
      const range = document.createRange();
      range.selectNodeContents(this.renderRoot.querySelector(".snippet")!);
      getSelection()?.removeAllRanges();
      getSelection()?.addRange(range);
    }
  };

  static override styles = [base, embedStyles];
}

customElements.define("sr-embed", EmbedPage);
