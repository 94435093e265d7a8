/** A way as one row: when to leave and when one is there, the chain of legs, facts; opened, leg by leg. */

import { html, nothing, type TemplateResult } from "lit";
import { instant } from "../core/minutes";
import { clockTime, wallTime } from "../core/time";
import { formatNumber, reasonText, type Texts } from "../i18n";
import { type Broken, isTimetabled, type Option } from "../office/model";
import { badge } from "../parts/badge";
import { icon } from "../parts/icons";
import type { Leg, Price, Suggestion } from "../wire";
import type { WidgetTexts } from "./texts";

/** What every row is drawn with, at one moment. */
export interface Look {
  texts: Texts;
  own: WidgetTexts;
  now: number;
  offline: boolean;
  zoneOffsetMin: number;
}

/** Walks shorter than this are not told as legs of their own. */
const LEAST_WALK_S = 60;

export function renderOption(option: Option, look: Look, open: boolean, toggle: () => void): TemplateResult {
  const { texts } = look;
  const { suggestion } = option;
  return html`<li class="way" part="suggestion" data-id=${suggestion.id}>
    <button class="row" aria-expanded=${open ? "true" : "false"} @click=${toggle}>
      <b class="lead ${option.reach}" part="leave">${leadText(option, texts)}</b>
      <span class="at" part="arrive"><span class="sr">${texts.arrive} </span>${arrival(option, look)}</span>
      <span class="how">
        <span class="chain" part="chain">${renderChain(suggestion, look)}</span>
        <span class="facts">${facts(option, look)}</span>
      </span>
    </button>
    ${open ? html`<ol class="legs" part="legs">${shownLegs(suggestion).map((leg) => renderLeg(leg, look))}</ol>` : nothing}
  </li>`;
}

export function renderBroken(item: Broken, look: Look): TemplateResult {
  const { texts } = look;
  const { suggestion, replacement } = item;
  return html`<li class="way broken" part="suggestion suggestion-broken" data-id=${suggestion.id}>
    <div class="row">
      <b class="lead"><s>${texts.leave} ${wallTime(suggestion.leave_at)}</s></b>
      <span class="at why">${icon("cancel")}${reasonText(suggestion.reason, texts)}</span>
      <span class="how">
        <span class="chain">${renderChain(suggestion, look, true)}</span>
        ${replacement && replacement.minutes !== null
          ? html`<span class="facts">${texts.instead}: ${leadText(replacement, texts).toLowerCase()}</span>`
          : nothing}
      </span>
    </div>
  </li>`;
}

function leadText(option: Option, texts: Texts): string {
  if (option.minutes === null) return texts.anyTime;
  return option.minutes < 1 ? texts.leaveNow : `${texts.leaveIn} ${texts.minutesShort(option.minutes)}`;
}

/** What may leave at any time arrives as long after now as it takes. */
function arrival(option: Option, look: Look): string {
  if (option.minutes !== null) return wallTime(option.suggestion.arrive_at);
  const leave = Math.max(look.now, instant(option.suggestion.leave_at));
  return clockTime(leave + option.suggestion.duration_s * 1000, look.zoneOffsetMin);
}

function facts(option: Option, look: Look): TemplateResult {
  const { texts, own } = look;
  const { suggestion } = option;
  if (suggestion.status === "tight") {
    return html`<span class="warn">${icon("alert")}${reasonText(suggestion.reason ?? "tight_change", texts)}</span>`;
  }
  if (option.reach === "hurry") return html`<span class="warn">${icon("run")}${texts.hurry}</span>`;
  if (option.minutes === null) return html`${own.takes(texts.minutesShort(minutes(suggestion.duration_s)))}`;
  return html`${suggestion.transfers === 0 ? texts.noTransfers : texts.transfers(suggestion.transfers)}`;
}

