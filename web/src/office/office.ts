import { html, LitElement, nothing, type TemplateResult } from "lit";
import { keyed } from "lit/directives/keyed.js";
import { repeat } from "lit/directives/repeat.js";
import { instant } from "../core/minutes";
import { clockDate, clockTime, isoInstant, wallDay, wallTime } from "../core/time";
import { alertText, chooseTexts, formatAge, formatDate, type Texts } from "../i18n";
import { Live, TickController, TopicController } from "../live";
import { base } from "../parts/base.css";
import { icon } from "../parts/icons";
import type { AlertItem, Feeds, OfficeView } from "../wire";
import { fitGroups, fitRows } from "./fit";
import { type DestinationRows, type OfficeRows, type PageState, presentOffice } from "./model";
import { renderBoard, renderShared } from "./nearby";
import { officeStyles } from "./office.css";
import type { Scene } from "./scene";
import { renderDestination } from "./ways";

/** A connection may blink this long before the screen speaks of it. */
const GRACE_MS = 3_000;
const ALERT_TURN_MS = 9_000;
const NOTICE_MS = 4_000;
/** Heights in units, as office.css has them. */
const CARD = 12;
const CARD_GAP = 1.4;
const ALT = 4.6;
const STOP = 7.7;
const ROW = 4.5;
const MOST_DESTINATIONS = 5;
const LEAST_ROWS = 3;

/** The screen in an office's lobby. */
export class OfficeScreen extends LitElement {
  static override properties = { room: { state: true } };

  /** Heights of the two columns in units; null on a phone, where the page scrolls. */
  declare room: { how: number; near: number } | null;

  private readonly query = new URLSearchParams(location.search);
  private readonly office = new TopicController<OfficeView>(this, this.live, `smartreise.office.${this.officeId}`);
  private readonly feeds = new TopicController<Feeds>(this, this.live);
  private readonly times = new Map<string, { time: string; changedAt: number }>();
  private wasOffline = false;
  private readonly watcher = new ResizeObserver(() => this.measure());

  /** As an element it shows the office that the page's address names; a display says which, and lends its connection. */
  constructor(
    private readonly officeId: string = decodeURIComponent(location.pathname.split("/").filter(Boolean).at(-1) ?? ""),
    private readonly live: Live = new Live(),
  ) {
    super();
    this.room = null;
    new TickController(this, this.live);
  }

  /** When the server's word was last shown, epoch milliseconds on its clock; NaN before that. */
  get shownAt(): number {
    return this.office.state.held?.at ?? Number.NaN;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.office.watch("office", { office: this.officeId });
    this.feeds.watch("feeds", {});
    this.watcher.observe(document.documentElement);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.watcher.disconnect();
  }

  protected override updated(): void {
    this.measure();
  }

  private get texts(): Texts {
    return chooseTexts([this.query.get("lang"), this.office.data?.office.languages[0], "nb"]);
  }

  private measure(): void {
    const find = (selector: string): number => this.renderRoot.querySelector(selector)?.clientHeight ?? 0;
    const unit = (this.renderRoot.querySelector(".probe")?.clientWidth ?? 0) / 100;
    const phone = matchMedia("(max-width: 699px)").matches;
    const room = phone || !unit ? null : { how: find(".how .cards") / unit, near: find(".near .cards") / unit };
    if (room?.how !== this.room?.how || room?.near !== this.room?.near) this.room = room;
  }

  protected override render(): TemplateResult {
    const texts = this.texts;
    const now = this.live.clock.now();
    const view = this.office.data;
    const offline = this.isOffline(now);
    const rows = view && this.shows(offline) ? presentOffice(view, now, offline) : null;
    this.mark(rows?.state ?? (offline ? "offline" : this.office.state.problem ? "empty" : "loading"), view, texts);
    if (rows) this.noticeChanges(rows, now);
    const scene = this.scene(texts, now, offline);
    return html`<div class="probe"></div>
      ${this.renderHead(view, rows, now, texts)}
      <main>
        <section class="how">
          <h2>${texts.howToGet}</h2>
          <div class="cards">${rows ? this.renderHow(rows, scene) : this.renderNothingYet(texts, offline)}</div>
        </section>
        <section class="near">
          <h2>${texts.nearby}</h2>
          <div class="cards">${rows ? this.renderNear(rows, scene) : this.renderBones()}</div>
        </section>
      </main>
      ${this.renderFoot(view, rows, now, texts)}`;
  }

