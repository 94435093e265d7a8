import { html, LitElement, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { listOffices, listPlaces } from "../api";
import { clockTime } from "../core/time";
import { chooseTexts, reasonText, type Texts } from "../i18n";
import { Live, TickController, TopicController } from "../live";
import { base } from "../parts/base.css";
import { icon } from "../parts/icons";
import type { Feeds, OfficeItem, Place, Suggestion, Suggestions, Vehicles } from "../wire";
import { commuterStyles } from "./commuter.css";
import "./field";
import type { JourneyMap } from "./map";
import { leaveText, type Moment, renderBar, renderFacts, renderLegs, span } from "./suggestion";
import { type End, endOfPlace, parseAddress, pointValue, topicParams, type Trip, type When, writeAddress } from "./trip";

const TYPING_MS = 150;
const GRACE_MS = 3_000;
const NOTHING_DRAWN = { journey: undefined, vehicles: null, lines: "", ends: "" };
const NO_VEHICLES: never[] = [];
const TRIP_KEYS = ["from", "to", "depart", "arrive", "stepfree", "bike", "car"];

/** Where a commuter says from and to, and watches the ways there change. */
export class CommuterPage extends LitElement {
  static override properties = {
    trip: { state: true },
    places: { state: true },
    offices: { state: true },
    selected: { state: true },
    opened: { state: true },
    notice: { state: true },
  };

  declare trip: Trip;
  declare places: { end: "from" | "to"; found: Place[] } | null;
  declare offices: OfficeItem[];
  /** null: the first; "": none */
  declare selected: string | null;
  declare opened: ReadonlySet<string>;
  declare notice: string;

  private readonly query = new URLSearchParams(location.search);
  private readonly live = new Live();
  private readonly suggestions = new TopicController<Suggestions>(this, this.live);
  private readonly vehicles = new TopicController<Vehicles>(this, this.live);
  private readonly feeds = new TopicController<Feeds>(this, this.live);
  private map: JourneyMap | null = null;
  private typing = 0;
  private asked: AbortController | null = null;
  private lastEnd: "from" | "to" | null = null;
  private drawn: { journey: unknown; vehicles: unknown; lines: string; ends: string } = {
    ...NOTHING_DRAWN,
  };

  constructor() {
    super();
    this.trip = parseAddress(this.query);
    this.places = null;
    this.offices = [];
    this.selected = null;
    this.opened = new Set();
    this.notice = "";
    new TickController(this, this.live);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.paintTheme();
    this.feeds.watch("feeds", {});
    void this.loadOffices();
    void this.loadMap();
    addEventListener("popstate", this.returned);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("popstate", this.returned);
    this.map?.remove();
  }

  private readonly returned = (): void => {
    this.trip = parseAddress(new URLSearchParams(location.search));
    this.selected = null;
  };

  private get texts(): Texts {
    return chooseTexts([this.query.get("lang"), ...navigator.languages]);
  }

  private paintTheme(): void {
    const wanted = this.query.get("theme") ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
    document.documentElement.dataset.theme = wanted === "dark" ? "dark" : "light";
    document.documentElement.lang = this.texts.tag;
  }

  private async loadOffices(): Promise<void> {
    this.offices = await listOffices();
    await this.map?.showOffices(this.offices);
  }

  /** The map is heavy and comes after the list; without WebGL the page does without it. */
  private async loadMap(): Promise<void> {
    const container = this.querySelector<HTMLElement>("[slot=map]");
    if (!container) return;
    try {
      const { JourneyMap } = await import("./map");
      this.map = new JourneyMap(
        container,
        {
          picked: (lat, lon) => this.pick(lat, lon),
          moved: (bbox) => this.vehicles.watch("vehicles", { bbox }),
          office: (id) => this.startAt(id),
        },
        this.texts.mapLabel,
        () => this.mapPadding(),
      );
    } catch {
      container.hidden = true;
      return;
    }
    this.drawn = { ...NOTHING_DRAWN };
    await this.map.showOffices(this.offices);
    this.requestUpdate();
  }

  private mapPadding(): { top: number; bottom: number; left: number; right: number } {
    const phone = matchMedia("(max-width: 699px)").matches;
    return phone ? { top: 36, bottom: 110, left: 40, right: 70 } : { top: 80, bottom: 80, left: 80, right: 140 };
  }

  protected override willUpdate(): void {
    const { clock } = this.live;
    this.suggestions.watch("suggestions", topicParams(this.trip, clock.now(), clock.zoneOffsetMin));
  }

  protected override updated(): void {
    void this.draw();
  }

  private async draw(): Promise<void> {
    if (!this.map) return;
    const journey = this.shownSuggestions().find((suggestion) => suggestion.id === this.selectedId()) ?? null;
    if (journey !== this.drawn.journey) {
      this.drawn.journey = journey;
      await this.map.showJourney(journey);
    }
    const vehicles = this.vehicles.data?.vehicles ?? null;
    const lines = new Set((journey?.legs ?? []).map((leg) => leg.line?.id ?? "").filter(Boolean));
    const traffic = this.isOffline() ? NO_VEHICLES : vehicles;
    if (traffic && (traffic !== this.drawn.vehicles || [...lines].join() !== this.drawn.lines)) {
      Object.assign(this.drawn, { vehicles: traffic, lines: [...lines].join() });
      await this.map.showVehicles(traffic, lines);
    }
    const ends = { from: this.located("from"), to: this.located("to") };
    const text = JSON.stringify(ends);
    if (text !== this.drawn.ends) {
      this.drawn.ends = text;
      await this.map.showEnds(ends);
    }
  }

  private located(end: "from" | "to"): { lat: number; lon: number; name: string } | null {
    const chosen = this.trip[end];
    if (!chosen) return null;
    const answered = this.suggestions.data?.[end];
    const lat = chosen.lat ?? answered?.lat ?? null;
    const lon = chosen.lon ?? answered?.lon ?? null;
    return lat === null || lon === null ? null : { lat, lon, name: this.nameOf(end) };
  }

  private nameOf(end: "from" | "to"): string {
    const chosen = this.trip[end];
    if (!chosen) return "";
    if (chosen.name !== null) return chosen.name;
    const office = this.offices.find((item) => item.id === chosen.value);
    return office?.name ?? (this.suggestions.data?.[end].name || this.texts.pickOnMap);
  }

  private isOffline(): boolean {
    const { link, lostAt } = this.feeds.state;
    if (link !== "lost") return false;
    return lostAt === null || Number.isNaN(lostAt) || this.live.clock.now() - lostAt >= GRACE_MS;
  }

  private moment(): Moment {
    const { clock } = this.live;
    return {
      now: clock.now(),
      zoneOffsetMin: clock.zoneOffsetMin,
      offline: this.isOffline(),
      later: this.trip.when !== "now" && this.trip.time !== "",
    };
  }

  private shownSuggestions(): readonly Suggestion[] {
    const moment = this.moment();
    return (this.suggestions.data?.suggestions ?? []).filter(
      (suggestion) => moment.later || leaveText(suggestion, moment, this.texts) !== null,
    );
  }

  private selectedId(): string {
    if (this.selected !== null) return this.selected;
    return this.shownSuggestions().find((suggestion) => suggestion.status !== "broken")?.id ?? "";
  }

  private change(part: Partial<Trip>): void {
    this.trip = { ...this.trip, ...part };
    this.selected = null;
    this.opened = new Set();
    this.notice = "";
    const kept = new URLSearchParams([...this.query].filter(([name]) => !TRIP_KEYS.includes(name)));
    history.pushState(null, "", location.pathname + writeAddress(this.trip, kept));
  }

  private setEnd(end: "from" | "to", chosen: End | null): void {
    this.places = null;
    this.change(end === "from" ? { from: chosen } : { to: chosen });
    const other = end === "from" ? this.trip.to : this.trip.from;
    if (chosen && !other) {
      const next = end === "from" ? "to" : "from";
      void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>(`#${next}`)?.focus());
    }
  }

  private pick(lat: number, lon: number): void {
    const end = this.lastEnd ?? (this.trip.from ? "to" : "from");
    this.lastEnd = end === "from" && !this.trip.to ? "to" : null;
    this.setEnd(end, { value: pointValue(lat, lon), name: this.texts.pickOnMap, lat, lon });
  }

  private startAt(officeId: string): void {
    const office = this.offices.find((item) => item.id === officeId);
    if (office) this.setEnd("from", { value: office.id, name: office.name, lat: office.lat, lon: office.lon });
  }

  private locate(): void {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        const { latitude: lat, longitude: lon } = coords;
        this.setEnd("from", { value: pointValue(lat, lon), name: this.texts.myPosition, lat, lon });
      },
      () => {
        this.notice = this.texts.positionDenied;
      },
      { timeout: 10_000, maximumAge: 60_000 },
    );
  }

  private typed(end: "from" | "to", text: string): void {
    clearTimeout(this.typing);
    this.asked?.abort();
    if (text.trim() === "") {
      this.places = null;
      return;
    }
    this.typing = window.setTimeout(() => void this.ask(end, text.trim()), TYPING_MS);
  }

  private async ask(end: "from" | "to", text: string): Promise<void> {
    const asked = new AbortController();
    this.asked = asked;
    try {
      const found = await listPlaces(text, this.located(end === "from" ? "to" : "from"), asked.signal);
      if (!asked.signal.aborted) this.places = { end, found };
    } catch {
      if (!asked.signal.aborted) this.places = null; // no connection: the page says so above the list
    }
  }

  protected override render(): TemplateResult {
    const texts = this.texts;
    document.documentElement.dataset.state = this.pageState();
    document.title = this.trip.to ? `${this.nameOf("to")} – ${texts.brand}` : texts.brand;
    return html`<aside>
        <div class="sheet">
          ${this.renderSearch(texts)} ${this.renderCondition(texts)}
          <div class="list" aria-label=${texts.suggestionsLabel} @click=${this.clicked}>${this.renderList(texts)}</div>
          ${this.renderFoot(texts)}
        </div>
      </aside>
      <div class="map"><slot name="map"></slot></div>`;
  }

  private pageState(): string {
    if (this.isOffline()) return "offline";
    const { data, state } = this.suggestions;
    if (!this.trip.from || !this.trip.to) return this.feeds.state.confirmed ? "empty" : "loading";
    if (!data) return state.problem ? "empty" : "loading";
    if (data.suggestions.length === 0) return "empty";
    return data.realtime === "stale" ? "stale" : "fresh";
  }

  private renderSearch(texts: Texts): TemplateResult {
    return html`<form class="search" @submit=${(event: Event) => event.preventDefault()}>
      <div class="brand">
        <h1>${texts.brand}</h1>
        ${this.feeds.data?.demo ? html`<span class="demo" title=${texts.demoLong}>${texts.demo}</span>` : nothing}
      </div>
      <div class="fields">
        <div class="ends">
          ${this.renderField("from", texts)} ${this.renderField("to", texts)}
        </div>
        <button type="button" class="round" aria-label=${texts.swap} title=${texts.swap} @click=${this.swap}>
          ${icon("swap")}
        </button>
      </div>
      <div class="chips">
        <div class="chips" role="radiogroup">
          ${this.renderWhen("now", texts.travelNow)} ${this.renderWhen("depart", texts.departAt)}
          ${this.renderWhen("arrive", texts.arriveBy)}
        </div>
        ${this.trip.when === "now"
          ? nothing
          : html`<input
              type="time"
              required
              aria-label=${this.trip.when === "arrive" ? texts.arriveBy : texts.departAt}
              .value=${this.trip.time}
              @change=${(event: Event) => this.change({ time: (event.target as HTMLInputElement).value })}
            />`}
        ${this.renderToggle("stepFree", texts.stepFree)} ${this.renderToggle("bike", texts.bike)}
        ${this.renderToggle("car", texts.carShare)}
      </div>
    </form>`;
  }

  private renderField(end: "from" | "to", texts: Texts): TemplateResult {
    return html`<sr-place-field
      id=${end}
      .texts=${texts}
      .end=${end}
      .label=${end === "from" ? texts.fromLabel : texts.toLabel}
      .hint=${end === "from" ? texts.fromHint : texts.toHint}
      .name=${this.nameOf(end)}
      .places=${this.places?.end === end ? this.places.found : null}
      @sr-typed=${(event: CustomEvent<string>) => this.typed(end, event.detail)}
      @sr-chosen=${(event: CustomEvent<Place>) => this.setEnd(end, endOfPlace(event.detail))}
      @sr-cleared=${() => this.setEnd(end, null)}
      @sr-focused=${() => {
        this.lastEnd = end;
      }}
    >
      ${end === "from"
        ? html`<button type="button" class="round" aria-label=${texts.myPosition} title=${texts.myPosition} @click=${this.locate}>
            ${icon("position")}
          </button>`
        : nothing}
    </sr-place-field>`;
  }

  private renderWhen(when: When, text: string): TemplateResult {
    const chosen = this.trip.when === when;
    return html`<button type="button" class="chip" role="radio" aria-checked=${chosen ? "true" : "false"} @click=${() => this.choose(when)}>
      ${text}
    </button>`;
  }

  private choose(when: When): void {
    const { clock } = this.live;
    const soon = Number.isNaN(clock.now()) ? "" : clockTime(clock.now() + 30 * 60_000, clock.zoneOffsetMin);
    this.change({ when, time: when === "now" ? "" : this.trip.time || soon });
  }

  private renderToggle(name: "stepFree" | "bike" | "car", text: string): TemplateResult {
    const on = this.trip[name];
    return html`<button
      type="button"
      class="chip soft"
      aria-pressed=${on ? "true" : "false"}
      @click=${() => this.change({ [name]: !on })}
    >
      ${text}
    </button>`;
  }

  private swap(): void {
    const named = (end: "from" | "to"): End | null => {
      const chosen = this.trip[end];
      return chosen && { ...chosen, name: this.nameOf(end), ...(this.located(end) ?? {}) };
    };
    this.change({ from: named("to"), to: named("from") });
  }

  private renderCondition(texts: Texts): TemplateResult | typeof nothing {
    if (this.notice) return html`<div class="condition" role="status">${icon("alert")}${this.notice}</div>`;
    if (!this.isOffline()) return nothing;
    const at = this.suggestions.state.held?.at ?? this.feeds.state.held?.at;
    const text =
      at === undefined || Number.isNaN(at)
        ? texts.offlineLong
        : texts.offlineSince(clockTime(at, this.live.clock.zoneOffsetMin));
    return html`<div class="condition" role="status">${icon("offline")}${text}</div>`;
  }

  private renderList(texts: Texts): TemplateResult {
    if (!this.trip.from || !this.trip.to) return this.renderStart(texts);
    const { data, state } = this.suggestions;
    if (state.problem) return html`<p class="words" role="status">${state.problem.detail || state.problem.title}</p>`;
    if (!data) {
      if (this.isOffline()) return html`<p class="words">${texts.offlineLong}</p>`;
      return html`<span class="sr" role="status">${texts.searching}</span>
        <div class="bone"></div>
        <div class="bone"></div>
        <div class="bone"></div>`;
    }
    const shown = this.shownSuggestions();
    if (shown.length === 0) return html`<p class="words" role="status">${texts.noSuggestions}</p>`;
    const moment = this.moment();
    return html`${repeat(
      shown,
      (suggestion) => suggestion.id,
      (suggestion) => this.renderSuggestion(suggestion, moment, texts),
    )}`;
  }

  private renderSuggestion(suggestion: Suggestion, moment: Moment, texts: Texts): TemplateResult {
    const open = suggestion.id === this.selectedId();
    const broken = suggestion.status === "broken";
    const leave = broken
      ? { text: reasonText(suggestion.reason, texts), reach: "why" }
      : leaveText(suggestion, moment, texts);
    const symbol = broken ? "cancel" : leave?.reach === "hurry" ? "run" : null;
    return html`<article class="item ${open ? "open" : ""} ${broken ? "broken" : ""}" data-id=${suggestion.id}>
      <button type="button" data-item=${suggestion.id} aria-expanded=${open ? "true" : "false"}>
        <span class="leave ${leave?.reach ?? ""}">${symbol ? icon(symbol) : nothing} ${leave?.text}</span>
        <span class="span">${span(suggestion, moment)}</span>
        ${renderBar(suggestion, texts)} ${renderFacts(suggestion, texts)}
      </button>
      ${open ? renderLegs(suggestion, moment, this.opened, texts) : nothing}
    </article>`;
  }

  /** One listener for all the list's buttons. */
  private clicked(event: Event): void {
    const button = (event.target as HTMLElement).closest<HTMLElement>("[data-item],[data-stops]");
    const { item, stops } = button?.dataset ?? {};
    if (item !== undefined) this.selected = item === this.selectedId() ? "" : item;
    if (stops === undefined) return;
    const opened = new Set(this.opened);
    if (!opened.delete(stops)) opened.add(stops);
    this.opened = opened;
  }

  private renderStart(texts: Texts): TemplateResult {
    const from = this.offices.find((office) => office.id === this.trip.from?.value);
    return html`<p class="words">${texts.askBoth}</p>
      ${from && !this.trip.to && from.destinations.length > 0
        ? html`<div class="quick">
            <h2>${texts.toLabel}</h2>
            <ul>
              ${from.destinations.map(
                (place) => html`<li>
                  <button type="button" @click=${() => this.setEnd("to", endOfPlace(place))}>
                    ${icon("place")}<span>${place.name}</span>
                  </button>
                </li>`,
              )}
            </ul>
          </div>`
        : nothing}
      ${!this.trip.from && this.offices.length > 0
        ? html`<div class="quick">
            <h2>${texts.offices}</h2>
            <ul>
              ${this.offices.map(
                (office) => html`<li>
                  <button type="button" aria-label="${texts.startHere}: ${office.name}" @click=${() => this.startAt(office.id)}>
                    ${icon("office")}<span>${office.name}</span>
                  </button>
                  <a href="/office/${encodeURIComponent(office.id)}">${texts.openScreen}</a>
                </li>`,
              )}
            </ul>
          </div>`
        : nothing}`;
  }

  private renderFoot(texts: Texts): TemplateResult {
    const credits = [...new Set((this.feeds.data?.feeds ?? []).map((feed) => feed.attribution).filter(Boolean))];
    return html`<div class="foot">
      <span>${credits.join(" · ")}</span>
      <a href="/status">${texts.status}</a>
    </div>`;
  }

  static override styles = [base, commuterStyles];
}

customElements.define("sr-commuter", CommuterPage);
