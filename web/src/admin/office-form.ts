/** One office's settings, each with a field of its own: where it is, what its screens show, how they look, and when. */

import glCss from "maplibre-gl/dist/maplibre-gl.css?inline";
import { html, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult, unsafeCSS } from "lit";
import { listPlaces } from "../api";
import "../commuter/field";
import { MapView } from "../commuter/map-view";
import { LANGUAGES } from "../i18n/texts";
import { icon } from "../parts/icons";
import mapCss from "../styles/map.css?inline";
import type { OfficeItem, Place } from "../wire";
import { DAYS, type Fault, type Hours, type Office, Refused } from "./client";
import { Panel } from "./panel";
import type { Draft } from "./preview";

const MODES = ["bus", "coach", "tram", "metro", "rail", "ferry", "bike", "scooter", "car"];
const LAYOUTS = ["standard", "ways", "departures", "map"] as const;
const THEMES = ["dark", "light", "daylight"] as const;
/** The preview follows what is typed after this long, and what changes outside at least this often. */
const PREVIEW_AFTER_MS = 300;
const PREVIEW_AGAIN_MS = 15_000;
/** As large as the server takes: base64 makes four characters of three bytes. */
const LOGO_BYTES = 35_000;
const LOGO_TYPES = "image/png,image/jpeg,image/webp,image/svg+xml";

type Searched = "place" | "destination" | "stop";

export class OfficeForm extends Panel {
  static override properties: PropertyDeclarations = {
    ...Panel.properties,
    office: { attribute: false },
    isNew: { attribute: false },
    found: { state: true },
    typed: { state: true },
    unshown: { state: true },
  };

  declare office: Office;
  declare isNew: boolean;
  /** What a search brought, and for which field. */
  declare found: { by: Searched; places: Place[] } | null;
  /** What stands in a search field, set only to empty it. */
  declare typed: string;
  /** Why the preview cannot show the draft; null while it does. */
  declare unshown: { message: string; faults: readonly Fault[] } | null;
  private search = new AbortController();
  private timer = 0;
  private previews = 0;
  private readonly map = new MapView();
  /** Where the office was: the map begins there. */
  private home: OfficeItem[] = [];

  constructor() {
    super();
    this.found = null;
    this.typed = "";
    this.unshown = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // it heeds its own frame alone
    // nosemgrep: messages-between-frames-check-their-sender
    addEventListener("message", this.previewLoaded);
  }

  protected override async load(): Promise<void> {
    const container = this.renderRoot.querySelector<HTMLElement>(".place-map");
    if (!container) return;
    const { texts, own } = this;
    if (!this.isNew) this.home = [this.office as unknown as OfficeItem];
    const told = {
      picked: (lat: number, lon: number): void => this.set({ lat: round(lat), lon: round(lon) }),
      moved: (): void => undefined,
      office: (): void => undefined,
    };
    await this.map.load(container, told, { map: `${texts.mapLabel}. ${own.pickOnMap}`, zoomIn: own.zoomIn, zoomOut: own.zoomOut });
    this.drawPlace();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("message", this.previewLoaded);
    clearTimeout(this.timer);
    this.map.remove();
  }

  protected override updated(changed: PropertyValues): void {
    if (!changed.has("office")) return;
    this.drawPlace();
    this.previewIn(PREVIEW_AFTER_MS);
  }

  private readonly previewLoaded = (event: MessageEvent): void => {
    if (event.origin === location.origin && event.source === this.frame?.contentWindow) this.previewIn(0);
  };

  private get frame(): HTMLIFrameElement | null {
    return this.renderRoot.querySelector<HTMLIFrameElement>(".preview iframe");
  }