  private scene(texts: Texts, now: number, offline: boolean): Scene {
    const { zoneOffsetMin } = this.live.clock;
    return {
      texts,
      now,
      zoneOffsetMin,
      offline,
      today: Number.isNaN(now) ? "" : isoInstant(now, zoneOffsetMin).slice(0, 10),
      hasChanged: (id) => now - (this.times.get(id)?.changedAt ?? 0) < NOTICE_MS,
    };
  }

  /** Held data of an earlier visit waits until it is known whether there is a connection. */
  private shows(offline: boolean): boolean {
    return this.office.state.confirmed || offline;
  }

  private isOffline(now: number): boolean {
    const { link, lostAt, confirmed } = this.office.state;
    if (link !== "lost") return false;
    return !confirmed || lostAt === null || Number.isNaN(lostAt) || now - lostAt >= GRACE_MS;
  }

  private mark(state: PageState, view: OfficeView | null, texts: Texts): void {
    const root = document.documentElement;
    root.dataset.state = state;
    root.lang = texts.tag;
    const theme = this.query.get("theme") ?? view?.office.theme;
    root.dataset.theme = theme === "light" ? "light" : "dark";
    document.title = view ? `${view.office.name} – ${texts.brand}` : texts.brand;
  }

  /** A time that has changed is held up for a moment, so that the eye finds it. */
  private noticeChanges(rows: OfficeRows, now: number): void {
    const offline = rows.state === "offline";
    // To go over to planned times, and back, is no news of a departure.
    const switched = offline !== this.wasOffline;
    this.wasOffline = offline;
    const shown = rows.boards.flatMap((board) => board.rows);
    const ids = new Set(shown.map((row) => row.departure.id));
    for (const id of this.times.keys()) if (!ids.has(id)) this.times.delete(id);
    for (const row of shown) {
      const time = row.departure.cancelled ? "cancelled" : row.time;
      const before = this.times.get(row.departure.id);
      if (!before) this.times.set(row.departure.id, { time, changedAt: 0 });
      else if (before.time !== time) this.times.set(row.departure.id, { time, changedAt: switched ? 0 : now });
    }
  }

  private renderHead(view: OfficeView | null, rows: OfficeRows | null, now: number, texts: Texts): TemplateResult {
    const offset = this.live.clock.zoneOffsetMin;
    const [hours, minutes] = Number.isNaN(now) ? ["––", "––"] : clockTime(now, offset).split(":");
    return html`<header class="head">
      <div>
        <h1>${view?.office.name ?? texts.brand}</h1>
        <div class="sub">
          <span class="day">${Number.isNaN(now) ? texts.connecting : formatDate(clockDate(now, offset), texts)}</span>
          ${view?.demo ? html`<span class="demo">${texts.demo}</span>` : nothing} ${this.renderCondition(rows, texts)}
        </div>
      </div>
      <time class="clock">${hours}<span class="colon">:</span>${minutes}</time>
    </header>`;
  }

  private renderCondition(rows: OfficeRows | null, texts: Texts): TemplateResult | typeof nothing {
    if (rows?.state === "offline") {
      return html`<span class="chip" role="status">${icon("offline")}${this.offlineText(texts)}</span>`;
    }
    if (rows?.staleSince == null) return nothing;
    const text = rows.staleSince ? texts.staleSince(wallTime(rows.staleSince)) : texts.noRealtime;
    return html`<span class="chip" role="status">${icon("alert")}${text}</span>`;
  }

  private offlineText(texts: Texts): string {
    const at = this.office.state.held?.at;
    if (at === undefined || Number.isNaN(at)) return texts.offlineLong;
    return texts.offlineSince(clockTime(at, this.live.clock.zoneOffsetMin));
  }

  private renderNothingYet(texts: Texts, offline: boolean): TemplateResult {
    const problem = this.office.state.problem;
    if (problem) {
      const unknown = problem.code === "404" || problem.code === "not_found" || problem.code === "unknown";
      return this.renderPanel("alert", unknown ? texts.unknownOffice : texts.unavailable, problem.detail || problem.title);
    }
    if (offline) return this.renderPanel("offline", texts.connecting, texts.offlineLong);
    return html`${this.renderBones()}<span class="sr" role="status">${texts.loading}</span>`;
  }

  private renderBones(): TemplateResult {
    return html`<div class="bone"></div>
      <div class="bone"></div>
      <div class="bone"></div>`;
  }

  private renderPanel(symbol: string, title: string, text: string): TemplateResult {
    return html`<div class="panel" role="status">${icon(symbol)}<strong>${title}</strong><span>${text}</span></div>`;
  }

