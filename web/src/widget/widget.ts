/**
 * `<smart-reise>`: when to leave, on anybody's page. It stores nothing unasked, asks only its own server, and renders
 * nothing with style attributes or generated code, so that the strictest page can hold it.
 */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { clockTime, wallDay, wallTime, isoInstant } from "../core/time";
import { alertText, chooseTexts, formatAge, formatSaved, type Texts } from "../i18n";
import type { PageState } from "../office/model";
import { base } from "../parts/base.css";
import { icon } from "../parts/icons";
import { staleText } from "../parts/live";
import type { Place } from "../wire";
import { findFavourite, keepFavourite } from "./favourites";
import { type Ask, placeId, presentView, presentWays, type Questions, questionsOf, readAsk, realtimeAge, type Shown } from "./model";
import { scriptOrigin } from "./origin";
import { type Look, renderBroken, renderOption } from "./rows";
import { Session } from "./session";
import { WIDGET_TEXTS, type WidgetTexts } from "./texts";
import { widgetStyles } from "./widget.css";

const ATTRIBUTES = ["office", "from", "to", "server", "lang", "theme", "profile", "limit"];
/** A connection may blink this long before the widget speaks of it. */
const GRACE_MS = 3_000;
const HOME = scriptOrigin();
const shelf = (): Storage => localStorage;

export class SmartReise extends LitElement {
  private session: Session | null = null;
  /** The destination that was picked, by its id. */
  private picked: string | null = null;
  private opened: string | null = null;
  private told: { state: PageState | null; revs: string; problem: string } = { state: null, revs: "", problem: "" };
  private announcement = "";

  static override get observedAttributes(): string[] {
    return [...super.observedAttributes, ...ATTRIBUTES];
  }

  override attributeChangedCallback(name: string, old: string | null, value: string | null): void {
    super.attributeChangedCallback(name, old, value);
    if (old === value) return;
    if (name === "office") this.picked = null;
    this.requestUpdate();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.leave();
  }

  protected override render(): TemplateResult {
    const ask = readAsk((name) => this.getAttribute(name));
    const session = this.isConnected ? this.meet() : this.session;
    const now = session?.live.clock.now() ?? Number.NaN;
    const questions = questionsOf(ask, this.chosenPlace(ask));
    session?.office.watch("office", questions?.office ?? null);
    session?.ways.watch("suggestions", questions?.ways ?? null);
    const offline = this.isOffline(now, questions);
    const shown = this.present(ask, questions, now, offline);
    const problem = this.problemOf(session, questions);
    const state = shown?.state ?? (offline ? "offline" : problem || !questions || !session ? "empty" : "loading");
    const texts = this.textsOf(session);
    this.tell(state, shown, problem, texts);
    return this.renderBox(shown, { ask, questions, problem, state, now, offline, texts });
  }

  /** The server's address is an attribute: another address is another session. */
  private meet(): Session | null {
    const server = this.getAttribute("server")?.trim() || HOME;
    if (this.session?.server === server) return this.session;
    this.leave();
    try {
      this.session = new Session(this, server);
    } catch {
      this.session = null; // told as a problem: there is nothing to connect to
    }
    return this.session;
  }

  private leave(): void {
    this.session?.end();
    this.session = null;
  }

  private textsOf(session: Session | null): Texts {
    const around = this.parentElement?.closest("[lang]")?.getAttribute("lang");
    return chooseTexts([this.getAttribute("lang"), around, session?.office.data?.office.languages[0], "nb"]);
  }

  private chosenIndex(ask: Ask): number {
    const destinations = this.session?.office.data?.suggestions.map((part) => placeId(part.destination)) ?? [];
    const wanted = this.picked ?? (ask.office ? findFavourite(shelf, ask.office) : null);
    return Math.max(0, destinations.indexOf(wanted ?? ""));
  }

  private chosenPlace(ask: Ask): Place | null {
    return this.session?.office.data?.suggestions[this.chosenIndex(ask)]?.destination ?? null;
  }