function renderChain(suggestion: Suggestion, look: Look, struck = false): TemplateResult[] {
  const legs = chainLegs(suggestion);
  return legs.map(
    (leg, index) => html`<span class="link">${isTimetabled(leg) ? renderRide(leg, look, struck) : renderOwn(leg, look)}${
      index < legs.length - 1 ? icon("chevronRight") : nothing
    }</span>`,
  );
}

/** The first walk matters for when to leave; later ones are told where the row is opened. */
function chainLegs(suggestion: Suggestion): Leg[] {
  return shownLegs(suggestion).filter((leg, index) => index === 0 || leg.mode !== "walk");
}

function shownLegs(suggestion: Suggestion): Leg[] {
  const told = suggestion.legs.filter((leg) => leg.mode !== "walk" || seconds(leg) >= LEAST_WALK_S);
  return told.length > 0 ? told : suggestion.legs;
}

function renderRide(leg: Leg, look: Look, struck: boolean): TemplateResult {
  const { texts } = look;
  return html`<span class="sr">${texts.modes[leg.mode] ?? leg.mode} </span>${
    leg.line ? badge(leg.line, texts, struck) : icon(leg.mode)
  }<span>${departTime(leg, look)}</span>`;
}

function renderOwn(leg: Leg, look: Look): TemplateResult {
  const { texts } = look;
  const free = leg.pickup?.available;
  return html`${icon(leg.mode, texts.modes[leg.mode] ?? leg.mode)}<span>${texts.minutes(minutes(seconds(leg)))}</span>${
    free != null && !look.offline ? html`<span>· ${texts.free(free)}</span>` : nothing
  }`;
}

function renderLeg(leg: Leg, look: Look): TemplateResult {
  const { texts, own } = look;
  const platform = leg.from.platform ? `, ${texts.platform(leg.from.platform)}` : "";
  const planned = leg.depart.scheduled;
  const differs = !look.offline && planned !== null && wallTime(planned) !== wallTime(leg.depart.expected);
  const ride = isTimetabled(leg);
  return html`<li part="leg">
    <time>${departTime(leg, look)}${ride && differs ? html`<s>${wallTime(planned)}</s>` : nothing}</time>
    <span class="what">
      ${ride && leg.line
        ? html`${badge(leg.line, texts)}<span>${leg.headsign ? own.toward(leg.headsign) : ""}</span>`
        : html`${icon(leg.mode)}<span>${texts.modes[leg.mode] ?? leg.mode}, ${texts.minutes(minutes(seconds(leg)))}</span>`}
    </span>
    ${ownFacts(leg, look)}
    <span class="stop">${leg.from.name}${ride ? platform : ""} – ${leg.to.name} ${wallTime(leg.arrive.expected)}</span>
  </li>`;
}

/** What a shared vehicle costs, and how likely it is to be there; nothing without a connection. */
function ownFacts(leg: Leg, { texts, own, offline }: Look): TemplateResult | typeof nothing {
  if (offline) return nothing;
  const chance = leg.pickup?.chance === undefined ? "" : texts.chance(Math.round(leg.pickup.chance * 100));
  const price = leg.price ? own.price(formatPrice(leg.price, texts)) : "";
  const told = [chance, price].filter(Boolean).join(" · ");
  return told ? html`<span class="stop fact">${told}</span>` : nothing;
}

function formatPrice({ amount, currency }: Price, texts: Texts): string {
  return `${formatNumber(amount, Number.isInteger(amount) ? 0 : 2, texts)} ${currency === "NOK" ? "kr" : currency}`;
}

function departTime(leg: Leg, look: Look): string {
  return wallTime(look.offline ? (leg.depart.scheduled ?? leg.depart.expected) : leg.depart.expected);
}

function seconds(leg: Leg): number {
  return (instant(leg.arrive.expected) - instant(leg.depart.expected)) / 1000;
}

function minutes(duration: number): number {
  return Math.max(1, Math.round(duration / 60));
}
