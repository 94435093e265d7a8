import { html, nothing, type TemplateResult } from "lit";
import { badgeColors } from "../core/color";
import { instant } from "../core/minutes";
import { clockTime, wallTime } from "../core/time";
import { formatDistance, formatSaved, reasonText, type Texts } from "../i18n";
import { presentOption } from "../office/model";
import { icon } from "../parts/icons";
import { paint } from "../parts/paint";
import type { Call, Leg, StopCall, Suggestion } from "../wire";
import { type Segment, segments } from "./bar";

export interface Moment {
  now: number;
  zoneOffsetMin: number;
  offline: boolean;
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

/** The legs, stop by stop. */
export function renderLegs(suggestion: Suggestion, moment: Moment, opened: ReadonlySet<string>, texts: Texts): TemplateResult {
  const last = suggestion.legs.at(-1);
  return html`<ol class="legs">
    ${suggestion.legs.map((leg, index) =>
      leg.line ? renderRide(leg, `${suggestion.id}/${index}`, moment, opened, texts) : renderOwn(leg, texts),
    )}
    ${last && !last.line
      ? html`<li class="end"><time>${wallTime(last.arrive.expected)}</time><u></u><span><b>${last.to.name}</b></span></li>`
      : nothing}
  </ol>`;
}

function renderOwn(leg: Leg, texts: Texts): TemplateResult {
  const minutes = Math.max(1, Math.round((instant(leg.arrive.expected) - instant(leg.depart.expected)) / 60_000));
  const free = pickupText(leg, texts);
  const docks = leg.dropoff?.docks;
  return html`<li class="own ${leg.mode}">
    <time>${wallTime(leg.depart.expected)}</time><u></u>
    <span>
      <b>${leg.pickup?.name ?? leg.from.name}</b>
      <em>${icon(leg.mode)}${texts.minutes(minutes)} · ${formatDistance(leg.distance_m, texts)}
        ${free ? ` · ${free}` : nothing}${docks != null ? ` · ${texts.docksFree(docks)}` : nothing}</em>
    </span>
  </li>`;
}

function renderRide(leg: Leg, key: string, moment: Moment, opened: ReadonlySet<string>, texts: Texts): TemplateResult {
  const colors = badgeColors(leg.line?.color ?? null, leg.line?.text_color ?? null, leg.mode);
  const between = (leg.stops ?? []).filter(
    (call) => call.stop.id !== leg.from.stop_id && call.stop.id !== leg.to.stop_id,
  );
  const open = opened.has(key);
  return html`<li class="ride ${leg.cancelled ? "cancelled" : ""}">
    ${renderTime(leg.depart, moment)}<u ${paint({ "background-color": colors.ground })}></u>
    <span>
      <b>${leg.from.name}</b>${leg.from.platform ? html` · ${texts.platform(leg.from.platform)}` : nothing}
      ${leg.platform_changed ? html`<strong class="tight">${texts.platformChanged}</strong>` : nothing}
      <em
        ><span class="badge" ${paint({ "background-color": colors.ground, color: colors.ink })}
          >${icon(leg.mode)}<span>${leg.line?.name}</span></span
        >
        ${leg.headsign ?? ""} ${leg.stay_seated ? html`· ${texts.stay}` : nothing}</em
      >
      <em>${liveText(leg, moment, texts)}</em>
      ${between.length > 0
        ? html`<button type="button" class="stops" data-stops=${key} aria-expanded=${open ? "true" : "false"}>
            ${icon(open ? "chevronDown" : "chevronRight")}${texts.stops(between.length)}
          </button>`
        : nothing}
      ${open ? html`<ul>${between.map((call) => renderCall(call))}</ul>` : nothing}
    </span>
    <time class="off">${wallTime(leg.arrive.expected)}</time>
    <span class="off"><b>${leg.to.name}</b>${leg.to.platform ? html` · ${texts.platform(leg.to.platform)}` : nothing}</span>
  </li>`;
}

function renderTime(call: Call, moment: Moment): TemplateResult {
  const planned = call.scheduled ? wallTime(call.scheduled) : null;
  const expected = wallTime(call.expected);
  if (moment.offline && planned) return html`<time>${planned}</time>`;
  return planned && planned !== expected
    ? html`<time><b>${expected}</b><s>${planned}</s></time>`
    : html`<time>${expected}</time>`;
}

function renderCall(call: StopCall): TemplateResult {
  const at = call.depart ?? call.arrive;
  return html`<li><time>${at ? wallTime(at.expected) : ""}</time> ${call.stop.name}</li>`;
}

function liveText(leg: Leg, moment: Moment, texts: Texts): TemplateResult {
  if (leg.cancelled) return html`<strong class="gone">${texts.cancelled}</strong>`;
  if (!leg.realtime || moment.offline || !leg.depart.scheduled) return html`${texts.planned}`;
  const late = Math.round((instant(leg.depart.expected) - instant(leg.depart.scheduled)) / 60_000);
  const text = late > 0 ? texts.delayed(late) : late < 0 ? texts.early(-late) : texts.onTime;
  return html`<span class="dot"></span> <span class=${late > 0 ? "tight" : ""}>${text}</span>`;
}