  private present(ask: Ask, questions: Questions | null, now: number, offline: boolean): Shown | null {
    const { session } = this;
    if (!session || !questions || Number.isNaN(now)) return null;
    const ways = session.ways.data;
    if (!questions.office) return ways && presentWays(ways, now, offline);
    const view = session.office.data;
    const alone = questions.ways !== null;
    if (!view || (alone && !ways && !session.ways.state.problem)) return null;
    return presentView(view, { alone, ways, chosen: this.chosenIndex(ask) }, now, offline);
  }

  /** What the server refused; a server that only starts or is busy is waited for. */
  private problemOf(session: Session | null, questions: Questions | null): Problem | null {
    if (!session || !questions) return null;
    const problem = session.office.state.problem ?? session.ways.state.problem;
    return problem && Number(problem.code) < 500 ? problem : null;
  }

  private isOffline(now: number, questions: Questions | null): boolean {
    const topic = questions?.office ? this.session?.office : this.session?.ways;
    if (topic?.state.link !== "lost") return false;
    const { lostAt, confirmed } = topic.state;
    return !confirmed || lostAt === null || Number.isNaN(lostAt) || now - lostAt >= GRACE_MS;
  }

  /** Says outside what has changed, once: the host's data-state, events, and a word for who cannot see. */
  private tell(state: PageState, shown: Shown | null, problem: Problem | null, texts: Texts): void {
    const before = this.told.state;
    if (state !== before) {
      this.dataset["state"] = state;
      this.announcement = this.announce(state, before, shown, texts);
      this.emit("state", { state, previous: before });
    }
    const detail = problem ? problem.detail || problem.title : "";
    if (problem && detail !== this.told.problem) this.emit("error", { detail, code: problem.code });
    const revs = [this.session?.office.state.held?.rev, this.session?.ways.state.held?.rev, shown?.chosen].join();
    if (shown?.row && revs !== this.told.revs) {
      const suggestions = shown.row.options.map((option) => option.suggestion);
      this.emit("suggestions", { from: shown.from, destination: shown.row.place, suggestions });
    }
    this.told = { state, revs: shown?.row ? revs : this.told.revs, problem: detail };
  }

  private announce(state: PageState, before: PageState | null, shown: Shown | null, texts: Texts): string {
    if (state === "offline") return this.offlineText(texts);
    if (state === "stale") return this.staleText(shown, texts);
    if (state === "empty" && before !== null) return texts.emptyDestination;
    return before === "offline" ? WIDGET_TEXTS[texts.language].connected : "";
  }

  private emit(name: string, detail: unknown): void {
    // After the update: a listener may change our attributes.
    queueMicrotask(() => {
      this.dispatchEvent(new CustomEvent(`smart-reise:${name}`, { detail, bubbles: true, composed: true }));
    });
  }

  private renderBox(shown: Shown | null, at: Moment): TemplateResult {
    const { texts, now } = at;
    const own = WIDGET_TEXTS[texts.language];
    const offset = this.session?.live.clock.zoneOffsetMin ?? 0;
    return html`<section class="box ${at.state}" part="box" lang=${texts.tag} aria-labelledby="title">
      <header part="header">
        <h2 id="title" part="title">${shown ? own.from(shown.from) : texts.brand}</h2>
        ${this.session?.feeds.data?.demo ? html`<span class="demo" part="demo">${texts.demo}</span>` : nothing}
        <time class="clock" part="clock">${Number.isNaN(now) ? nothing : clockTime(now, offset)}</time>
        ${shown ? this.renderWhere(shown, at, own) : nothing}
      </header>
      ${this.renderBody(shown, at, own)} ${this.renderAlert(shown, texts)} ${this.renderFoot(shown, at)}
      <p class="sr" role="status">${this.announcement}</p>
    </section>`;
  }

