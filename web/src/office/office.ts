import { html, LitElement, nothing, type TemplateResult } from "lit";
import { keyed } from "lit/directives/keyed.js";
import { repeat } from "lit/directives/repeat.js";
import { instant } from "../core/minutes";
import { clockDate, clockTime, isoInstant, wallDay, wallTime } from "../core/time";
import {
  alertText,
  chooseTexts,
  formatAge,
  formatDate,
  formatSaved,
  reasonText,
  type Texts,
} from "../i18n";
import { Live, TickController, TopicController } from "../live";
import { badge } from "../parts/badge";
import { base } from "../parts/base.css";
import { icon } from "../parts/icons";
import type { AlertItem, Feeds, OfficeMobility, OfficeView } from "../wire";
import { fitGroups, fitRows } from "./fit";
import "./legs";
import { officeStyles } from "./office.css";
import {
  type BoardRows,
  type Broken,
  type DepartureRow,
  type DestinationRows,
  type OfficeRows,
  type Option,
  type PageState,
  chooseRows,
  presentOffice,
} from "./model";

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

  private readonly live = new Live();
  private readonly officeId = decodeURIComponent(location.pathname.split("/").filter(Boolean).at(-1) ?? "");
  private readonly query = new URLSearchParams(location.search);
  private readonly office = new TopicController<OfficeView>(this, this.live, `smartreise.office.${this.officeId}`);
  private readonly feeds = new TopicController<Feeds>(this, this.live);
  private readonly times = new Map<string, { time: string; changedAt: number }>();
  private wasOffline = false;
  private readonly watcher = new ResizeObserver(() => this.measure());

  constructor() {
    super();
    this.room = null;
    new TickController(this, this.live);
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
    return html`<div class="probe"></div>
      ${this.renderHead(view, rows, now, texts)}
      <main>
        <section class="how">
          <h2>${texts.howToGet}</h2>
          <div class="cards">${rows ? this.renderHow(rows, texts, now) : this.renderNothingYet(texts, offline)}</div>
        </section>
        <section class="near">
          <h2>${texts.nearby}</h2>
          <div class="cards">${rows ? this.renderNear(rows, texts, now) : this.renderBones()}</div>
        </section>
      </main>
      ${this.renderFoot(view, rows, now, texts)}`;
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

  private renderHow(rows: OfficeRows, texts: Texts, now: number): TemplateResult {
    if (rows.state === "empty") return this.renderPanel("stop", texts.emptyTitle, texts.emptyText);
    if (rows.first !== null) {
      const tomorrow = wallDay(rows.first) !== this.today(now) ? ` ${texts.tomorrow}` : "";
      return this.renderPanel("night", texts.nightTitle, texts.nightText(wallTime(rows.first)) + tomorrow);
    }
    const destinations = rows.destinations.slice(0, MOST_DESTINATIONS);
    const lines = this.room === null ? destinations.map(() => 4) : this.fitDestinations(destinations, this.room.how);
    return html`${repeat(
      destinations.filter((_, index) => (lines[index] ?? 0) > 0),
      (row) => row.place.name,
      (row, index) => this.renderDestination(row, (lines[index] ?? 1) - 1, rows.state === "offline", texts),
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

  private renderDestination(row: DestinationRows, more: number, offline: boolean, texts: Texts): TemplateResult {
    const [best, ...others] = row.options;
    const broken = row.broken.slice(0, more);
    const rest = others.slice(0, more - broken.length).sort(byLeaving);
    return html`<article class="dest">
      ${best ? this.renderBest(row, best, offline, texts) : this.renderNoWay(row, texts)}
      ${broken.length + rest.length > 0
        ? html`<ul class="more">
            ${repeat(broken, (item) => item.suggestion.id, (item) => this.renderBroken(item, best, offline, texts))}
            ${repeat(rest, (item) => item.suggestion.id, (item) => this.renderOther(item, offline, texts))}
          </ul>`
        : nothing}
    </article>`;
  }

  private renderNoWay(row: DestinationRows, texts: Texts): TemplateResult {
    return html`<div class="when none"><span class="big">–</span></div>
      <div class="body">
        <div class="place"><h3>${row.place.name}</h3></div>
        <span class="nothing">${texts.emptyDestination}</span>
      </div>`;
  }

  private renderBest(row: DestinationRows, best: Option, offline: boolean, texts: Texts): TemplateResult {
    const { suggestion } = best;
    return html`${keyed(suggestion.id, this.renderWhen(best, texts))}
      <div class="body" data-id=${suggestion.id}>
        <div class="place">
          <h3>${row.place.name}</h3>
          ${this.renderFacts(best, texts)}
          <span class="arrive">${texts.arrive} <b>${this.arrival(best)}</b></span>
        </div>
        <sr-legs .suggestion=${suggestion} .texts=${texts} ?offline=${offline}></sr-legs>
      </div>`;
  }

  private renderWhen(option: Option, texts: Texts): TemplateResult {
    if (option.minutes === null) {
      const duration = texts.minutesShort(Math.max(1, Math.round(option.suggestion.duration_s / 60)));
      return html`<div class="when free">
        <span class="lead">${icon(this.ownMode(option))}${texts.anyTime}</span> <span class="big">${duration}</span>
      </div>`;
    }
    if (option.minutes < 1) {
      return html`<div class="when hurry">
        <span class="lead">${icon("run")}</span><span class="big">${texts.leaveNow}</span>
      </div>`;
    }
    const hurry = option.reach === "hurry";
    return html`<div class="when ${option.reach}">
      <span class="lead">${icon(hurry ? "run" : "walk")}${texts.leaveIn}</span>
      <span class="big ${option.minutes > 99 ? "long" : ""}">${texts.minutesShort(option.minutes)}</span>
    </div>`;
  }

  private ownMode(option: Option): string {
    return option.suggestion.legs.find((leg) => leg.mode !== "walk")?.mode ?? "walk";
  }

  /** What may leave at any time arrives as long after now as it takes. */
  private arrival(option: Option): string {
    if (option.minutes !== null) return wallTime(option.suggestion.arrive_at);
    const leave = Math.max(this.live.clock.now(), instant(option.suggestion.leave_at));
    return clockTime(leave + option.suggestion.duration_s * 1000, this.live.clock.zoneOffsetMin);
  }

  private renderFacts(option: Option, texts: Texts): TemplateResult {
    const { suggestion } = option;
    const saved = formatSaved(suggestion, texts);
    const rides = option.minutes !== null;
    return html`<div class="facts">
      ${rides ? html`<span class="fact">${this.changes(suggestion.transfers, texts)}</span>` : nothing}
      ${suggestion.status === "tight" ? html`<span class="fact warn">${reasonText(suggestion.reason ?? "tight_change", texts)}</span>` : nothing}
      ${saved ? html`<span class="fact">${icon("leaf")}${saved}</span>` : nothing}
    </div>`;
  }

  private changes(transfers: number, texts: Texts): string {
    return transfers === 0 ? texts.noTransfers : texts.transfers(transfers);
  }

  private renderOther(option: Option, offline: boolean, texts: Texts): TemplateResult {
    const { suggestion, minutes } = option;
    return html`<li class="alt" data-id=${suggestion.id}>
      <span class="min ${option.reach}">
        ${minutes === null
          ? texts.anyTime
          : minutes < 1
            ? html`<b>${texts.leaveNow}</b>`
            : html`<span class="word">${texts.leaveIn}</span> <b>${texts.minutesShort(minutes)}</b>`}
      </span>
      <sr-legs brief .suggestion=${suggestion} .texts=${texts} ?offline=${offline}></sr-legs>
      <span class="end">
        ${minutes === null ? nothing : html`<span class="changes">${this.changes(suggestion.transfers, texts)} · </span>`}
        ${texts.arrive} <b>${this.arrival(option)}</b>
      </span>
    </li>`;
  }

  private renderBroken(item: Broken, best: Option | undefined, offline: boolean, texts: Texts): TemplateResult {
    const { suggestion, replacement } = item;
    const other = replacement && replacement !== best && replacement.minutes !== null ? replacement : null;
    return html`<li class="alt broken" data-id=${suggestion.id}>
      <span class="min">${icon("cancel")}<s>${wallTime(suggestion.leave_at)}</s></span>
      <sr-legs brief struck .suggestion=${suggestion} .texts=${texts} ?offline=${offline}></sr-legs>
      <span class="end">
        <span class="why">${reasonText(suggestion.reason, texts)}</span>
        ${other
          ? html`<span class="changes">
              – ${texts.instead} ${texts.leaveIn.toLowerCase()} <b>${texts.minutesShort(other.minutes ?? 0)}</b></span
            >`
          : nothing}
      </span>
    </li>`;
  }

  private renderNear(rows: OfficeRows, texts: Texts, now: number): TemplateResult {
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
      (item) => this.renderBoard(item.board, item.count, texts, now),
    )}
    ${shared.length > 0 ? this.renderShared(shared, texts) : nothing}`;
  }

  private renderBoard(board: BoardRows, count: number, texts: Texts, now: number): TemplateResult {
    return html`<article class="stop">
      <div class="name">
        <h3>${board.board.stop.name}</h3>
        <span class="walk">${icon("walk")}${texts.walk(board.walkMinutes)}</span>
      </div>
      ${board.rows.length === 0 ? html`<div class="nothing">${texts.emptyBoard}</div>` : nothing}
      ${repeat(
        chooseRows(board.rows, count),
        (row) => row.departure.id,
        (row) => this.renderDeparture(row, texts, now),
      )}
    </article>`;
  }

  private renderDeparture(row: DepartureRow, texts: Texts, now: number): TemplateResult {
    const { departure } = row;
    const changed = now - (this.times.get(departure.id)?.changedAt ?? 0) < NOTICE_MS;
    return html`<div
      class="row ${row.reach} ${departure.cancelled ? "cancelled" : ""}"
      data-id=${departure.id}
      data-reach=${row.reach}
    >
      ${badge(departure.line, texts, departure.cancelled)}
      <span class="to">${departure.headsign ?? ""}</span>
      <span class="note">
        ${departure.platform_changed && departure.quay
          ? html`<span class="warn">${texts.platformChanged} ${departure.quay}</span>`
          : nothing}
        ${departure.cancelled ? html`<span class="gone">${texts.cancelled}</span>` : nothing}
        ${row.planned ? html`<s>${row.planned}</s>` : nothing}
        ${row.day !== this.today(now) ? texts.tomorrow : nothing}
      </span>
      <span class="time ${changed ? "changed" : ""}">
        ${row.reach === "hurry" && !departure.cancelled ? icon("run", texts.hurry) : nothing}
        ${row.live ? html`<span class="dot" role="img" aria-label=${texts.live}></span>` : nothing}
        <time>${row.time}</time>
        ${row.reach === "missed" ? html`<span class="sr">${texts.justMissed}</span>` : nothing}
      </span>
    </div>`;
  }

  private renderShared(items: readonly OfficeMobility[], texts: Texts): TemplateResult {
    return html`<article class="stop door">
      <div class="name"><h3>${texts.atTheDoor}</h3></div>
      ${repeat(items, (item) => item.id, (item) => this.renderSharedRow(item, texts))}
    </article>`;
  }

  private renderSharedRow(item: OfficeMobility, texts: Texts): TemplateResult {
    const open = item.state === "open" && item.available !== null;
    const form = texts.forms[item.form] ?? texts.forms["other"] ?? item.form;
    const name = item.kind === "station" && item.name ? item.name : form;
    return html`<div class="row shared" data-id=${item.id}>
      ${icon(item.form, form)}
      <span class="to">${name}</span>
      <span class="note">${texts.walk(Math.round(item.walk_s / 60))}</span>
      <span class="time">
        ${open ? texts.free(item.available ?? 0) : (texts.mobilityState[item.state] ?? texts.mobilityState["unknown"])}
      </span>
    </div>`;
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

  private today(now: number): string {
    return Number.isNaN(now) ? "" : isoInstant(now, this.live.clock.zoneOffsetMin).slice(0, 10);
  }

  static override styles = [base, officeStyles];
}

function byLeaving(left: Option, right: Option): number {
  return (left.minutes ?? Infinity) - (right.minutes ?? Infinity);
}

customElements.define("sr-office", OfficeScreen);
