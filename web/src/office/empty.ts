/** What stands where there is nothing to show: each kind of nothing with its own look and words. */

import { html, nothing, type TemplateResult } from "lit";
import { wallDay, wallTime } from "../core/time";
import type { Texts } from "../i18n";
import { icon } from "../parts/icons";
import type { OfficeRows } from "./model";
import type { Scene } from "./scene";
import { SCREEN_TEXTS } from "./texts";

export function panel(kind: string, symbol: string, title: string, text: string): TemplateResult {
  return html`<div class="panel ${kind}" role="status">${icon(symbol)}<strong>${title}</strong><span>${text}</span></div>`;
}

/** While nothing has come yet; words stand in the first, where there are any. */
export function bones(words = ""): TemplateResult {
  return html`<div class="bone">${words ? html`<p class="waiting" role="status">${words}</p>` : nothing}</div>
    <div class="bone"></div>
    <div class="bone"></div>`;
}

/** Nothing leaves for a while: the day is over, or it is a pause. */
export function lullPanel(rows: OfficeRows, scene: Scene): TemplateResult {
  const { texts } = scene;
  const own = SCREEN_TEXTS[texts.language];
  if (rows.first === null) return panel("nothing", "stop", texts.emptyTitle, texts.emptyText);
  const later = wallDay(rows.first) !== scene.today ? ` ${texts.tomorrow}` : "";
  const at = wallTime(rows.first) + later;
  if (rows.lull === "night") return panel("night", "night", texts.nightTitle, texts.nightText(at));
  return panel("pause", "pause", own.pauseTitle, own.pauseText(at));
}

/** Nothing to board or ride within walking distance. */
export function nothingNear(texts: Texts): TemplateResult {
  const own = SCREEN_TEXTS[texts.language];
  return panel("far", "stop", own.nearTitle, own.nearText);
}

export function noDestinations(texts: Texts): TemplateResult {
  const own = SCREEN_TEXTS[texts.language];
  return panel("aimless", "place", own.noDestinations, own.noDestinationsHow);
}
