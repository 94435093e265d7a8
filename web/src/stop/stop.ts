/** The departures of one stop, live; each opens to the calls of its trip. */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { findJson } from "../api";
import { COMMUTER_TEXTS } from "../commuter/texts";
import { tripKey } from "../core/follow";
import { instant } from "../core/minutes";
import { isOffline } from "../core/store";
import { clockTime, isoInstant, wallTime } from "../core/time";
import { alertText, formatDate, type Texts } from "../i18n";
import { Live, TickController, TopicController } from "../live";
import { badge } from "../parts/badge";
import { base } from "../parts/base.css";
import { creditsOf } from "../parts/credits";
import { icon } from "../parts/icons";
import { liveDot, staleText } from "../parts/live";
import { PageController } from "../parts/page";
import { sheetStyles } from "../parts/sheet.css";
import { TripsController } from "../trips";
import type { Board, Feeds, StopDetail, Trip } from "../wire";
import { type Day, type Filters, namedQuays, presentStop, type Row, sortLines } from "./model";
import { stopStyles } from "./stop.css";
import { STOP_TEXTS, type StopTexts } from "./texts";

const LIMIT = 80;

export class StopPage extends LitElement {
  private readonly page = new PageController(this);
  private readonly live = new Live();
  private readonly board = new TopicController<Board>(this, this.live);
  private readonly feeds = new TopicController<Feeds>(this, this.live);
  private readonly trips = new TripsController(this, this.live);
  private readonly stopId = decodeURIComponent(location.pathname.split("/")[2] ?? "");
  private detail: StopDetail | null = null;
  private filters: Filters = readFilters(new URLSearchParams(location.search));
  private opened: Row["departure"] | null = null;
  private announced = { offline: false, text: "" };

  constructor() {
    super();
    new TickController(this, this.live);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.feeds.watch("feeds", {});
    this.board.watch("board", { stop: this.stopId, limit: LIMIT });
    void this.load();
  }

  private async load(): Promise<void> {
    this.detail = await findJson<StopDetail>(`/v1/stops/${encodeURIComponent(this.stopId)}`);
    this.requestUpdate();
  }

  private isOffline(): boolean {
    return isOffline(this.board.state, this.live.clock.now());
  }

  protected override render(): TemplateResult {
    const { texts } = this.page;
    const own = STOP_TEXTS[texts.language];
    const { clock } = this.live;
    const { data, state } = this.board;
    const offline = this.isOffline();
    const isUnknown = state.problem?.code === "404";
    const days = data ? presentStop(data, this.filters, clock.now(), offline) : [];
    const name = data?.stop.name ?? this.detail?.name ?? "";
    document.documentElement.dataset["state"] = this.pageState(days, offline);
    document.title = name ? `${name} – ${texts.brand}` : texts.brand;
    this.say(offline, texts);
    return html`<header>
        <a class="brand" href="/">${texts.brand}</a>
        ${this.feeds.data?.demo ? html`<span class="demo" title=${texts.demoLong}>${texts.demo}</span>` : nothing}
        <time>${clock.known ? clockTime(clock.now(), clock.zoneOffsetMin) : nothing}</time>
      </header>
      <main>
        ${isUnknown ? this.renderUnknown(own) : this.renderHead(name, own)} ${this.renderCondition(offline, texts)}
        ${isUnknown ? nothing : html`${this.renderFilters(own)} ${this.renderAlerts(texts)} ${this.renderDays(days, texts, own)}`}
      </main>
      <footer>
        <span>${creditsOf(this.feeds.data)}</span><span>${this.page.render()}<a href="/status">${texts.status}</a></span>
      </footer>
      <p class="sr" role="status">${this.announced.text}</p>`;
  }

  private pageState(days: readonly Day[], offline: boolean): string {
    const { data, state } = this.board;
    if (offline) return "offline";
    if (!data) return state.problem ? "empty" : "loading";
    if (days.length === 0) return "empty";
    return data.realtime === "stale" ? "stale" : "fresh";
  }

  private say(offline: boolean, texts: Texts): void {
    if (offline === this.announced.offline) return;
    this.announced = { offline, text: offline ? this.offlineText(texts) : COMMUTER_TEXTS[texts.language].connected };
  }