  private renderWhere(shown: Shown, at: Moment, own: WidgetTexts): TemplateResult | typeof nothing {
    const { ask, texts } = at;
    const place = shown.destinations[shown.chosen];
    if (!place) return nothing;
    if (!at.questions?.office || shown.destinations.length < 2) {
      return html`<p class="to" part="destination">${own.toward(place.name)}${this.renderProfile(ask, texts)}</p>`;
    }
    const kept = findFavourite(shelf, ask.office ?? "") === placeId(place);
    return html`<div class="where">
      <div class="tabs" role="tablist" aria-label=${own.destinations} part="tabs" @keydown=${this.moveTab}>
        ${shown.destinations.map((destination, index) => this.renderTab(destination, index === shown.chosen))}
      </div>
      <button
        class="star"
        part="favourite"
        aria-pressed=${kept ? "true" : "false"}
        aria-label=${own.remember(place.name)}
        title=${kept ? own.forget(place.name) : own.remember(place.name)}
        @click=${() => this.keep(ask, kept ? null : placeId(place))}
      >
        ${icon(kept ? "star" : "starOutline")}
      </button>
      ${ask.stepFree ? html`<p class="to">${this.renderProfile(ask, texts)}</p>` : nothing}
    </div>`;
  }

  private renderProfile(ask: Ask, texts: Texts): TemplateResult | typeof nothing {
    return ask.stepFree ? html`<span class="profile">${icon("wheelchair")}${texts.stepFree}</span>` : nothing;
  }

  private renderTab(place: Place, chosen: boolean): TemplateResult {
    return html`<button
      role="tab"
      id=${chosen ? "tab" : nothing}
      part="tab ${chosen ? "tab-chosen" : ""}"
      aria-selected=${chosen ? "true" : "false"}
      aria-controls=${chosen ? "list" : nothing}
      tabindex=${chosen ? "0" : "-1"}
      @click=${() => this.pick(place)}
    >
      ${place.name}
    </button>`;
  }

  private renderBody(shown: Shown | null, at: Moment, own: WidgetTexts): TemplateResult {
    const { texts } = at;
    if (!at.questions) return this.renderPanel("alert", own.setUp);
    if (!this.session) return this.renderPanel("offline", own.noServer);
    if (at.problem && !shown?.row) return this.renderPanel("alert", problemText(at.problem, at.ask, texts, own));
    if (!shown) {
      if (at.offline) return this.renderPanel("offline", own.noServer);
      return html`<div class="bones" aria-hidden="true"><i></i><i></i><i></i></div>
        <p class="waiting">${texts.loading}</p>`;
    }
    if (shown.first !== null) return this.renderPanel("night", texts.nightTitle, this.nightText(shown.first, at.now, texts));
    const { row } = shown;
    if (!row || row.options.length + row.broken.length === 0) {
      return this.renderPanel("stop", at.ask.stepFree ? own.noneStepFree : texts.emptyDestination);
    }
    const look = this.look(at, own);
    const tabbed = shown.destinations.length > 1;
    return html`<div id="list" role=${tabbed ? "tabpanel" : nothing} aria-labelledby=${tabbed ? "tab" : nothing}>
      <ul part="list">
        ${repeat(row.broken.slice(0, 1), (item) => item.suggestion.id, (item) => renderBroken(item, look))}
        ${repeat(
          row.options.slice(0, at.ask.limit),
          (option) => option.suggestion.id,
          (option) => renderOption(option, look, this.opened === option.suggestion.id, () => this.open(option.suggestion.id)),
        )}
      </ul>
    </div>`;
  }

  private look(at: Moment, own: WidgetTexts): Look {
    const { texts, now, offline } = at;
    return { texts, own, now, offline, zoneOffsetMin: this.session?.live.clock.zoneOffsetMin ?? 0 };
  }

  private nightText(first: string, now: number, texts: Texts): string {
    const today = isoInstant(now, this.session?.live.clock.zoneOffsetMin ?? 0).slice(0, 10);
    return texts.nightText(wallTime(first)) + (wallDay(first) === today ? "" : ` ${texts.tomorrow}`);
  }

