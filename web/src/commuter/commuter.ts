/** Where a commuter says from and to, and watches the ways there change. */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { listOffices } from "../api";
import { isOffline } from "../core/store";
import { clockTime } from "../core/time";
import { reasonText, type Texts } from "../i18n";
import { Live, TickController, TopicController } from "../live";
import { base } from "../parts/base.css";
import { creditsOf } from "../parts/credits";
import { icon } from "../parts/icons";
import { staleText } from "../parts/live";
import { PageController } from "../parts/page";
import { TripsController } from "../trips";
import type { Feeds, OfficeItem, Suggestion, Suggestions, Vehicle, Vehicles } from "../wire";
import { commuterStyles } from "./commuter.css";
import { announce, SILENCE } from "./announce";
import { answerKey, dropAnswers, type Favourite, isKept, listFavourites, toggleFavourite } from "./favourites";
import "./field";
import { isTimed, problemText, renderItem, renderLast } from "./item";
import { legStyles } from "./legs.css";
import { LookupController } from "./lookup";
import { findPosition, shareLink } from "./device";
import { MapView } from "./map-view";
import { renderSearch } from "./search";
import { renderStart } from "./start";
import { leaveText, type Moment, vehicleText } from "./suggestion";
import { COMMUTER_TEXTS, type CommuterTexts } from "./texts";
import { type End, parseAddress, pointValue, soon, topicParams, type Trip, type When, writeAddress, type Zone } from "./trip";

/** At night nothing may leave within the hour: then the first things that do are looked for this far ahead. */
const NIGHT_WINDOW_S = 4 * 3600;
const NO_VEHICLES: never[] = [];
const TRIP_KEYS = ["from", "to", "depart", "arrive", "stepfree", "bike", "car"];
const shelf = (): Storage => localStorage;

export class CommuterPage extends LitElement {
  static override properties = {
    trip: { state: true },
    offices: { state: true },
    favourites: { state: true },
    selected: { state: true },
    opened: { state: true },
    notice: { state: true },
  };

  declare trip: Trip;
  declare offices: OfficeItem[];
  declare favourites: Favourite[];
  /** null: the first; "": none */
  declare selected: string | null;
  declare opened: ReadonlySet<string>;
  declare notice: string;

  private readonly page = new PageController(this, () => this.map.repaint());
  private readonly live = new Live();
  private readonly suggestions = new TopicController<Suggestions>(this, this.live);
  private readonly vehicles = new TopicController<Vehicles>(this, this.live);
  private readonly feeds = new TopicController<Feeds>(this, this.live);
  private readonly rides = new TripsController(this, this.live);
  private readonly lookup = new LookupController(this);
  private readonly map = new MapView();
  private lastEnd: "from" | "to" | null = null;
  /** Nothing that a timetable binds leaves within the hour. */
  private isNight = false;
  private announced = SILENCE;

  constructor() {
    super();
    this.trip = parseAddress(new URLSearchParams(location.search));
    this.offices = [];
    this.favourites = listFavourites(shelf);
    this.selected = null;
    this.opened = new Set();
    this.notice = "";
    new TickController(this, this.live);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.feeds.watch("feeds", {});
    void this.loadOffices();
    void this.loadMap();
    addEventListener("popstate", this.returned);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("popstate", this.returned);
    this.map.remove();
  }

  private readonly returned = (): void => {
    this.trip = this.named(parseAddress(new URLSearchParams(location.search)));
    this.selected = null;
    this.notice = "";
  };

  /** A journey that is kept has names for what its address only has ids of. */
  private named(trip: Trip): Trip {
    const ends = this.favourites.flatMap((kept) => [kept.from, kept.to]);
    const known = (end: End | null): End | null => (end && ends.find((other) => other.value === end.value)) ?? end;
    return { ...trip, from: known(trip.from), to: known(trip.to) };
  }

  private async loadOffices(): Promise<void> {
    this.offices = await listOffices();
  }

  private async loadMap(): Promise<void> {
    const container = this.querySelector<HTMLElement>("[slot=map]");
    if (!container) return;
    const own = COMMUTER_TEXTS[this.page.texts.language];
    const words = { map: `${this.page.texts.mapLabel}. ${own.mapHelp}`, zoomIn: own.zoomIn, zoomOut: own.zoomOut, vehicle: (vehicle: Vehicle) => vehicleText(vehicle, this.page.texts) };
    const told = {
      picked: (lat: number, lon: number) => this.pick(lat, lon),
      moved: (bbox: string) => this.vehicles.watch("vehicles", { bbox }),
      office: (id: string) => this.startAt(id),
    };
    await this.map.load(container, told, words);
    this.requestUpdate();
  }

  protected override willUpdate(): void {
    this.ask();
    const { data } = this.suggestions;
    if (data && !this.isNight && this.trip.when === "now" && !data.suggestions.some(isTimed)) {
      this.isNight = true;
      this.ask();
    }
    this.rides.watch(this.chosen()?.legs ?? []);
  }