  private renderUnknown(own: StopTexts): TemplateResult {
    return html`<section class="ending">
      ${icon("stop")}
      <h1>${own.unknown}</h1>
      <p>${own.unknownText}</p>
      <a class="action" href="/">${own.find}</a>
    </section>`;
  }

  private renderHead(name: string, own: StopTexts): TemplateResult {
    const access = this.detail?.wheelchair;
    const value = encodeURIComponent(this.stopId);
    return html`<div class="head">
      <h1>${name}</h1>
      ${access == null ? nothing : html`<span class="access">${icon("wheelchair")}${access ? own.stepFree : own.notStepFree}</span>`}
      <nav><a href="/?from=${value}">${own.travelFrom}</a><a href="/?to=${value}">${own.travelTo}</a></nav>
    </div>`;
  }

  private isStale(): boolean {
    return this.board.data?.realtime === "stale";
  }

  private offlineText(texts: Texts): string {
    const at = this.board.state.held?.at ?? Number.NaN;
    return Number.isNaN(at) ? texts.offlineLong : texts.offlineSince(clockTime(at, this.live.clock.zoneOffsetMin));
  }

  private renderCondition(offline: boolean, texts: Texts): TemplateResult | typeof nothing {
    if (offline) return html`<p class="condition">${icon("offline")}${this.offlineText(texts)}</p>`;
    if (this.isStale()) {
      return html`<p class="condition">${icon("alert")}${staleText(texts, this.board.data?.realtime_at)}</p>`;
    }
    return nothing;
  }

  private renderFilters(own: StopTexts): TemplateResult | typeof nothing {
    if (!this.detail) return nothing;
    const lines = sortLines(this.detail.lines);
    const quays = namedQuays(this.detail.quays);
    const { texts } = this.page;
    return html`${lines.length > 1
      ? html`<div class="chips" role="group" aria-label=${own.lines}>
          ${lines.map((line) => {
            const on = this.filters.lines.has(line.name);
            return html`<button type="button" aria-pressed=${on ? "true" : "false"} @click=${() => this.toggle("lines", line.name)}>
              ${badge(line, texts)}
            </button>`;
          })}
        </div>`
      : nothing}
    ${quays.length > 1
      ? html`<div class="chips" role="group" aria-label=${own.platforms}>
          ${quays.map((quay) => {
            const on = this.filters.quays.has(quay.id);
            return html`<button type="button" class="quay" aria-pressed=${on ? "true" : "false"} @click=${() => this.toggle("quays", quay.id)}>
              ${texts.platform(quay.platform!)}
            </button>`;
          })}
        </div>`
      : nothing}`;
  }

  private toggle(kind: keyof Filters, value: string): void {
    const next = new Set(this.filters[kind]);
    if (!next.delete(value)) next.add(value);
    this.filters = { ...this.filters, [kind]: next };
    const query = new URLSearchParams(location.search);
    if (next.size > 0) query.set(kind, [...next].join(","));
    else query.delete(kind);
    const text = query.toString().replaceAll("%2C", ",").replaceAll("%3A", ":");
    history.replaceState(null, "", location.pathname + (text ? `?${text}` : ""));
    this.requestUpdate();
  }

  private renderAlerts(texts: Texts): TemplateResult[] {
    const told = [...new Set((this.board.data?.alerts ?? []).map((alert) => alertText(alert, texts)).filter(Boolean))];
    return told.map((text) => html`<p class="alert">${icon("alert", texts.alerts)}<span>${text}</span></p>`);
  }

  private renderDays(days: readonly Day[], texts: Texts, own: StopTexts): TemplateResult {
    const { data, state } = this.board;
    if (!data) {
      if (state.problem) return html`<p class="words">${texts.problem(state.problem.detail || state.problem.title)}</p>`;
      return html`<p class="words waiting" role="status">${texts.loading}</p>
        ${[0, 1, 2, 3, 4].map(() => html`<div class="bone"></div>`)}`;
    }
    if (days.length === 0) return html`<p class="words">${data.departures.length > 0 ? own.noneFiltered : own.none}</p>`;
    const { clock } = this.live;
    const today = isoInstant(clock.now(), clock.zoneOffsetMin).slice(0, 10);
    return html`${days.map(
      ({ day, rows }) => html`<section aria-label=${dayName(day, today, texts, own)}>
        ${day === today ? nothing : html`<h2>${dayName(day, today, texts, own)}</h2>`}
        <ul>
          ${repeat(rows, (row) => row.departure.id, (row) => this.renderRow(row, texts, own))}
        </ul>
      </section>`,
    )}`;
  }

