/** How things are, in words. */

import { clockTime, wallTime } from "../core/time";
import type { Texts } from "../i18n";
import type { OfficeRows } from "./model";
import { SCREEN_TEXTS } from "./texts";

export interface Moment {
  now: number;
  zoneOffsetMin: number;
  /** The same at another instant: clocks may have changed since. */
  offsetAt(epochMs: number): number;
  texts: Texts;
  /** Those that do not take turns: what is announced is announced once. */
  spoken: Texts;
  /** When the server's word was last known to be true; undefined where it never was. */
  heldAt: number | undefined;
}

/** What is wrong, in words; null while all is well. */
export function conditionText(rows: OfficeRows | null, moment: Moment): string | null {
  const { texts } = moment;
  if (rows?.state === "offline") return offlineText(moment);
  if (rows?.staleSince != null) {
    return rows.staleSince ? texts.staleSince(wallTime(rows.staleSince)) : texts.noRealtime;
  }
  const kind = rows?.failing[0];
  return kind === undefined ? null : (SCREEN_TEXTS[texts.language].failing[kind] ?? null);
}

export function offlineText({ heldAt, texts, offsetAt }: Moment): string {
  if (heldAt === undefined || Number.isNaN(heldAt)) return texts.offlineLong;
  return texts.offlineSince(clockTime(heldAt, offsetAt(heldAt)));
}
