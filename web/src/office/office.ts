import { html, LitElement, nothing, type TemplateResult } from "lit";
import { languageNow } from "../core/pace";
import { clockTime, isoInstant } from "../core/time";
import { chooseTexts, type Texts } from "../i18n";
import { Live, TickController, TopicController } from "../live";
import { base } from "../parts/base.css";
import { icon } from "../parts/icons";
import type { Feeds, OfficeView } from "../wire";
import { cardsNow, renderHow, renderNear, renderPages, type Room } from "./columns";
import { bones, panel } from "./empty";
import type { Moment } from "./condition";
import { renderFoot, renderHead } from "./frame";
import { Kiosk } from "./kiosk";
import { chooseLooks, type Looks, type Told } from "./looks";
import { MapPanel } from "./map-panel";
import { type OfficeRows, type PageState, presentOffice } from "./model";
import { officeStyles, scrolls } from "./office.css";
import { Reserve } from "./reserve";
import type { Scene } from "./scene";
import { sentences, Voice } from "./speech";
import { SCREEN_TEXTS } from "./texts";

/** A connection may blink this long before the screen speaks of it. */
const GRACE_MS = 3_000;
const NOTICE_MS = 4_000;
/** After a touch or a key the screen offers to read itself aloud. */
const OFFER_MS = 20_000;
const READ_KEYS = new Set(["Enter", " ", "l", "r"]);

/** The screen in an office's lobby. */
export class OfficeScreen extends LitElement {
  static override properties = { room: { state: true }, told: { attribute: false }, said: { state: true } };

  /** Heights of the two columns in units; null on a phone, where the page scrolls. */
  declare room: Room | null;
  /** What the display was told beside its office. */
  declare told: Told;
  /** What is being read aloud. */
  declare said: string[];

  private readonly query = new URLSearchParams(location.search);
  private readonly office = new TopicController<OfficeView>(this, this.live, `smartreise.office.${this.officeId}`);
  private readonly feeds = new TopicController<Feeds>(this, this.live);
  private readonly kiosk = new Kiosk(this, this.live.clock);
  private readonly reserve = new Reserve(this, this.live.clock, `smartreise.reserve.${this.officeId}`);
  private readonly map = new MapPanel(this, this.live);
  private readonly voice = new Voice();
  private readonly times = new Map<string, { time: string; changedAt: number }>();
  private wasOffline = false;
  private offered = -Infinity;
  private readonly watcher = new ResizeObserver(() => this.measure());

  /** As an element it shows the office that the page's address names; a display says which, and lends its connection. */
  constructor(
    private readonly officeId: string = decodeURIComponent(location.pathname.split("/").filter(Boolean).at(-1) ?? ""),
    private readonly live: Live = new Live(),
  ) {
    super();
    this.room = null;
    this.told = { theme: null, layout: null };
    this.said = [];
    new TickController(this, this.live);
  }

  /** When the server's word was last shown, epoch milliseconds on its clock; NaN before that. */
  get shownAt(): number {
    return this.office.state.held?.at ?? Number.NaN;
  }

  /** When the screen last drew itself, epoch milliseconds on the server's clock; NaN before that. */
  paintedAt = Number.NaN;

  /** The revision of what is shown. */
  get shownRev(): string | null {
    return this.office.state.held?.rev ?? null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.office.watch("office", { office: this.officeId });
    this.feeds.watch("feeds", {});
    this.watcher.observe(document.documentElement);
    addEventListener("keydown", this.onKey);
    addEventListener("pointerdown", this.onTouch);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.watcher.disconnect();
    removeEventListener("keydown", this.onKey);
    removeEventListener("pointerdown", this.onTouch);
    this.voice.stop();
  }

  protected override updated(): void {
    this.measure();
    this.paintedAt = this.live.clock.now();
    globalThis.smartreise?.paint();
  }

  private get texts(): Texts {
    return chooseTexts([this.query.get("lang"), languageNow(this.languages, this.live.clock.now()), "nb"]);
  }

  private get languages(): readonly string[] {
    return this.office.data?.office.languages ?? [];
  }

  private measure(): void {
    const find = (selector: string): number => this.renderRoot.querySelector(selector)?.clientHeight ?? 0;
    const unit = (this.renderRoot.querySelector(".probe")?.clientWidth ?? 0) / 100;
    const room = scrolls() || !unit ? null : { how: find(".how .cards") / unit, near: find(".near .cards") / unit };
    if (room?.how !== this.room?.how || room?.near !== this.room?.near) this.room = room;
  }

  protected override render(): TemplateResult {
    const { clock } = this.live;
    const texts = this.texts;
    const now = clock.now();
    const view = this.office.data;
    const offline = this.isOffline(now);
    const looks = chooseLooks(this.query, this.told, view?.office ?? null, now, clock.zoneOffsetMin);
    const rows = view && this.shows(offline) ? presentOffice(view, now, offline, this.reserve.ahead) : null;
    this.mark(rows?.state ?? (offline ? "offline" : this.office.state.problem ? "empty" : "loading"), looks, view, texts);
    this.kiosk.tick(looks.rest === "on");
    if (view && this.office.state.confirmed) this.reserve.follow(view);
    if (rows) this.noticeChanges(rows, now);
    const moment = this.moment(now, texts);
    if (looks.rest === "dark") return this.renderResting(moment);
    return this.renderScreen(view, rows, looks, moment, this.scene(moment, offline));
  }

