/** A suggestion taken along from a lobby's screen by its QR code: live, without login, and gone after arrival. */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import { calendarPath } from "../commuter/item";
import { legStyles } from "../commuter/legs.css";
import { MapView } from "../commuter/map-view";
import { type Detail, leaveText, type Moment, renderBar, renderFacts, renderLegs, span, vehicleText } from "../commuter/suggestion";
import { COMMUTER_TEXTS } from "../commuter/texts";
import { recall, remember } from "../core/held";
import { isOffline } from "../core/store";
import { longAddress, parseWayPath, type WayCode } from "../core/way-code";
import { clockTime, wallTime } from "../core/time";
import { alertText, reasonText, type Texts } from "../i18n";
import { Live, TickController, TopicController } from "../live";
import { base } from "../parts/base.css";
import { icon } from "../parts/icons";
import { staleText } from "../parts/live";
import { PageController } from "../parts/page";
import { sheetStyles } from "../parts/sheet.css";
import { TripsController } from "../trips";
import type { Feeds, OfficeItem, Suggestion, Suggestions, Vehicle } from "../wire";
import { handoverStyles } from "./handover.css";
import { follow, type Link, parseLink, questionOf, replacementOf, type Stage, stageOf, stepOf, strandedAt } from "./model";
import { HANDOVER_TEXTS, type HandoverTexts } from "./texts";

/** The suggestion that is being followed, so that it is there without network; it goes when it has arrived. */
const KEY = "smart-reise.followed";
const ASK_AGAIN_MS = 3_000;

interface Followed {
  id: string;
  suggestion: Suggestion;
  destination: string;
}

export class HandoverPage extends LitElement {
  private readonly page = new PageController(this, () => this.map.repaint());
  private readonly live = new Live();
  private readonly topic = new TopicController<Suggestions>(this, this.live);
  private readonly feeds = new TopicController<Feeds>(this, this.live);
  private readonly rides = new TripsController(this, this.live);
  private readonly map = new MapView();
  /** The suggestion as a screen's code names it, until its office has told the rest. */
  private code: WayCode | null = parseWayPath(location.pathname);
  private link: Link | null = parseLink(new URLSearchParams(location.search));
  private followed: Followed | null = null;
  private isLookingBack = false;
  private opened: ReadonlySet<string> = new Set();
  private announced: { stage: Stage | null; text: string } = { stage: null, text: "" };

  constructor() {
    super();
    new TickController(this, this.live);
    const held = recall<Followed>(localStorage, KEY, Date.now());
    if (!held || held.held.data.id !== (this.link ?? this.code)?.id) return;
    this.followed = held.held.data;
    this.live.clock.assume(held.now, held.zoneOffsetMin, held.timezone);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.feeds.watch("feeds", {});
    if (this.code) void this.decode(this.code);
    const container = this.querySelector<HTMLElement>("[slot=map]");
    const own = COMMUTER_TEXTS[this.page.texts.language];
    const told = { picked: () => {}, moved: () => {}, office: () => {} };
    const words = { map: this.page.texts.mapLabel, zoomIn: own.zoomIn, zoomOut: own.zoomOut, vehicle: (vehicle: Vehicle) => vehicleText(vehicle, this.page.texts) };
    if (container) void this.map.load(container, told, words).then(() => this.requestUpdate());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.map.remove();
  }

  /** A code is short: where its office goes, and how people walk there, the office says. */
  private async decode(code: WayCode): Promise<void> {
    const office = await this.officeOf(code);
    const to = office?.destinations[code.destination];
    this.code = null;
    if (office && to) {
      history.replaceState(null, "", longAddress("", office, to, code.id, code.at) + location.search.replace("?", "&"));
      this.link = parseLink(new URLSearchParams(location.search));
    }
    this.requestUpdate();
  }

  /** null where there is no such office; as long as nobody answers it goes on asking. */
  private async officeOf({ office }: WayCode): Promise<OfficeItem | null> {
    for (;;) {
      try {
        const answer = await fetch(`/v1/offices/${encodeURIComponent(office)}`);
        if (answer.ok) return (await answer.json()) as OfficeItem;
        if (answer.status === 404) return null;
      } catch {
        // No network: a phone in a lobby has it again in a moment.
      }
      await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
    }
  }

