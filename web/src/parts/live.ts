/** How much a live time is to be believed, in a sign and in words. */

import { html, type TemplateResult } from "lit";
import { wallTime } from "../core/time";
import type { Texts } from "../i18n";

/** Beside a live time: a full dot; an open one where it is the last that was heard before real time stopped. */
export function liveDot(texts: Texts, stale: boolean): TemplateResult {
  return html`<span class="dot ${stale ? "old" : ""}" role="img" aria-label=${stale ? texts.lastHeard : texts.live}></span>`;
}

/** "Sanntid mangler siden 15:45", by the `realtime_at` of an answer. */
export function staleText(texts: Texts, realtimeAt: string | undefined): string {
  return realtimeAt ? texts.staleSince(wallTime(realtimeAt)) : texts.noRealtime;
}