  private ask(): void {
    const params = topicParams(this.trip, this.zone(), this.isNight ? NIGHT_WINDOW_S : undefined);
    const kept = isKept(this.favourites, this.trip.from, this.trip.to);
    this.suggestions.keep = kept && params ? answerKey(params) : null;
    this.suggestions.watch("suggestions", params);
  }

  protected override updated(): void {
    const vehicles = this.isOffline() ? NO_VEHICLES : (this.vehicles.data?.vehicles ?? null);
    const ends = { from: this.located("from"), to: this.located("to") };
    void this.map.draw({ journey: this.chosen(), vehicles, ends, offices: this.offices });
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
    return office?.name ?? (this.suggestions.data?.[end].name || (chosen.lat === null ? "" : this.page.texts.pickOnMap));
  }

  private isOffline(): boolean {
    return isOffline(this.feeds.state, this.live.clock.now());
  }

  private isStale(): boolean {
    return this.suggestions.data?.realtime === "stale";
  }

  private zone(): Zone {
    const { clock } = this.live;
    return { now: clock.now(), zoneOffsetMin: clock.zoneOffsetMin, timezone: this.feeds.data?.timezone ?? null };
  }

  private moment(): Moment {
    const { clock } = this.live;
    return {
      now: clock.now(),
      zoneOffsetMin: clock.zoneOffsetMin,
      offline: this.isOffline(),
      stale: this.isStale(),
      later: this.trip.when !== "now" && this.trip.time !== "",
    };
  }

  private shownSuggestions(): readonly Suggestion[] {
    const moment = this.moment();
    return (this.suggestions.data?.suggestions ?? []).filter(
      (suggestion) => moment.later || leaveText(suggestion, moment, this.page.texts) !== null,
    );
  }

  private selectedId(): string {
    if (this.selected !== null) return this.selected;
    return this.shownSuggestions().find((suggestion) => suggestion.status !== "broken")?.id ?? "";
  }

  private chosen(): Suggestion | null {
    const id = this.selectedId();
    return this.shownSuggestions().find((suggestion) => suggestion.id === id) ?? null;
  }

  private change(part: Partial<Trip>): void {
    this.isNight = false;
    this.trip = { ...this.trip, ...part };
    this.selected = null;
    this.opened = new Set();
    this.notice = "";
    const kept = new URLSearchParams([...new URLSearchParams(location.search)].filter(([name]) => !TRIP_KEYS.includes(name)));
    history.pushState(null, "", location.pathname + writeAddress(this.trip, kept));
  }

  private setEnd(end: "from" | "to", chosen: End | null): void {
    this.lookup.clear();
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
    this.setEnd(end, { value: pointValue(lat, lon), name: this.page.texts.pickOnMap, lat, lon });
  }

  private startAt(officeId: string): void {
    const office = this.offices.find((item) => item.id === officeId);
    if (office) this.setEnd("from", { value: office.id, name: office.name, lat: office.lat, lon: office.lon });
  }

  private async locate(): Promise<void> {
    const here = await findPosition();
    if (here) this.setEnd("from", { value: pointValue(here.lat, here.lon), name: this.page.texts.myPosition, ...here });
    else this.notice = this.page.texts.positionDenied;
  }

  protected override render(): TemplateResult {
    const { texts } = this.page;
    const own = COMMUTER_TEXTS[texts.language];
    document.documentElement.dataset["state"] = this.pageState();
    document.title = this.trip.to ? `${this.nameOf("to")} – ${texts.brand}` : texts.brand;
    return html`<main>
        <div class="sheet">
          ${this.renderForm(texts, own)} ${this.renderCondition(texts)}
          <section class="list" aria-label=${texts.suggestionsLabel} @click=${this.clicked}>${this.renderList(texts, own)}</section>
          ${this.renderFoot(texts)}
        </div>
        <p class="sr" role="status">${this.announce(texts, own)}</p>
      </main>
      <div class="map"><slot name="map"></slot></div>`;
  }

  private pageState(): string {
    if (this.isOffline()) return "offline";
    const { data, state } = this.suggestions;
    if (!this.trip.from || !this.trip.to) return this.feeds.state.confirmed ? "empty" : "loading";
    if (!data) return state.problem || this.trip.from.value === this.trip.to.value ? "empty" : "loading";
    if (data.suggestions.length === 0) return "empty";
    return data.realtime === "stale" ? "stale" : "fresh";
  }

  private announce(texts: Texts, own: CommuterTexts): string {
    const { data, state } = this.suggestions;
    const chosen = this.chosen();
    this.announced = announce(this.announced, {
      question: JSON.stringify(this.trip),
      found: data?.suggestions.length ?? null,
      problem: state.problem?.code ?? "",
      broken: chosen?.status === "broken" ? own.broke(reasonText(chosen.reason, texts)) : "",
      offline: this.isOffline() ? this.offlineText(texts) : "",
      own,
    });
    return this.announced.text;
  }

