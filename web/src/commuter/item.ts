/** One suggestion in the list; opened, leg by leg, with a way to take it along. */

import { html, nothing, type TemplateResult } from "lit";
import { reasonText, type Texts } from "../i18n";
import { icon } from "../parts/icons";
import { wallTime } from "../core/time";
import type { LastWay, Suggestion } from "../wire";
import type { CommuterTexts } from "./texts";
import { type Detail, leaveText, renderBar, renderFacts, renderLegs, span } from "./suggestion";

export interface ItemDetail extends Detail {
  ends: { from: string; to: string };
}

export function renderItem(suggestion: Suggestion, open: boolean, detail: ItemDetail, share: (query: string) => void): TemplateResult {
  const { moment, texts } = detail;
  const broken = suggestion.status === "broken";
  const leave = broken
    ? { text: reasonText(suggestion.reason, texts), reach: "why" }
    : leaveText(suggestion, moment, texts);
  const symbol = broken ? "cancel" : leave?.reach === "hurry" ? "run" : null;
  return html`<article class="item ${open ? "open" : ""} ${broken ? "broken" : ""}" data-id=${suggestion.id}>
    <button type="button" data-item=${suggestion.id} aria-expanded=${open ? "true" : "false"}>
      <span class="leave ${leave?.reach ?? ""}">${symbol ? icon(symbol) : nothing} ${leave?.text}</span>
      <span class="span">${span(suggestion, moment)}</span>
      ${renderBar(suggestion, texts)} ${renderFacts(suggestion, texts)}
    </button>
    ${open ? html`${renderLegs(suggestion, detail)}${broken ? nothing : renderShare(suggestion, detail, share)}` : nothing}
  </article>`;
}

function renderShare(suggestion: Suggestion, { ends, own }: ItemDetail, share: (query: string) => void): TemplateResult {
  const query = new URLSearchParams({ ...ends, id: suggestion.id, at: suggestion.leave_at }).toString();
  return html`<p class="share">
    <a href="/s?${query}">${icon("follow")}${own.follow}</a>
    <a href=${calendarPath(suggestion, ends)} download>${icon("calendar")}${own.calendar}</a>
    <button type="button" @click=${() => share(query)}>${icon("share")}${own.share}</button>
  </p>`;
}

/** The suggestion as an event for a calendar. */
export function calendarPath(suggestion: Suggestion, question: Record<string, string>): string {
  const query = new URLSearchParams({ ...question, at: suggestion.leave_at });
  return `/v1/suggestions/${encodeURIComponent(suggestion.id)}.ics?${query}`;
}

/** The last way there tonight, once it is time to think of it. */
export function renderLast(last: LastWay, own: CommuterTexts): TemplateResult {
  return html`<p class="last warning">
    ${icon("night")}${own.last(wallTime(last.leave_at), wallTime(last.arrive_at))}
  </p>`;
}

/** Does a timetable bind it? */
export function isTimed(suggestion: Suggestion): boolean {
  return suggestion.legs.some((leg) => leg.line !== undefined);
}

/** What the server refuses, in words for who asked. */
export function problemText(problem: { code: string; title: string; detail: string }, texts: Texts, own: CommuterTexts): string {
  const known: Record<string, string> = { "404": own.unknownPlace, "422": own.outsideTimetable, "503": own.starting };
  return known[problem.code] ?? texts.problem(problem.detail || problem.title);
}
