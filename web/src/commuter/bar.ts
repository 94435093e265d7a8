/** A suggestion as a bar to scale: what each minute of it is spent on. Pure. */

import { instant } from "../core/minutes";
import type { Leg, Suggestion } from "../wire";

export interface Segment {
  kind: "ride" | "own" | "wait";
  seconds: number;
  leg: Leg | null;
}

const OWN = new Set(["walk", "bike", "scooter", "car"]);
/** Shorter pauses are no waiting. */
const LEAST_WAIT_S = 45;

export function segments(suggestion: Suggestion): Segment[] {
  const result: Segment[] = [];
  let at = instant(suggestion.leave_at);
  for (const leg of suggestion.legs) {
    const depart = instant(leg.depart.expected);
    const arrive = instant(leg.arrive.expected);
    const wait = (depart - at) / 1000;
    if (wait >= LEAST_WAIT_S) result.push({ kind: "wait", seconds: wait, leg: null });
    result.push({ kind: OWN.has(leg.mode) ? "own" : "ride", seconds: Math.max(0, (arrive - depart) / 1000), leg });
    at = arrive;
  }
  return result;
}