  private previewIn(milliseconds: number): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.preview(), milliseconds);
  }

  /** The screen of the draft, composed by the server from what it knows now. */
  private async preview(): Promise<void> {
    const number = ++this.previews;
    const { office, own } = this;
    try {
      const named = { ...office, id: office.id || "new", name: office.name || own.newOffice };
      const draft: Draft = { view: await this.client.previewOffice(named) };
      if (number !== this.previews) return; // somebody typed on
      this.unshown = null;
      this.frame?.contentWindow?.postMessage(draft, location.origin);
    } catch (error) {
      if (number !== this.previews) return;
      this.unshown = error instanceof Refused ? error : { message: own.unreached, faults: [] };
    }
    if (this.isConnected) this.previewIn(PREVIEW_AGAIN_MS);
  }

  private drawPlace(): void {
    const { lat, lon, name } = this.office;
    void this.map.draw({ journey: null, vehicles: null, ends: { from: { lat, lon, name }, to: null }, offices: this.home });
  }

  private set(change: Partial<Office>): void {
    this.office = { ...this.office, ...change };
  }

  protected override render(): TemplateResult {
    const { own, office } = this;
    return html`<form class="card previewed" @submit=${this.save}>
      <h2>${office.name || own.newOffice}</h2>
      <div class="fields">
        ${this.isNew
          ? html`<label><span>${own.id}</span><input name="id" required pattern="[A-Za-z0-9][A-Za-z0-9_.\\-]*" .value=${office.id} @input=${this.typedInto("id")} /></label>`
          : nothing}
        <label><span>${own.name}</span><input name="name" required maxlength="120" .value=${office.name} @input=${this.typedInto("name")} /></label>
      </div>
      ${this.renderPlace(office)} ${this.renderDestinations(office)} ${this.renderContent(office)} ${this.renderLooks(office)}
      ${this.renderHours(office)} ${this.renderPreview()}
      <details>
        <summary>${own.more}</summary>
        <label><span>${own.moreHow}</span><textarea name="rest" rows="10" spellcheck="false" .value=${JSON.stringify(office, null, 2)} @change=${this.pasted}></textarea></label>
      </details>
      ${this.renderTold()}
      <div class="row">
        <button class="main">${own.save}</button>
        <button type="button" @click=${() => this.leave(false)}>${own.cancel}</button>
      </div>
    </form>`;
  }

  private renderPlace(office: Office): TemplateResult {
    const { own } = this;
    const number = (name: "lat" | "lon", label: string, most: number): TemplateResult =>
      html`<label
        ><span>${label}</span
        ><input name=${name} type="number" step="any" min=${-most} max=${most} required .value=${String(office[name])} @change=${this.numbered(name)}
      /></label>`;
    return html`<fieldset class="place-fields">
      <legend>${own.place}</legend>
      ${this.renderSearch("place", own.findAddress, (place) => this.set({ lat: round(place.lat), lon: round(place.lon) }))}
      <p class="soft">${own.pickOnMap}</p>
      <div class="place-map"></div>
      <div class="fields">
        ${number("lat", own.latitude, 90)} ${number("lon", own.longitude, 180)}
        <label
          ><span>${own.walkSpeed}</span
          ><input name="walk_speed" type="number" step="0.1" min="0.3" max="5" placeholder="1.3" .value=${shown(office.walk_speed)} @change=${this.numbered("walk_speed")}
        /></label>
        <label
          ><span>${own.maxWalk}</span
          ><input name="max_walk_m" type="number" step="50" min="50" max="5000" placeholder="1500" .value=${shown(office.max_walk_m)} @change=${this.numbered("max_walk_m")}
        /></label>
      </div>
    </fieldset>`;
  }

  private renderDestinations(office: Office): TemplateResult {
    const { own } = this;
    const without = (index: number): void => this.set({ destinations: office.destinations.filter((_, at) => at !== index) });
    return html`<fieldset class="destination-fields">
      <legend>${own.destinations}</legend>
      ${this.renderList("destinations", office.destinations.map((place) => place.name), without)}
      ${this.renderSearch("destination", own.addDestination, (place) => {
        const { name, lat, lon, stop_id } = place;
        this.set({ destinations: [...office.destinations, stop_id ? { name, stop_id } : { name, lat, lon }] });
      })}
    </fieldset>`;
  }

  private renderContent(office: Office): TemplateResult {
    const { own } = this;
    const stops = (name: "stops" | "hidden_stops") => (index: number) =>
      this.set({ [name]: (office[name] ?? []).filter((_, at) => at !== index) });
    const lines = (name: "lines" | "hidden_lines", label: string): TemplateResult =>
      html`<label
        ><span>${label}</span
        ><input name=${name} placeholder="31, L1" .value=${(office[name] ?? []).join(", ")} @change=${(event: Event) => this.set({ [name]: listed(valueOf(event)) })}
      /></label>`;
    const toggled = (mode: string, on: boolean): string[] => MODES.filter((one) => (one === mode ? on : (office.modes ?? []).includes(one)));
    return html`<fieldset class="content-fields">
      <legend>${own.content}</legend>
      <p>${own.shownStops}</p>
      ${this.renderList("stops", office.stops ?? [], stops("stops"))}
      <p>${own.hiddenStops}</p>
      ${this.renderList("hidden_stops", office.hidden_stops ?? [], stops("hidden_stops"))}
      ${this.renderSearch("stop", own.addStop, (place) => {
        if (place.stop_id) this.set({ [this.hides() ? "hidden_stops" : "stops"]: [...(office[this.hides() ? "hidden_stops" : "stops"] ?? []), place.stop_id] });
      })}
      <label class="check"><input type="checkbox" name="hide" />${own.hideIt}</label>
      <div class="fields">${lines("lines", own.shownLines)} ${lines("hidden_lines", own.hiddenLines)}
        <label
          ><span>${own.providers}</span
          ><input name="providers" .value=${(office.providers ?? []).join(", ")} @change=${(event: Event) => this.set({ providers: listed(valueOf(event)) })}
        /></label>
      </div>
      <p>${own.modes}</p>
      <div>
        ${MODES.map(
          (mode) => html`<label class="check"
            ><input type="checkbox" name="mode-${mode}" .checked=${(office.modes ?? []).includes(mode)} @change=${(event: Event) => this.set({ modes: toggled(mode, isOn(event)) })} />${this.texts.modes[mode as keyof typeof this.texts.modes] ?? mode}</label
          >`,
        )}
      </div>
    </fieldset>`;
  }

  private renderLooks(office: Office): TemplateResult {
    const { own } = this;
    const toggled = (language: string, on: boolean): string[] =>
      LANGUAGES.filter((one) => (one === language ? on : office.languages.includes(one)));
    return html`<fieldset class="look-fields">
      <legend>${own.looks}</legend>
      <div class="fields">
        ${this.renderChoice("layout", own.layout, LAYOUTS.map((name) => [name, own.layouts[name]]), office.layout ?? "standard")}
        ${this.renderChoice("theme", own.theme, THEMES.map((name) => [name, own[name]]), office.theme)}
        <label
          ><span>${own.accent}</span
          ><input name="accent" type="color" .value=${office.accent ?? "#3ddbd9"} @change=${(event: Event) => this.set({ accent: valueOf(event) })}
        /></label>
        <label><span>${own.logo}</span><input name="logo" type="file" accept=${LOGO_TYPES} @change=${this.pickedLogo} /></label>
      </div>
      ${office.logo
        ? html`<p class="row">
            <img class="logo" src=${office.logo} alt=${own.logo} />
            <button type="button" @click=${() => this.set({ logo: null })}>${own.remove} ${own.logo}</button>
          </p>`
        : nothing}
      <p>${own.languages}</p>
      <div>
        ${LANGUAGES.map(
          (language) => html`<label class="check"
            ><input type="checkbox" name="language-${language}" .checked=${office.languages.includes(language)} @change=${(event: Event) => this.set({ languages: toggled(language, isOn(event)) })} />${own.languageNames[language]}</label
          >`,
        )}
      </div>
    </fieldset>`;
  }

  private renderPreview(): TemplateResult {
    const { own, unshown } = this;
    return html`<aside>
      <p>${own.preview}</p>
      <div class="preview"><iframe title=${own.preview} src="/admin/preview" tabindex="-1"></iframe></div>
      <p class="unshown" role="status">
        ${unshown
          ? html`${own.unshown} ${unshown.faults.length === 0 ? unshown.message : unshown.faults.map((fault) => html`<b>${fault.field}</b> ${fault.message} `)}`
          : nothing}
      </p>
    </aside>`;
  }

  private renderHours(office: Office): TemplateResult {
    const { own } = this;
    const hours = office.opening_hours ?? [];
    const changed = (index: number, change: Partial<Hours>): void =>
      this.set({ opening_hours: hours.map((one, at) => (at === index ? { ...one, ...change } : one)) });
    return html`<fieldset class="hour-fields">
      <legend>${own.hours}</legend>
      <p class="soft">${own.hoursHow}</p>
      ${hours.map(
        (one, index) => html`<div class="row span" data-span=${index}>
          ${DAYS.map(
            (day) => html`<label class="check"
              ><input type="checkbox" .checked=${one.days.includes(day)} @change=${(event: Event) => changed(index, { days: DAYS.filter((other) => (other === day ? isOn(event) : one.days.includes(other))) })} />${own.days[day]}</label
            >`,
          )}
          <input type="time" aria-label=${own.opens} required .value=${one.opens} @change=${(event: Event) => changed(index, { opens: valueOf(event) })} />
          <input type="time" aria-label=${own.closes} required .value=${one.closes} @change=${(event: Event) => changed(index, { closes: valueOf(event) })} />
          <button type="button" aria-label="${own.remove} ${own.hours}" @click=${() => this.set({ opening_hours: hours.filter((_, at) => at !== index) })}>${icon("close")}</button>
        </div>`,
      )}
      <div class="row">
        <button type="button" class="add-span" @click=${() => this.set({ opening_hours: [...hours, { days: [...DAYS.slice(0, 5)], opens: "06:30", closes: "18:00" }] })}>${own.addHours}</button>
        ${hours.length > 0
          ? this.renderChoice("after_hours", own.afterHours, [["dark", own.darkAfter], ["dim", own.dimAfter]], office.after_hours ?? "dark")
          : nothing}
      </div>
    </fieldset>`;
  }

  private renderChoice(name: "layout" | "theme" | "after_hours", label: string, options: [string, string][], chosen: string): TemplateResult {
    return html`<label
      ><span>${label}</span
      ><select name=${name} @change=${(event: Event) => this.set({ [name]: valueOf(event) })}>
        ${options.map(([value, text]) => html`<option value=${value} ?selected=${value === chosen}>${text}</option>`)}
      </select></label
    >`;
  }

  private renderList(name: string, items: readonly string[], remove: (index: number) => void): TemplateResult {
    return html`<ol class="destinations ${name}">
      ${items.map(
        (item, index) => html`<li>
          <span>${item}</span>
          <button type="button" aria-label="${this.own.remove} ${item}" @click=${() => remove(index)}>${icon("close")}</button>
        </li>`,
      )}
    </ol>`;
  }

  private renderSearch(by: Searched, label: string, chosen: (place: Place) => void): TemplateResult {
    return html`<sr-place-field
      label=${label}
      hint=${label}
      end="to"
      name=${this.typed}
      .texts=${this.texts}
      .places=${this.found?.by === by ? this.found.places : null}
      @sr-typed=${(event: CustomEvent<string>) => this.find(event.detail, by)}
      @sr-chosen=${(event: CustomEvent<Place>) => {
        chosen(event.detail);
        this.found = null;
        // The field takes a name only when it changes: empty it for the next one.
        this.typed = event.detail.name;
        void this.updateComplete.then(() => (this.typed = ""));
      }}
      @sr-cleared=${() => (this.found = null)}
    ></sr-place-field>`;
  }

  private async find(text: string, by: Searched): Promise<void> {
    this.search.abort();
    this.search = new AbortController();
    const { signal } = this.search;
    try {
      const places = text.trim() === "" ? [] : await listPlaces(text, this.office, signal);
      this.found = text.trim() === "" ? null : { by, places: by === "stop" ? places.filter((place) => place.stop_id) : places };
    } catch {
      if (!signal.aborted) this.found = { by, places: [] };
    }
  }

  private hides(): boolean {
    return this.renderRoot.querySelector<HTMLInputElement>("input[name=hide]")?.checked ?? false;
  }

  private typedInto(name: "id" | "name"): (event: Event) => void {
    return (event) => this.set({ [name]: valueOf(event) });
  }

  private numbered(name: "lat" | "lon" | "walk_speed" | "max_walk_m"): (event: Event) => void {
    return (event) => {
      const text = valueOf(event);
      this.set({ [name]: text === "" ? null : Number(text) });
    };
  }

  private readonly pickedLogo = async (event: Event): Promise<void> => {
    const file = (event.target as HTMLInputElement).files?.[0];
    if (!file) return;
    await this.act(async () => {
      if (file.size > LOGO_BYTES) throw this.refused(this.own.logoTooLarge);
      this.set({ logo: await addressOf(file) });
    });
  };

  private readonly pasted = (event: Event): void => {
    void this.act(async () => {
      try {
        this.office = { ...(JSON.parse(valueOf(event)) as Office), id: this.office.id };
      } catch {
        throw this.refused(this.own.notJson);
      }
    });
  };

  private readonly save = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (await this.act(() => this.client.putOffice(this.office, this.isNew))) this.leave(true);
  };

  private leave(saved: boolean): void {
    this.dispatchEvent(new CustomEvent("sr-left", { detail: saved }));
  }

  static override styles = [...Panel.styles, unsafeCSS(glCss), unsafeCSS(mapCss)];
}

function valueOf(event: Event): string {
  return (event.target as HTMLInputElement).value.trim();
}

function isOn(event: Event): boolean {
  return (event.target as HTMLInputElement).checked;
}

function listed(text: string): string[] {
  return text.split(",").map((part) => part.trim()).filter(Boolean);
}

function shown(value: number | null | undefined): string {
  return value == null ? "" : String(value);
}

/** To about a metre. */
function round(degrees: number): number {
  return Math.round(degrees * 1e5) / 1e5;
}

function addressOf(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error ?? new Error("unreadable"));
    reader.readAsDataURL(file);
  });
}

customElements.define("sr-office-form", OfficeForm);