  private renderScreen(
    view: OfficeView | null,
    rows: OfficeRows | null,
    looks: Looks,
    moment: Moment,
    scene: Scene,
  ): TemplateResult {
    const { texts } = moment;
    const cards = rows ? cardsNow(rows, this.room, moment.now) : null;
    const columns = looks.layout === "departures" && matchMedia("(min-aspect-ratio: 1/1)").matches ? 2 : 1;
    this.map.follow(looks.layout === "map" ? view : null, cards?.shown ?? [], looks.theme);
    // One thing to say is said once.
    const alone = rows ? rows.lull === "nothing" : this.office.state.problem !== null;
    const how = html`<section class="how">
      <h2>${texts.howToGet} ${cards ? renderPages(cards, scene) : nothing}</h2>
      <div class="cards">${rows && cards ? renderHow(rows, cards, this.room, scene) : this.renderNothingYet(texts, scene.offline)}</div>
    </section>`;
    const near = html`<section class="near">
      <h2>${texts.nearby}</h2>
      ${looks.layout === "map" ? html`<slot name="map"></slot>` : nothing}
      ${rows ? renderNear(rows, this.room, scene, columns) : html`<div class="cards">${bones()}</div>`}
    </section>`;
    return html`<div class="probe"></div>
      ${renderHead(view, rows, looks.logo, moment, this.renderTools(texts, moment.now))}
      <main class=${alone ? "one" : ""}>
        ${looks.layout === "departures" && !alone ? nothing : how} ${looks.layout === "ways" || alone ? nothing : near}
      </main>
      ${renderFoot(view, rows, this.feeds.data?.feeds ?? [], moment)}`;
  }

  /** Outside its hours: nothing but a faint time that wanders, so that one sees it is alive. */
  private renderResting(moment: Moment): TemplateResult {
    const minute = Number.isNaN(moment.now) ? 0 : Math.floor(moment.now / 60_000);
    const time = Number.isNaN(moment.now) ? "" : clockTime(moment.now, moment.zoneOffsetMin);
    return html`<div class="resting p${minute % 9}"><time>${time}</time></div>`;
  }

  private renderTools(texts: Texts, now: number): TemplateResult {
    const own = SCREEN_TEXTS[texts.language];
    const reading = this.said.length > 0;
    const offered = reading || performance.now() - this.offered < OFFER_MS;
    return html`<button class="speak ${offered ? "offered" : ""}" @click=${() => this.readAloud(now)}>
        ${icon("speak")}${reading ? own.stopReading : own.readAloud}
      </button>
      <span class="sr" aria-live="polite">${this.said.join(" ")}</span>`;
  }

  private moment(now: number, texts: Texts): Moment {
    const { clock } = this.live;
    const spoken = chooseTexts([this.query.get("lang"), this.languages[0], "nb"]);
    return {
      now,
      zoneOffsetMin: clock.zoneOffsetMin,
      offsetAt: (epochMs) => clock.offsetAt(epochMs),
      texts,
      spoken,
      heldAt: this.office.state.held?.at,
    };
  }

  private scene({ texts, now, zoneOffsetMin, offsetAt }: Moment, offline: boolean): Scene {
    return {
      texts,
      now,
      zoneOffsetMin,
      offline,
      offsetAt,
      office: this.office.data?.office ?? null,
      publicUrl: this.office.data?.public_url ?? location.origin,
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

  private mark(state: PageState, looks: Looks, view: OfficeView | null, texts: Texts): void {
    const root = document.documentElement;
    root.dataset["state"] = state;
    root.dataset["theme"] = looks.theme;
    root.lang = texts.tag;
    this.dataset["layout"] = looks.layout;
    this.dataset["rest"] = looks.rest;
    if (looks.accent) this.style.setProperty("--brand", looks.accent);
    else this.style.removeProperty("--brand");
    const title = view ? `${view.office.name} – ${texts.brand}` : texts.brand;
    if (document.title !== title) document.title = title;
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

  private renderNothingYet(texts: Texts, offline: boolean): TemplateResult {
    const problem = this.office.state.problem;
    if (problem) {
      const unknown = problem.code === "404" || problem.code === "not_found" || problem.code === "unknown";
      return panel("wrong", "alert", unknown ? texts.unknownOffice : texts.unavailable, unknown ? this.officeId : problem.detail || problem.title);
    }
    if (offline) return panel("unreached", "offline", texts.connecting, texts.offlineLong);
    return bones(texts.loading);
  }

  private readAloud(now: number): void {
    const { said } = this;
    const view = this.office.data;
    this.said = [];
    this.voice.stop();
    if (said.length > 0 || !view || Number.isNaN(now)) return;
    const offline = this.isOffline(now);
    const rows = presentOffice(view, now, offline, this.reserve.ahead);
    this.said = sentences(view.office.name, rows, this.moment(now, this.texts));
    const spoken = this.said;
    const ended = (): void => {
      if (this.said === spoken) this.said = [];
    };
    if (!this.voice.say(spoken, this.texts.language, ended)) setTimeout(ended, OFFER_MS);
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    this.offered = performance.now();
    this.requestUpdate();
    const free = !event.ctrlKey && !event.metaKey && !event.altKey && event.composedPath()[0] === document.body;
    if (free && READ_KEYS.has(event.key)) this.readAloud(this.live.clock.now());
  };

  private readonly onTouch = (): void => {
    this.offered = performance.now();
    this.requestUpdate();
  };

  static override styles = [base, officeStyles];
}

customElements.define("sr-office", OfficeScreen);