  private renderPanel(symbol: string, title: string, text = ""): TemplateResult {
    return html`<div class="panel" part="panel">${icon(symbol)}<strong>${title}</strong>${text ? html`<span>${text}</span>` : nothing}</div>`;
  }

  private renderAlert(shown: Shown | null, texts: Texts): TemplateResult | typeof nothing {
    const alert = shown?.alerts.find((item) => alertText(item, texts) !== "");
    if (!alert) return nothing;
    return html`<p class="alert" part="alert">${icon("alert", texts.alerts)}<span>${alertText(alert, texts)}</span></p>`;
  }

  private renderFoot(shown: Shown | null, at: Moment): TemplateResult | typeof nothing {
    const { texts, now } = at;
    const feeds = this.session?.feeds.data?.feeds ?? [];
    const credits = [...new Set(feeds.map((feed) => feed.attribution).filter(Boolean))].join(" · ");
    const best = shown?.row?.options[0]?.suggestion;
    const saved = best ? formatSaved(best, texts) : null;
    if (!shown && !credits) return nothing;
    return html`<footer part="footer">
      ${shown ? this.renderAge(shown, realtimeAge(feeds, now), at) : nothing}
      ${saved ? html`<span class="saved">${icon("leaf")}${saved}</span>` : nothing}
      ${credits ? html`<small part="credits">${credits}</small>` : nothing}
    </footer>`;
  }

  private renderAge(shown: Shown, age: number | null, at: Moment): TemplateResult {
    const { texts } = at;
    if (at.offline) return html`<span class="bad">${icon("offline")}${this.offlineText(texts)}</span>`;
    if (shown.staleSince !== null) return html`<span class="bad">${icon("alert")}${this.staleText(shown, texts)}</span>`;
    if (age === null) return html`<span>${texts.noRealtime}</span>`;
    return html`<span class="live"><span class="dot"></span>${texts.realtimeAge(formatAge(age, texts))}</span>`;
  }

  private offlineText(texts: Texts): string {
    const held = this.session?.office.state.held ?? this.session?.ways.state.held;
    if (!held || Number.isNaN(held.at)) return texts.offlineLong;
    return texts.offlineSince(clockTime(held.at, this.session?.live.clock.zoneOffsetMin ?? 0));
  }

  private staleText(shown: Shown | null, texts: Texts): string {
    return staleText(texts, shown?.staleSince ?? undefined);
  }

  private pick(place: Place): void {
    this.picked = placeId(place);
    this.opened = null;
    this.requestUpdate();
    this.emit("destination", { destination: place });
  }

  private readonly moveTab = (event: KeyboardEvent): void => {
    const destinations = this.session?.office.data?.suggestions.map((part) => part.destination) ?? [];
    const at = this.chosenIndex(readAsk((name) => this.getAttribute(name)));
    const steps: Record<string, number> = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 };
    const step = steps[event.key];
    const place = step === undefined ? undefined : destinations.at(step % destinations.length);
    if (!place) return;
    event.preventDefault();
    this.pick(place);
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>("#tab")?.focus());
  };

  private keep(ask: Ask, place: string | null): void {
    if (!ask.office) return;
    this.picked ??= placeId(this.chosenPlace(ask)!);
    keepFavourite(shelf, ask.office, place);
    this.requestUpdate();
  }

  private open(id: string): void {
    this.opened = this.opened === id ? null : id;
    this.requestUpdate();
    if (this.opened) this.emit("select", { id });
  }

  static override styles = [base, widgetStyles];
}

/** In the reader's words where they are ours to choose, else in the server's. */
function problemText(problem: Problem, ask: Ask, texts: Texts, own: WidgetTexts): string {
  if (problem.code === "404") return ask.from || ask.to ? own.unknownPlace : texts.unknownOffice;
  return texts.problem(problem.detail || problem.title);
}

type Problem = { code: string; title: string; detail: string };

/** What one rendering is made from. */
interface Moment {
  ask: Ask;
  questions: Questions | null;
  problem: Problem | null;
  state: PageState;
  now: number;
  offline: boolean;
  texts: Texts;
}