  private renderRow(row: Row, texts: Texts, own: StopTexts): TemplateResult {
    const { departure } = row;
    const isOpen = this.opened?.id === departure.id;
    const crowd = departure.occupancy && row.live ? own.occupancy[departure.occupancy] : "";
    return html`<li class=${departure.cancelled ? "cancelled" : ""} data-id=${departure.id}>
      <button type="button" aria-expanded=${isOpen ? "true" : "false"} @click=${() => this.open(departure)}>
        ${badge(departure.line, texts, departure.cancelled)}
        <span class="where">
          <b>${departure.headsign ?? ""}</b>
          <small>
            ${departure.quay ? html`<span>${texts.platform(departure.quay)}</span>` : nothing}
            ${departure.platform_changed ? html`<strong>${texts.platformChanged}</strong>` : nothing}
            ${departure.added ? html`<span>${texts.added}</span>` : nothing} ${crowd ? html`<span>${crowd}</span>` : nothing}
          </small>
        </span>
        <span class="time">
          ${departure.cancelled
            ? html`<s>${row.time}</s><small class="gone">${texts.cancelled}</small>`
            : html`<b>${row.live ? liveDot(texts, this.isStale()) : nothing}${
                  row.minutes === null ? row.time : row.minutes < 1 ? own.now : texts.minutes(row.minutes)
                }</b>
                <small>${row.minutes === null ? nothing : row.time}${row.planned ? html` <s>${row.planned}</s>` : nothing}</small>`}
        </span>
      </button>
      ${isOpen ? this.renderTrip(departure, texts) : nothing}
    </li>`;
  }

  private open(departure: Row["departure"]): void {
    this.opened = this.opened?.id === departure.id ? null : departure;
    this.trips.watch(this.opened ? [this.opened] : []);
    this.requestUpdate();
  }

  private renderTrip(departure: Row["departure"], texts: Texts): TemplateResult {
    const trip = this.trips.trips.get(tripKey(departure)!);
    if (!trip) return html`<p class="words">${trip === null ? texts.noLonger : texts.loading}</p>`;
    return html`<ol class="calls">
      ${trip.calls.map((call) => this.renderCall(call, departure, texts))}
    </ol>`;
  }

  private renderCall(call: Trip["calls"][number], departure: Row["departure"], texts: Texts): TemplateResult {
    const at = call.depart ?? call.arrive;
    const planned = at?.scheduled ? wallTime(at.scheduled) : null;
    const shown = at ? wallTime(this.isOffline() ? (at.scheduled ?? at.expected) : at.expected) : "";
    const passed = at !== null && instant(at.expected) < this.live.clock.now();
    const here = call.stop.id === departure.stop_id;
    const own = COMMUTER_TEXTS[this.page.texts.language];
    return html`<li class="${passed ? "passed" : ""} ${here ? "here" : ""} ${call.skipped ? "skipped" : ""}" aria-current=${here ? "location" : nothing}>
      <time>${shown}</time>${planned && planned !== shown ? html`<s>${planned}</s>` : html`<i></i>`}
      <a href="/stop/${encodeURIComponent(call.stop.id)}">${call.stop.name}</a>
      ${call.skipped ? html`<small>${texts.reasons["stop_skipped"]}</small>` : nothing}
      ${passed ? html`<span class="sr">(${own.passed})</span>` : nothing}
    </li>`;
  }

  static override styles = [base, sheetStyles, stopStyles];
}

function readFilters(query: URLSearchParams): Filters {
  const read = (name: string): Set<string> => new Set((query.get(name) ?? "").split(",").filter(Boolean));
  return { lines: read("lines"), quays: read("quays") };
}

function dayName(day: string, today: string, texts: Texts, own: StopTexts): string {
  if (day === today) return own.today;
  const at = new Date(`${day}T12:00:00Z`);
  const date = { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, day: at.getUTCDate(), weekday: at.getUTCDay() };
  const isTomorrow = at.getTime() - Date.parse(`${today}T12:00:00Z`) === 86_400_000;
  return isTomorrow ? `${texts.tomorrow}, ${formatDate(date, texts)}` : formatDate(date, texts);
}

customElements.define("sr-stop", StopPage);