  protected override willUpdate(): void {
    const { clock } = this.live;
    if (!this.link || !clock.known) return;
    // Learnt before it asks: an answer that leads to another question must not be shown as the answer to that one.
    this.learn(this.link);
    this.topic.watch("suggestions", this.question(this.link, clock.now()));
    this.rides.watch(this.followed?.suggestion.legs ?? []);
  }

  /** Asked anew every minute while looking back would be another question each time: it is asked once. */
  private question = once((link: Link, now: number) =>
    questionOf(link, now, this.live.clock.zoneOffsetMin, this.isLookingBack),
  );

  /** Takes over what the server says of it, and where it is found, pins the question to its time. */
  private learn(link: Link): void {
    const told = this.topic.data;
    const found = told?.suggestions.find((suggestion) => suggestion.id === link.id);
    if (told && found && found !== this.followed?.suggestion) {
      this.followed = { id: link.id, suggestion: found, destination: told.to.name };
      this.hold();
    }
    if (told && !found && !this.followed && !link.at && !this.isLookingBack) {
      this.isLookingBack = true;
      this.question.forget();
    }
    if (found && !link.at) {
      link.at = found.leave_at;
      const query = new URLSearchParams(location.search);
      query.set("at", found.leave_at);
      history.replaceState(null, "", `${location.pathname}?${query}`);
      this.question.forget();
    }
  }

  private hold(): void {
    const { clock } = this.live;
    const held = { data: this.followed!, rev: "", at: clock.now() };
    const { zoneOffsetMin, timezone } = clock;
    remember(localStorage, KEY, held, { server: clock.now(), device: Date.now(), zoneOffsetMin, timezone });
  }

  private shown(): Suggestion | null {
    return this.link && follow(this.link.id, this.topic.data, this.followed?.suggestion ?? null, this.rides.trips);
  }

  protected override updated(): void {
    const journey = this.shown();
    const vehicles = [...this.rides.trips.values()].flatMap((trip): Vehicle[] => (trip?.vehicle ? [trip.vehicle] : []));
    const [first, last] = [journey?.legs[0], journey?.legs.at(-1)];
    const ends = { from: first?.from ?? null, to: last?.to ?? null };
    void this.map.draw({ journey, vehicles: this.isOffline() ? [] : vehicles, ends, offices: NO_OFFICES });
  }

  private isOffline(): boolean {
    return isOffline(this.feeds.state, this.live.clock.now());
  }

  protected override render(): TemplateResult {
    const { texts } = this.page;
    const own = HANDOVER_TEXTS[texts.language];
    const now = this.live.clock.now();
    const suggestion = this.shown();
    const isSearched = this.topic.state.problem !== null || (this.topic.data !== null && (this.isLookingBack || this.link?.at !== null));
    const stage = this.link || this.code ? stageOf(suggestion, now, isSearched) : "unknown";
    if (stage === "arrived" && this.followed) localStorage.removeItem(KEY);
    const isMapShown = suggestion !== null && (stage === "before" || stage === "under_way");
    document.documentElement.dataset["state"] = this.pageState(stage);
    document.documentElement.dataset["stage"] = stage;
    this.toggleAttribute("data-mapless", !isMapShown);
    this.say(stage, suggestion, texts, own);
    return html`<header>
        <a class="brand" href="/">${texts.brand}</a>
        ${this.feeds.data?.demo ? html`<span class="demo" title=${texts.demoLong}>${texts.demo}</span>` : nothing}
        <time>${Number.isNaN(now) ? nothing : clockTime(now, this.live.clock.zoneOffsetMin)}</time>
      </header>
      <main>
        ${this.renderStage(stage, suggestion, texts, own)}
      </main>
      <div class="map" ?hidden=${!isMapShown}><slot name="map"></slot></div>
      <footer><p>${own.private}</p>${this.page.render()}</footer>
      <p class="sr" role="status">${this.announced.text}</p>`;
  }

  private pageState(stage: Stage): string {
    if (this.isOffline()) return "offline";
    if (stage === "finding") return "loading";
    if (stage === "unknown" || stage === "arrived") return "empty";
    return this.topic.data?.realtime === "stale" ? "stale" : "fresh";
  }

