import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { wallTime } from "../core/time";
import type { Texts } from "../i18n";
import { badge } from "../parts/badge";
import { base } from "../parts/base.css";
import { icon } from "../parts/icons";
import type { Leg, Suggestion } from "../wire";
import { isTimetabled } from "./model";

/** How much is said of each leg; less where it would not fit: text is left out whole, never cut. */
enum Detail {
  All,
  AllTimes,
  FirstStopAndCount,
  FirstStop,
  FirstTime,
  Badges,
}

/** The way as one line: walk 5 › 31 IT Fornebu 15:51 › L1 Lysaker 16:04. */
export class LegsLine extends LitElement {
  static override properties = {
    suggestion: { attribute: false },
    texts: { attribute: false },
    offline: { type: Boolean },
    struck: { type: Boolean },
    brief: { type: Boolean },
    detail: { state: true },
  };

  declare suggestion: Suggestion;
  declare texts: Texts;
  declare offline: boolean;
  declare struck: boolean;
  /** Start from the first stop only: for rows of lesser rank. */
  declare brief: boolean;
  declare detail: Detail;

  private readonly watcher = new ResizeObserver(() => this.begin());
  /** The font may arrive late and make the line longer. */
  private readonly lineWatcher = new ResizeObserver(() => this.requestUpdate());

  constructor() {
    super();
    this.offline = false;
    this.struck = false;
    this.brief = false;
    this.detail = Detail.All;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.watcher.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.watcher.disconnect();
    this.lineWatcher.disconnect();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("suggestion") || changed.has("texts") || changed.has("offline")) this.begin();
  }

  protected override firstUpdated(): void {
    const line = this.renderRoot.querySelector(".line");
    if (line) this.lineWatcher.observe(line);
  }

  protected override updated(): void {
    const end = this.renderRoot.querySelector(".line")?.getBoundingClientRect().right ?? 0;
    if (this.detail < Detail.Badges && end > this.getBoundingClientRect().right + 0.5) this.detail += 1;
  }

  protected override render(): TemplateResult {
    const least = this.detail === Detail.Badges && this.suggestion.legs.some(isTimetabled) ? Infinity : 60;
    const legs = this.suggestion.legs.filter((leg) => leg.mode !== "walk" || seconds(leg) >= least);
    const first = legs.find(isTimetabled);
    return html`<div class="line ${this.struck ? "struck" : ""}">
      ${legs.map(
        (leg, index) => html`${index > 0 ? icon("chevronRight") : nothing}
        ${isTimetabled(leg) ? this.renderRide(leg, leg === first) : this.renderOwn(leg)}`,
      )}
      ${legs.length === 0 ? html`${icon("walk")}<b>1</b>` : nothing}
    </div>`;
  }

  private begin(): void {
    this.detail = this.brief ? Detail.FirstStopAndCount : Detail.All;
  }

  private renderRide(leg: Leg, isFirst: boolean): TemplateResult {
    const named = this.detail === Detail.All || (this.detail <= Detail.FirstStop && isFirst);
    const timed = this.detail <= Detail.AllTimes || (this.detail <= Detail.FirstTime && isFirst);
    const time = wallTime(this.offline ? (leg.depart.scheduled ?? leg.depart.expected) : leg.depart.expected);
    return html`${leg.line ? badge(leg.line, this.texts, this.struck) : icon(leg.mode)}
    ${named ? html`<span class="stop">${leg.from.name}</span>` : nothing}
    ${timed ? html`<b>${time}</b>` : nothing}`;
  }

  private renderOwn(leg: Leg): TemplateResult {
    const minutes = Math.max(1, Math.round(seconds(leg) / 60));
    const free = leg.pickup?.available;
    const counted = free != null && !this.offline && this.detail <= Detail.FirstStopAndCount;
    return html`${icon(leg.mode, this.texts.modes[leg.mode] ?? leg.mode)}<b>${minutes}</b>
      ${counted ? html`<span class="free">${this.texts.free(free)}</span>` : nothing}`;
  }

  static override styles = [
    base,
    css`
      :host {
        display: block;
        min-width: 0;
        overflow: hidden;
      }
      .line {
        display: flex;
        align-items: center;
        gap: 0.36em;
        white-space: nowrap;
        width: max-content;
      }
      .line > .icon {
        color: var(--soft);
        margin-right: -0.12em;
      }
      b {
        font-weight: 650;
      }
      .free {
        color: var(--soft);
      }
      .struck {
        text-decoration: line-through;
        color: var(--quiet);
      }
    `,
  ];
}

function seconds(leg: Leg): number {
  return (Date.parse(leg.arrive.expected) - Date.parse(leg.depart.expected)) / 1000;
}

customElements.define("sr-legs", LegsLine);
