/** The screen's head and foot: where and when this is, how things are, what else is to be known. */

import { html, nothing, type TemplateResult } from "lit";
import { keyed } from "lit/directives/keyed.js";
import { instant } from "../core/minutes";
import { clockDate, clockTime } from "../core/time";
import { alertText, formatAge, formatDate } from "../i18n";
import { icon } from "../parts/icons";
import type { AlertItem, Feed, OfficeView } from "../wire";
import { conditionText, type Moment, offlineText } from "./condition";
import type { OfficeRows } from "./model";

const ALERT_TURN_MS = 9_000;

export function renderHead(
  view: OfficeView | null,
  rows: OfficeRows | null,
  logo: string | null,
  moment: Moment,
  tools: TemplateResult,
): TemplateResult {
  const { now, zoneOffsetMin, texts } = moment;
  const [hours, minutes] = Number.isNaN(now) ? [] : clockTime(now, zoneOffsetMin).split(":");
  return html`<header class="head">
    ${logo ? html`<img class="logo" src=${logo} alt="" />` : nothing}
    <div>
      <h1>${view?.office.name ?? texts.brand}</h1>
      <div class="sub">
        <span class="day">${Number.isNaN(now) ? texts.connecting : formatDate(clockDate(now, zoneOffsetMin), texts)}</span>
        ${view?.demo ? html`<span class="demo">${texts.demo}</span>` : nothing} ${renderCondition(rows, moment)} ${tools}
      </div>
    </div>
    <time class="clock">${hours === undefined ? nothing : html`${hours}<span class="colon">:</span>${minutes}`}</time>
  </header>`;
}

function renderCondition(rows: OfficeRows | null, moment: Moment): TemplateResult {
  const text = conditionText(rows, moment);
  const chip = text === null ? nothing : html`<span class="chip">${icon(rows?.state === "offline" ? "offline" : "alert")}${text}</span>`;
  // The region stands there before it speaks: what appears with its text is not read out.
  if (moment.spoken === moment.texts) return html`<span class="condition" role="status">${chip}</span>`;
  return html`<span class="condition" aria-hidden="true">${chip}</span>
    <span class="sr" role="status" lang=${moment.spoken.tag}>${conditionText(rows, { ...moment, texts: moment.spoken })}</span>`;
}

export function renderFoot(
  view: OfficeView | null,
  rows: OfficeRows | null,
  feeds: readonly Feed[],
  moment: Moment,
): TemplateResult {
  return html`<footer>
    ${renderAlert(rows?.alerts ?? [], moment)} ${renderAge(rows, feeds, moment)}
    <span class="credit">${view?.attribution.join(" · ") ?? nothing}</span>
  </footer>`;
}

function renderAlert(alerts: readonly AlertItem[], { now, texts }: Moment): TemplateResult {
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

function renderAge(rows: OfficeRows | null, feeds: readonly Feed[], moment: Moment): TemplateResult {
  const { now, texts } = moment;
  if (!rows) return html`<span class="age">${texts.connecting}</span>`;
  if (rows.state === "offline") return html`<span class="age bad">${offlineText(moment)}</span>`;
  const realtime = feeds.filter((feed) => feed.kind === "realtime" && feed.updated_at);
  const predicting = realtime.filter((feed) => (feed.entities["trip_updates"] ?? 0) > 0);
  const times = (predicting.length > 0 ? predicting : realtime).map((feed) => instant(feed.updated_at ?? ""));
  if (times.length === 0) return html`<span class="age">${texts.noRealtime}</span>`;
  const age = (now - Math.min(...times)) / 1000;
  const bad = rows.staleSince !== null;
  return html`<span class="age ${bad ? "bad" : ""}"
    >${bad ? icon("alert") : html`<span class="dot"></span>`}${texts.realtimeAge(formatAge(age, texts))}</span
  >`;
}