  /** Spoken when the stage is another, never for a minute that passes. */
  private say(stage: Stage, suggestion: Suggestion | null, texts: Texts, own: HandoverTexts): void {
    if (stage === this.announced.stage) return;
    const words: Partial<Record<Stage, string>> = {
      broken: `${own.broken}. ${own.brokenText(reasonText(suggestion?.reason ?? null, texts))}`,
      under_way: own.underWay,
      arrived: own.expired,
      unknown: own.unknown,
    };
    this.announced = { stage, text: words[stage] ?? "" };
  }

  private isStale(): boolean {
    return this.topic.data?.realtime === "stale";
  }

  private moment(): Moment {
    const { clock } = this.live;
    return { now: clock.now(), zoneOffsetMin: clock.zoneOffsetMin, offline: this.isOffline(), stale: this.isStale(), later: false };
  }

  private renderStage(stage: Stage, suggestion: Suggestion | null, texts: Texts, own: HandoverTexts): TemplateResult {
    if (!this.link && !this.code) return this.renderEnd("alert", own.unknown, own.badLink, "/", own.again);
    const search = this.link ? `/?${new URLSearchParams({ from: this.link.from, to: this.link.to })}` : "/";
    if (stage === "finding" && this.isOffline()) return this.renderEnd("offline", texts.offlineLong, "", search, own.again);
    if (stage === "finding") return html`<p class="words" role="status">${own.finding}</p><div class="bone"></div>`;
    if (stage === "unknown" || !suggestion) return this.renderEnd("stop", own.unknown, own.unknownText, search, own.again);
    const destination = suggestion.legs.at(-1)?.to.name ?? this.followed?.destination ?? "";
    document.title = `${own.to(destination)} – ${texts.brand}`;
    if (stage === "arrived") {
      const text = own.expiredText(destination, wallTime(suggestion.arrive_at));
      return this.renderEnd("check", own.expired, text, search, own.again);
    }
    return html`<h1>${own.to(destination)}</h1>
      ${this.renderCondition(texts)}
      ${stage === "broken" ? this.renderBroken(suggestion, texts, own) : this.renderLive(stage, suggestion, texts, own)}`;
  }

  private renderEnd(symbol: string, title: string, text: string, href: string, action: string): TemplateResult {
    return html`<section class="ending">
      ${icon(symbol)}
      <h1>${title}</h1>
      ${text ? html`<p>${text}</p>` : nothing}
      <a class="action" href=${href}>${action}</a>
    </section>`;
  }

  private renderCondition(texts: Texts): TemplateResult | typeof nothing {
    if (this.isOffline()) {
      const at = this.topic.state.held?.at ?? this.feeds.state.held?.at ?? Number.NaN;
      const text = Number.isNaN(at) ? texts.offlineLong : texts.offlineSince(clockTime(at, this.live.clock.zoneOffsetMin));
      return html`<p class="condition">${icon("offline")}${text}</p>`;
    }
    if (this.isStale()) {
      return html`<p class="condition">${icon("alert")}${staleText(texts, this.topic.data?.realtime_at)}</p>`;
    }
    return nothing;
  }

  private renderLive(stage: Stage, suggestion: Suggestion, texts: Texts, own: HandoverTexts): TemplateResult {
    const moment = this.moment();
    const leave = stage === "before" ? leaveText(suggestion, moment, texts) : null;
    const tight = suggestion.status === "tight" ? reasonText(suggestion.reason ?? "tight_change", texts) : "";
    return html`<p class="lead ${leave?.reach ?? "go"}">
        ${leave?.reach === "hurry" ? icon("run", texts.hurry) : nothing}${leave?.text ?? stepText(suggestion, moment.now, texts, own)}
      </p>
      <p class="sum"><span>${span(suggestion, moment)}</span>${tight ? html`<strong class="tight">${icon("alert")}${tight}</strong>` : nothing}</p>
      ${renderBar(suggestion, texts)} ${renderFacts(suggestion, texts)} ${this.renderAlerts(suggestion, texts)}
      <div @click=${this.clicked}>${renderLegs(suggestion, this.detail(moment, texts))}</div>
      ${stage === "before"
        ? html`<a class="calendar" href=${calendarPath(suggestion, this.words())} download
            >${icon("calendar")}${COMMUTER_TEXTS[texts.language].calendar}</a
          >`
        : nothing}`;
  }

