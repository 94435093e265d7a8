/** What a screen reader is told: that something became another, once, and never that a minute has passed. Pure. */

import type { CommuterTexts } from "./texts";

export interface Announcement {
  about: string;
  text: string;
  offline: boolean;
}

export interface Situation {
  question: string;
  /** How many ways; null while none have come. */
  found: number | null;
  problem: string;
  /** Why the chosen way no longer holds, in words; "" where it does. */
  broken: string;
  /** Since when there is no connection, in words; "" where there is one. */
  offline: string;
  own: CommuterTexts;
}

export const SILENCE: Announcement = { about: "", text: "", offline: false };

export function announce(before: Announcement, now: Situation): Announcement {
  const offline = now.offline !== "";
  const about = [now.question, now.found !== null, now.problem, now.broken, offline].join("\n");
  return about === before.about ? before : { about, offline, text: textOf(before, now, offline) };
}

function textOf(before: Announcement, now: Situation, offline: boolean): string {
  if (offline) return now.offline;
  if (before.offline) return now.own.connected;
  if (now.broken) return now.broken;
  return now.found ? now.own.found(now.found) : "";
}
