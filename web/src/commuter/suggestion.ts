import { html, nothing, type TemplateResult } from "lit";
import { badgeColors } from "../core/color";
import { instant } from "../core/minutes";
import { clockTime, wallTime } from "../core/time";
import { progressOf, tripOf, type Trips } from "../core/follow";
import { formatAge, formatDistance, formatNumber, formatSaved, reasonText, type Texts } from "../i18n";
import { presentOption } from "../office/model";
import { icon } from "../parts/icons";
import { liveDot } from "../parts/live";
import { paint } from "../parts/paint";
import type { Call, Leg, Place, Price, StopCall, Suggestion, Vehicle } from "../wire";
import { type Segment, segments } from "./bar";
import type { CommuterTexts } from "./texts";

export interface Moment {
  now: number;
  zoneOffsetMin: number;
  offline: boolean;
  /** Real time has stopped: what is live is the last that was heard. */
  stale: boolean;
  /** The suggestions are for another time than now: no countdown. */
  later: boolean;
}

/** "Gå om 4 min", "Gå nå", "Når du vil", or the time for a journey of another hour; null once it has left. */
export function leaveText(suggestion: Suggestion, moment: Moment, texts: Texts): { text: string; reach: string } | null {
  const option = presentOption(suggestion, moment.now);
  if (moment.later && option?.minutes !== null) {
    return { text: `${texts.leave} ${wallTime(suggestion.leave_at)}`, reach: "go" };
  }
  if (!option) return null;
  if (option.minutes === null) return { text: texts.anyTime, reach: "free" };
  if (option.minutes < 1) return { text: texts.leaveNow, reach: "hurry" };
  return { text: `${texts.leaveIn} ${texts.minutesShort(option.minutes)}`, reach: option.reach };
}

export function span(suggestion: Suggestion, moment: Moment): string {
  const free = !moment.later && presentOption(suggestion, moment.now)?.minutes === null;
  if (!free) return `${wallTime(suggestion.leave_at)} – ${wallTime(suggestion.arrive_at)}`;
  const leave = Math.max(moment.now, instant(suggestion.leave_at));
  const arrive = leave + suggestion.duration_s * 1000;
  return `${clockTime(leave, moment.zoneOffsetMin)} – ${clockTime(arrive, moment.zoneOffsetMin)}`;
}

export function renderBar(suggestion: Suggestion, texts: Texts): TemplateResult {
  return html`<div class="bar" aria-hidden="true">${segments(suggestion).map((part) => renderSegment(part, texts))}</div>`;
}

function renderSegment(part: Segment, texts: Texts): TemplateResult {
  const grow = paint({ "flex-grow": String(Math.max(60, part.seconds)) });
  if (!part.leg) return html`<span class="wait" ${grow}></span>`;
  if (part.kind === "own") {
    return html`<span class="own ${part.leg.mode}" ${grow}>
      ${icon(part.leg.mode)}<em>${Math.max(1, Math.round(part.seconds / 60))}</em>
    </span>`;
  }
  const { line } = part.leg;
  const colors = badgeColors(line?.color ?? null, line?.text_color ?? null, part.leg.mode);
  return html`<span
    class="ride"
    ${paint({ "flex-grow": String(Math.max(60, part.seconds)), "background-color": colors.ground, color: colors.ink })}
    >${icon(part.leg.mode)}<em>${line?.name ?? texts.modes[part.leg.mode]}</em></span
  >`;
}

export function renderFacts(suggestion: Suggestion, texts: Texts): TemplateResult {
  const rides = suggestion.legs.some((leg) => leg.line !== undefined);
  const changes = suggestion.transfers === 0 ? texts.noTransfers : texts.transfers(suggestion.transfers);
  const facts = [
    rides ? changes : "",
    suggestion.walk_m >= 30 ? texts.walkDistance(formatDistance(suggestion.walk_m, texts)) : "",
    ...suggestion.legs.map((leg) => pickupText(leg, texts)),
  ].filter(Boolean);
  const saved = formatSaved(suggestion, texts);
  const tight = suggestion.status === "tight" ? reasonText(suggestion.reason ?? "tight_change", texts) : "";
  return html`<div class="facts">
    <span>${facts.join(" · ")}${tight ? html`<strong class="tight"> · ${tight}</strong>` : nothing}</span>
    ${saved ? html`<span class="saved">${icon("leaf")}${saved}</span>` : nothing}
  </div>`;
}

