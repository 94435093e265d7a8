/** A destination's card: when to leave > where > how > facts, then further ways and what broke. */

import { html, nothing, type TemplateResult } from "lit";
import { keyed } from "lit/directives/keyed.js";
import { repeat } from "lit/directives/repeat.js";
import { clockTime, wallTime } from "../core/time";
import { formatSaved, reasonText } from "../i18n";
import { icon } from "../parts/icons";
import { renderCode } from "./handover";
import "./legs";
import type { Broken, DestinationRows, Option } from "./model";
import type { Scene } from "./scene";
import { SCREEN_TEXTS } from "./texts";
import type { Place, Suggestion } from "../wire";

/** Characters that fit the tile at full size; "99 min" is as long as minutes get there. */
const LONGEST_BIG = 6;
/** So few vehicles are told of as a warning. */
const FEW = 3;

export function renderDestination(row: DestinationRows, more: number, scene: Scene): TemplateResult {
  const [best, ...others] = row.options;
  const broken = row.broken.slice(0, more);
  const last = row.last && row.last.suggestion.id !== best?.suggestion.id && broken.length < more ? row.last : null;
  const room = more - broken.length - (last ? 1 : 0);
  const rest = others.filter(({ suggestion }) => suggestion.id !== last?.suggestion.id).slice(0, room).sort(byLeaving);
  return html`<article class="dest">
    ${best ? renderBest(row, best, scene) : renderNoWay(row, scene)}
    ${broken.length + rest.length + (last ? 1 : 0) > 0
      ? html`<ul class="more">
          ${repeat(broken, (item) => item.suggestion.id, (item) => renderBroken(item, best, scene))}
          ${last ? renderOther(row.place, last, scene, SCREEN_TEXTS[scene.texts.language].last) : nothing}
          ${repeat(rest, (item) => item.suggestion.id, (item) => renderOther(row.place, item, scene))}
        </ul>`
      : nothing}
  </article>`;
}

function renderNoWay(row: DestinationRows, scene: Scene): TemplateResult {
  const { texts } = scene;
  return html`<div class="when none"><span class="big">–</span></div>
    <div class="body">
      <div class="place"><h3>${row.place.name}</h3></div>
      <span class="nothing">${texts.emptyDestination}</span>
    </div>`;
}

function renderBest(row: DestinationRows, best: Option, scene: Scene): TemplateResult {
  const { texts } = scene;
  const { suggestion } = best;
  return html`${keyed(suggestion.id, renderWhen(best, scene))}
    <div class="body" data-id=${suggestion.id}>
      <div class="place">
        <h3>${row.place.name}</h3>
        ${renderFacts(best, row, scene)}
        <span class="arrive">${texts.arrive} <b>${arrival(best, scene)}</b></span>
      </div>
      <sr-legs .suggestion=${suggestion} .texts=${texts} ?offline=${scene.offline}></sr-legs>
    </div>
    ${renderCode(row.place, suggestion, scene)}`;
}

function renderWhen(option: Option, scene: Scene): TemplateResult {
  const { texts } = scene;
  if (option.minutes === null) {
    const duration = texts.minutesShort(Math.max(1, Math.round(option.suggestion.duration_s / 60)));
    return html`<div class="when free">
      <span class="lead">${icon(ownMode(option))}${texts.anyTime}</span> <span class="big">${duration}</span>
    </div>`;
  }
  if (option.minutes < 1) {
    return html`<div class="when hurry">
      <span class="lead">${icon("run")}</span>
      <span class="big ${texts.leaveNow.length > LONGEST_BIG ? "long" : ""}">${texts.leaveNow}</span>
    </div>`;
  }
  const hurry = option.reach === "hurry";
  return html`<div class="when ${option.reach}">
    <span class="lead">${icon(hurry ? "run" : "walk")}${texts.leaveIn}</span>
    <span class="big ${option.minutes > 99 ? "long" : ""}">${texts.minutesShort(option.minutes)}</span>
  </div>`;
}

function ownMode(option: Option): string {
  return option.suggestion.legs.find((leg) => leg.mode !== "walk")?.mode ?? "walk";
}

function arrival(option: Option, scene: Scene): string {
  return clockTime(option.arriveAt, scene.offsetAt(option.arriveAt));
}

function renderFacts(option: Option, row: DestinationRows, scene: Scene): TemplateResult {
  const { texts } = scene;
  const own = SCREEN_TEXTS[texts.language];
  const { suggestion } = option;
  const saved = formatSaved(suggestion, texts);
  const rides = option.minutes !== null;
  return html`<div class="facts">
    ${row.last?.suggestion.id === suggestion.id ? html`<span class="fact warn">${own.last}</span>` : nothing}
    ${few(suggestion) !== null && !scene.offline ? html`<span class="fact warn">${own.few(few(suggestion)!)}</span>` : nothing}
    ${suggestion.status === "tight" && few(suggestion) === null ? html`<span class="fact warn">${reasonText(suggestion.reason ?? "tight_change", texts)}</span>` : nothing}
    ${rides ? html`<span class="fact">${changes(suggestion.transfers, scene)}</span>` : nothing}
    ${saved ? html`<span class="fact">${icon("leaf")}${saved}</span>` : nothing}
  </div>`;
}

/** How many vehicles are left where a lobby full of people cannot all have one; null where there are plenty. */
function few({ crowd }: Suggestion): number | null {
  const left = crowd?.available ?? null;
  return left !== null && left > 0 && left <= FEW ? left : null;
}

function changes(transfers: number, scene: Scene): string {
  const { texts } = scene;
  return transfers === 0 ? texts.noTransfers : texts.transfers(transfers);
}

/** @param note what is to be known of it, in place of its changes */
function renderOther(to: Place, option: Option, scene: Scene, note = ""): TemplateResult {
  const { texts } = scene;
  const { suggestion, minutes } = option;
  return html`<li class="alt ${note ? "last" : ""}" data-id=${suggestion.id}>
    <span class="min ${option.reach}">
      ${minutes === null
        ? texts.anyTime
        : minutes < 1
          ? html`<b>${texts.leaveNow}</b>`
          : html`<span class="word">${texts.leaveIn}</span> <b>${texts.minutesShort(minutes)}</b>`}
    </span>
    <sr-legs brief .suggestion=${suggestion} .texts=${texts} ?offline=${scene.offline}></sr-legs>
    <span class="end">
      ${note
        ? html`<span class="why">${note}</span> · `
        : minutes === null
          ? nothing
          : html`<span class="changes">${changes(suggestion.transfers, scene)} · </span>`}
      ${texts.arrive} <b>${arrival(option, scene)}</b>
    </span>
    ${renderCode(to, suggestion, scene)}
  </li>`;
}

function renderBroken(item: Broken, best: Option | undefined, scene: Scene): TemplateResult {
  const { texts } = scene;
  const { suggestion, replacement } = item;
  const other = replacement && replacement !== best && replacement.minutes !== null ? replacement : null;
  return html`<li class="alt broken" data-id=${suggestion.id}>
    <span class="min">${icon("cancel")}<s>${wallTime(suggestion.leave_at)}</s></span>
    <sr-legs brief struck .suggestion=${suggestion} .texts=${texts} ?offline=${scene.offline}></sr-legs>
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

function byLeaving(left: Option, right: Option): number {
  return (left.minutes ?? Infinity) - (right.minutes ?? Infinity);
}