  private renderBroken(suggestion: Suggestion, texts: Texts, own: HandoverTexts): TemplateResult {
    const moment = this.moment();
    const instead = replacementOf(suggestion, this.topic.data, moment.now);
    const at = strandedAt(suggestion, moment.now) ?? this.link!.from;
    const search = `/?${new URLSearchParams({ from: at, to: this.link!.to })}`;
    return html`<p class="lead why">${icon("cancel")}${own.broken}</p>
      <p class="sum"><s>${span(suggestion, moment)}</s><strong class="gone">${reasonText(suggestion.reason, texts)}</strong></p>
      <div class="struck">${renderBar(suggestion, texts)}</div>
      ${this.renderAlerts(suggestion, texts)}
      ${instead
        ? html`<section class="instead">
            <h2>${own.replacement}</h2>
            <p class="lead go">${leaveText(instead, moment, texts)?.text ?? ""}</p>
            <p class="sum"><span>${span(instead, moment)}</span></p>
            ${renderBar(instead, texts)} ${renderFacts(instead, texts)}
            <a class="action" href=${this.linkTo(instead)}>${own.followInstead}</a>
          </section>`
        : html`<a class="action" href=${search}>${own.fromHere}</a>`}`;
  }

  /** The question that it answers, as an address carries it. */
  private words(): Record<string, string> {
    const { from, to, more } = this.link!;
    return { from, to, ...Object.fromEntries(Object.entries(more).map(([name, value]) => [name, String(value)])) };
  }

  private linkTo(suggestion: Suggestion): string {
    return `/s?${new URLSearchParams({ ...this.words(), id: suggestion.id, at: suggestion.leave_at })}`;
  }

  private renderAlerts(suggestion: Suggestion, texts: Texts): TemplateResult[] {
    const ids = new Set(suggestion.legs.flatMap((leg) => leg.alerts ?? []));
    const alerts = (this.topic.data?.alerts ?? []).filter((alert) => ids.has(alert.id) && alertText(alert, texts));
    return alerts.map((alert) => html`<p class="alert">${icon("alert", texts.alerts)}<span>${alertText(alert, texts)}</span></p>`);
  }

  private detail(moment: Moment, texts: Texts): Detail {
    const stepFree = this.link?.more["wheelchair"] !== undefined;
    return { moment, opened: this.opened, trips: this.rides.trips, texts, own: COMMUTER_TEXTS[texts.language], stepFree };
  }

  private clicked(event: Event): void {
    const stops = (event.target as HTMLElement).closest<HTMLElement>("[data-stops]")?.dataset["stops"];
    if (stops === undefined) return;
    const opened = new Set(this.opened);
    if (!opened.delete(stops)) opened.add(stops);
    this.opened = opened;
    this.requestUpdate();
  }

  static override styles = [base, sheetStyles, legStyles, handoverStyles];
}

const NO_OFFICES: never[] = [];

function stepText(suggestion: Suggestion, now: number, texts: Texts, own: HandoverTexts): string {
  const step = stepOf(suggestion, now);
  if (!step) return own.underWay;
  const line = (leg: { line?: { name: string }; mode: string }): string => leg.line?.name ?? texts.modes[leg.mode] ?? leg.mode;
  if (step.kind === "ride") return own.getOff(step.leg.to.name, wallTime(step.leg.arrive.expected));
  if (step.kind === "go") return own.goTo(step.leg.to.name);
  const platform = step.leg.from.platform ? `, ${texts.platform(step.leg.from.platform)}` : "";
  return own.takeFrom(line(step.leg), wallTime(step.leg.depart.expected), platform);
}

/** What a function first answered, until it is told to forget. */
function once<A extends unknown[], T>(ask: (...all: A) => T): ((...all: A) => T) & { forget(): void } {
  let held: { value: T } | null = null;
  const answer = (...all: A): T => (held ??= { value: ask(...all) }).value;
  return Object.assign(answer, {
    forget: () => {
      held = null;
    },
  });
}

customElements.define("sr-handover", HandoverPage);