function pickupText(leg: Leg, texts: Texts): string {
  const free = leg.pickup?.available;
  return free == null || leg.pickup?.vehicle_id !== undefined ? "" : texts.free(free);
}

/** What the legs of an opened suggestion are drawn with. */
export interface Detail {
  moment: Moment;
  /** Rides whose stops are shown, by suggestion id and the leg's index. */
  opened: ReadonlySet<string>;
  trips: Trips;
  texts: Texts;
  own: CommuterTexts;
  /** Shows who asked for a way without steps what is known of each vehicle. */
  stepFree: boolean;
}

/** The legs, stop by stop. */
export function renderLegs(suggestion: Suggestion, detail: Detail): TemplateResult {
  const last = suggestion.legs.at(-1);
  return html`<ol class="legs">
    ${suggestion.legs.map((leg, index) => (leg.line ? renderRide(leg, `${suggestion.id}/${index}`, detail) : renderOwn(leg, detail)))}
    ${last && !last.line
      ? html`<li class="end"><time>${wallTime(last.arrive.expected)}</time><u></u><span><b>${last.to.name}</b></span></li>`
      : nothing}
  </ol>`;
}

function renderOwn(leg: Leg, { texts, own }: Detail): TemplateResult {
  const minutes = Math.max(1, Math.round((instant(leg.arrive.expected) - instant(leg.depart.expected)) / 60_000));
  const free = pickupText(leg, texts);
  const docks = leg.dropoff?.docks;
  const link = leg.pickup?.rental_url;
  return html`<li class="own ${leg.mode}">
    <time>${wallTime(leg.depart.expected)}</time><u></u>
    <span>
      <b>${leg.pickup?.name ?? leg.from.name}</b>
      <em
        >${icon(leg.mode, texts.modes[leg.mode] ?? leg.mode)}${texts.minutes(minutes)} · ${formatDistance(leg.distance_m, texts)}
        ${free ? ` · ${free}` : nothing}${leg.pickup?.chance !== undefined ? `, ${texts.chance(Math.round(leg.pickup.chance * 100))}` : nothing}
        ${leg.price ? ` · ${priceText(leg.price, texts, own)}` : nothing}${docks != null ? ` · ${texts.docksFree(docks)}` : nothing}
        ${link && /^https?:/.test(link) ? html`<a href=${link} rel="noopener noreferrer" target="_blank">${leg.provider ?? link}</a>` : nothing}</em
      >
    </span>
  </li>`;
}

function renderRide(leg: Leg, key: string, detail: Detail): TemplateResult {
  const { moment, texts, own } = detail;
  const colors = badgeColors(leg.line?.color ?? null, leg.line?.text_color ?? null, leg.mode);
  const between = (leg.stops ?? []).slice(1, -1);
  const open = detail.opened.has(key);
  return html`<li class="ride ${leg.cancelled ? "cancelled" : ""}">
    ${renderTime(leg.depart, moment)}<u ${paint({ "background-color": colors.ground })}></u>
    <span>
      <b>${stopLink(leg.from)}</b>${leg.from.platform ? html` · ${texts.platform(leg.from.platform)}` : nothing}
      ${leg.platform_changed ? html`<strong class="tight">${texts.platformChanged}</strong>` : nothing}
      <em
        ><span class="badge" ${paint({ "background-color": colors.ground, color: colors.ink })}
          >${icon(leg.mode, texts.modes[leg.mode] ?? leg.mode)}<span>${leg.line?.name}</span></span
        >
        ${leg.headsign ?? ""} ${leg.stay_seated ? html`· ${texts.stay}` : nothing}</em
      >
      <em>${liveText(leg, moment, texts)}${detail.stepFree ? stepFreeText(leg, own) : nothing}</em>
      ${renderProgress(leg, detail)}
      ${between.length > 0
        ? html`<button type="button" class="stops" data-stops=${key} aria-expanded=${open ? "true" : "false"}>
            ${icon(open ? "chevronDown" : "chevronRight")}${texts.stops(between.length)}
          </button>`
        : nothing}
      ${open ? html`<ul>${between.map((call) => renderCall(call, detail))}</ul>` : nothing}
    </span>
    <time class="off">${renderTimes(leg.arrive, moment)}</time>
    <span class="off"><b>${stopLink(leg.to)}</b>${leg.to.platform ? html` · ${texts.platform(leg.to.platform)}` : nothing}</span>
  </li>`;
}