  private renderHow(rows: OfficeRows, scene: Scene): TemplateResult {
    const { texts } = scene;
    if (rows.state === "empty") return this.renderPanel("stop", texts.emptyTitle, texts.emptyText);
    if (rows.first !== null) {
      const tomorrow = wallDay(rows.first) !== scene.today ? ` ${texts.tomorrow}` : "";
      return this.renderPanel("night", texts.nightTitle, texts.nightText(wallTime(rows.first)) + tomorrow);
    }
    const destinations = rows.destinations.slice(0, MOST_DESTINATIONS);
    const lines = this.room === null ? destinations.map(() => 4) : this.fitDestinations(destinations, this.room.how);
    return html`${repeat(
      destinations.filter((_, index) => (lines[index] ?? 0) > 0),
      (row) => row.place.name,
      (row, index) => renderDestination(row, (lines[index] ?? 1) - 1, scene),
    )}`;
  }

  /** Per destination: 0, or 1 for the best way and one more for each further row. */
  private fitDestinations(destinations: readonly DestinationRows[], height: number): number[] {
    const more = (row: DestinationRows): number => Math.max(0, row.options.length - 1) + row.broken.length;
    const cards = fitRows(
      height + CARD_GAP,
      destinations.map(() => ({ base: CARD_GAP, row: CARD, count: 1 })),
    );
    const shown = cards.filter(Boolean).length;
    // Cards share the height alike, so each takes as many further rows as its own share holds.
    const share = shown > 0 ? (height + CARD_GAP) / shown - CARD_GAP : 0;
    const extra = Math.min(3, Math.max(0, Math.floor((share - CARD) / ALT)));
    return destinations.map((row, index) => (cards[index] ? 1 + Math.min(more(row), extra) : 0));
  }

  private renderNear(rows: OfficeRows, scene: Scene): TemplateResult {
    const boards = rows.boards.filter((board) => board.rows.length > 0 || this.room === null);
    const groups = [
      ...boards.map((board) => ({ base: STOP, row: ROW, count: Math.max(1, board.rows.length) })),
      { base: STOP, row: ROW, count: rows.mobility.length, most: 4 },
    ];
    const fit = this.room === null ? groups.map(() => 6) : fitGroups(this.room.near + CARD_GAP, groups, LEAST_ROWS);
    const shared = rows.mobility.slice(0, fit[boards.length] ?? 0);
    return html`${repeat(
      boards.map((board, index) => ({ board, count: fit[index] ?? 0 })).filter((item) => item.count > 0),
      (item) => item.board.board.stop.id,
      (item) => renderBoard(item.board, item.count, scene),
    )}
    ${shared.length > 0 ? renderShared(shared, scene) : nothing}`;
  }

  private renderFoot(view: OfficeView | null, rows: OfficeRows | null, now: number, texts: Texts): TemplateResult {
    return html`<footer>
      ${this.renderAlert(rows?.alerts ?? [], now, texts)} ${this.renderAge(rows, now, texts)}
      <span class="credit">${view?.attribution.join(" · ") ?? nothing}</span>
    </footer>`;
  }

  private renderAlert(alerts: readonly AlertItem[], now: number, texts: Texts): TemplateResult {
    const told = alerts.filter((alert) => alertText(alert, texts) !== "");
    const index = Number.isNaN(now) ? 0 : Math.floor(now / ALERT_TURN_MS) % Math.max(1, told.length);
    const alert = told[index];
    if (!alert) return html`<span></span>`;
    return html`${keyed(
      alert.id,
      html`<span class="alert"
        >${icon("alert", texts.alerts)}<span>${alertText(alert, texts)}</span>
        ${told.length > 1 ? html`<span class="count">${index + 1}/${told.length}</span>` : nothing}</span
      >`,
    )}`;
  }

  private renderAge(rows: OfficeRows | null, now: number, texts: Texts): TemplateResult {
    if (!rows) return html`<span class="age">${texts.connecting}</span>`;
    if (rows.state === "offline") return html`<span class="age bad">${this.offlineText(texts)}</span>`;
    const realtime = (this.feeds.data?.feeds ?? []).filter((feed) => feed.kind === "realtime" && feed.updated_at);
    const predicting = realtime.filter((feed) => (feed.entities["trip_updates"] ?? 0) > 0);
    const times = (predicting.length > 0 ? predicting : realtime).map((feed) => instant(feed.updated_at ?? ""));
    if (times.length === 0) return html`<span class="age">${texts.noRealtime}</span>`;
    const age = (now - Math.min(...times)) / 1000;
    const bad = rows.staleSince !== null;
    return html`<span class="age ${bad ? "bad" : ""}"
      >${bad ? icon("alert") : html`<span class="dot"></span>`}${texts.realtimeAge(formatAge(age, texts))}</span
    >`;
  }

  static override styles = [base, officeStyles];
}

customElements.define("sr-office", OfficeScreen);