  private renderForm(texts: Texts, own: CommuterTexts): TemplateResult {
    return renderSearch({
      trip: this.trip,
      texts,
      own,
      demo: this.feeds.data?.demo ?? false,
      kept: isKept(this.favourites, this.trip.from, this.trip.to),
      places: this.lookup.places,
      nameOf: (end) => this.nameOf(end),
      typed: (end, text) => this.lookup.typed(end, text, this.located(end === "from" ? "to" : "from")),
      chosen: (end, place) => this.setEnd(end, place),
      focused: (end) => (this.lastEnd = end),
      change: (part) => this.change(part),
      when: (when) => this.choose(when),
      swap: () => this.swap(),
      locate: () => void this.locate(),
      keep: () => this.toggleKept(this.withNames()),
    });
  }

  private choose(when: When): void {
    const zone = this.zone();
    const proposed = Number.isNaN(zone.now) ? { day: "", time: "" } : soon(zone);
    const { day, time } = this.trip.time ? { day: this.trip.day || proposed.day, time: this.trip.time } : proposed;
    this.change(when === "now" ? { when, time: "", day: "" } : { when, time, day });
  }

  private withNames(): Trip {
    const named = (end: "from" | "to"): End | null => {
      const chosen = this.trip[end];
      return chosen && { ...chosen, ...(this.located(end) ?? {}), name: this.nameOf(end) };
    };
    return { ...this.trip, from: named("from"), to: named("to") };
  }

  private swap(): void {
    const { from, to } = this.withNames();
    this.change({ from: to, to: from });
  }

  private toggleKept({ from, to }: { from: End | null; to: End | null }): void {
    if (!from || !to) return;
    this.favourites = toggleFavourite(shelf, from, to);
    dropAnswers(localStorage, this.favourites);
  }

  private offlineText(texts: Texts): string {
    const at = this.suggestions.state.held?.at ?? this.feeds.state.held?.at;
    if (at === undefined || Number.isNaN(at)) return texts.offlineLong;
    return texts.offlineSince(clockTime(at, this.live.clock.zoneOffsetMin));
  }

  private renderCondition(texts: Texts): TemplateResult | typeof nothing {
    if (this.notice) return html`<div class="condition" role="alert">${icon("alert")}${this.notice}</div>`;
    if (this.isOffline()) return html`<div class="condition">${icon("offline")}${this.offlineText(texts)}</div>`;
    if (!this.isStale()) return nothing;
    return html`<div class="condition">${icon("alert")}${staleText(texts, this.suggestions.data?.realtime_at)}</div>`;
  }

  private renderList(texts: Texts, own: CommuterTexts): TemplateResult {
    if (!this.trip.from || !this.trip.to) {
      return renderStart({
        trip: this.trip,
        texts,
        own,
        offices: this.offices,
        favourites: this.favourites,
        chosen: (end, place) => this.setEnd(end, place),
        travel: (favourite) => this.change({ from: favourite.from, to: favourite.to }),
        forget: (favourite) => this.toggleKept(favourite),
      });
    }
    if (this.trip.from.value === this.trip.to.value) return html`<p class="words">${own.sameEnds}</p>`;
    const { data, state } = this.suggestions;
    if (state.problem) return html`<p class="words" role="alert">${problemText(state.problem, texts, own)}</p>`;
    if (!data) {
      if (this.isOffline()) return html`<p class="words">${texts.offlineLong}</p>`;
      return html`<p class="words waiting" role="status">${texts.searching}</p>
        <div class="bone"></div>
        <div class="bone"></div>
        <div class="bone"></div>`;
    }
    const shown = this.shownSuggestions();
    if (shown.length === 0) return html`<p class="words">${texts.noSuggestions}</p>`;
    const selected = this.selectedId();
    const ends = { from: this.trip.from.value, to: this.trip.to.value };
    const { opened, trip } = this;
    const moment = this.moment();
    const detail = { moment, opened, trips: this.rides.trips, texts, own, stepFree: trip.stepFree, ends };
    return html`${this.isNight && shown.some(isTimed) ? html`<p class="words">${own.later}</p>` : nothing}
    ${data.last?.warning && !moment.later ? renderLast(data.last, own) : nothing}
    ${repeat(
      shown,
      (suggestion) => suggestion.id,
      (suggestion) => renderItem(suggestion, suggestion.id === selected, detail, (query) => void this.share(query, own)),
    )}`;
  }

  private async share(query: string, own: CommuterTexts): Promise<void> {
    if ((await shareLink(`${location.origin}/s?${query}`)) === "copied") this.notice = own.copied;
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

  private renderFoot(texts: Texts): TemplateResult {
    return html`<footer class="foot">
      ${this.page.render()}<a href="/status">${texts.status}</a>
      <small>${creditsOf(this.feeds.data)}</small>
    </footer>`;
  }

  static override styles = [base, commuterStyles, legStyles];
}

customElements.define("sr-commuter", CommuterPage);