function priceText({ amount, currency }: Price, texts: Texts, own: CommuterTexts): string {
  return own.price(formatNumber(amount, Number.isInteger(amount) ? 0 : 2, texts), currency === "NOK" ? "kr" : currency);
}

/** A vehicle on the map in words: "buss 31 → Grorud". */
export function vehicleText({ line, headsign }: Vehicle, texts: Texts): string {
  const name = line ? `${texts.modes[line.mode] ?? line.mode} ${line.name}` : "";
  return [name, headsign].filter(Boolean).join(" → ");
}

function stopLink(place: Place): TemplateResult | string {
  return place.stop_id ? html`<a href="/stop/${encodeURIComponent(place.stop_id)}">${place.name}</a>` : place.name;
}

function stepFreeText(leg: Leg, own: CommuterTexts): TemplateResult {
  return html` · ${icon("wheelchair")}${leg.wheelchair === true ? own.stepFreeYes : own.stepFreeUnknown}`;
}

function renderTime(call: Call, moment: Moment): TemplateResult {
  return html`<time>${renderTimes(call, moment)}</time>`;
}

function renderTimes(call: Call, moment: Moment): TemplateResult {
  const planned = call.scheduled ? wallTime(call.scheduled) : null;
  const expected = wallTime(call.expected);
  if (moment.offline && planned) return html`${planned}`;
  return planned && planned !== expected ? html`<b>${expected}</b><s>${planned}</s>` : html`${expected}`;
}

function renderCall(call: StopCall, detail: Detail): TemplateResult {
  const at = call.depart ?? call.arrive;
  const passed = at !== null && instant(at.expected) < detail.moment.now;
  return html`<li class=${passed ? "passed" : ""}>
    <time>${at ? wallTime(at.expected) : ""}</time> ${call.stop.name}${passed ? html`<span class="sr"> (${detail.own.passed})</span>` : nothing}
  </li>`;
}

/** Where the vehicle is now, by its trip; nothing where that is not known, or is no news yet. */
function renderProgress(leg: Leg, detail: Detail): TemplateResult | typeof nothing {
  const { moment, own, texts } = detail;
  const trip = tripOf(leg, detail.trips);
  if (!trip || moment.offline || !trip.realtime || leg.cancelled) return nothing;
  const progress = progressOf(leg, trip, moment.now);
  if (!progress || instant(leg.arrive.expected) < moment.now) return nothing;
  const words = !progress.hasStarted
    ? own.notStarted
    : progress.before > 0
      ? own.stopsAway(progress.before)
      : progress.before === 0
        ? own.atStop
        : own.nextStop(progress.next.stop.name);
  const reported = trip.vehicle?.reported_at;
  const age = reported ? own.seen(formatAge((moment.now - instant(reported)) / 1000, texts)) : "";
  return html`<em class="progress">${icon(leg.mode)}${words}${age ? html`<small>· ${age}</small>` : nothing}</em>`;
}

function liveText(leg: Leg, moment: Moment, texts: Texts): TemplateResult {
  if (leg.cancelled) return html`<strong class="gone">${texts.cancelled}</strong>`;
  if (!leg.realtime || moment.offline || !leg.depart.scheduled) return html`${texts.planned}`;
  // By the minutes that stand beside it: 15:59:30 for 15:59:00 reads "15:59", and that is on time.
  const late = Math.floor(instant(leg.depart.expected) / 60_000) - Math.floor(instant(leg.depart.scheduled) / 60_000);
  const text = late > 0 ? texts.delayed(late) : late < 0 ? texts.early(-late) : texts.onTime;
  return html`${liveDot(texts, moment.stale)} <span class=${late > 0 ? "tight" : ""}>${text}</span>`;
}
