/**
 * One suggestion that somebody took along from a lobby's screen: which it is, how it fares, and what to do next. Pure.
 * What a reader would get wrong: the server tells of a suggestion only until it is time to leave; from then on the
 * trips that it rides tell, until it has arrived, and then the link is worth nothing any more.
 */

import type { Params } from "../core/frames";
import { refreshed, type Trips } from "../core/follow";
import { instant } from "../core/minutes";
import { isoInstant } from "../core/time";
import type { Leg, Suggestion, Suggestions } from "../wire";

export interface Link {
  from: string;
  to: string;
  id: string;
  /** When it was to be left, where that is known: it is looked for around then. */
  at: string | null;
  /** The office's own settings, as the API takes them. */
  more: Params;
}

export type Stage = "finding" | "unknown" | "before" | "under_way" | "broken" | "arrived";

export type Step =
  | { kind: "go"; leg: Leg; toward: Leg | null }
  | { kind: "wait"; leg: Leg }
  | { kind: "ride"; leg: Leg };

const MORE = ["modes", "providers", "max_transfers", "max_walk_m", "walk_speed", "wheelchair"];
const AROUND_MS = 10 * 60_000;
const BACK_MS = 90 * 60_000;
/** Somebody a little late still wants to read where to get off. */
const STAYS_MS = 120_000;

export function parseLink(query: URLSearchParams): Link | null {
  const [from, to, id] = [query.get("from"), query.get("to"), query.get("id")];
  if (!from || !to || !id) return null;
  const at = query.get("at");
  const more = Object.fromEntries(MORE.flatMap((name) => (query.get(name) ? [[name, query.get(name)!]] : [])));
  return { from, to, id, at: at && !Number.isNaN(instant(at)) ? at : null, more };
}

/** Where to look: around its time; else among those to come, and, if it is not there, among those that have left. */
export function questionOf(link: Link, now: number, zoneOffsetMin: number, isLookingBack: boolean): Params {
  const ends: Params = { from: link.from, to: link.to, limit: 50, ...link.more };
  if (link.at) return { ...ends, at: isoInstant(instant(link.at) - AROUND_MS, zoneOffsetMin), window_s: 3600 };
  if (!isLookingBack) return ends;
  return { ...ends, at: isoInstant(Math.floor((now - BACK_MS) / 60_000) * 60_000, zoneOffsetMin), window_s: BACK_MS / 1000 };
}

/** What is known of it now: the server's word while there is one, else what it last said, by its trips. */
export function follow(id: string, told: Suggestions | null, last: Suggestion | null, trips: Trips): Suggestion | null {
  const current = told?.suggestions.find((suggestion) => suggestion.id === id);
  if (current) return current;
  return last && refreshed(last, trips);
}

export function stageOf(suggestion: Suggestion | null, now: number, isSearched: boolean): Stage {
  if (!suggestion) return isSearched ? "unknown" : "finding";
  if (now >= instant(suggestion.arrive_at) + STAYS_MS) return "arrived";
  if (suggestion.status === "broken") return "broken";
  return now < instant(suggestion.leave_at) ? "before" : "under_way";
}

/** What to do now, once it has been left. */
export function stepOf(suggestion: Suggestion, now: number): Step | null {
  const index = suggestion.legs.findIndex((leg) => instant(leg.arrive.expected) > now);
  const leg = suggestion.legs[index];
  if (!leg) return null;
  if (!leg.line) return { kind: "go", leg, toward: suggestion.legs.slice(index).find((next) => next.line) ?? null };
  return instant(leg.depart.expected) > now ? { kind: "wait", leg } : { kind: "ride", leg };
}

/** What takes its place. */
export function replacementOf(suggestion: Suggestion, told: Suggestions | null, now: number): Suggestion | null {
  const others = (told?.suggestions ?? []).filter((other) => other.status !== "broken" && instant(other.leave_at) >= now);
  return others.find((other) => other.id === suggestion.replaced_by) ?? null;
}

/** Where somebody stands whose way broke: at the start, or where the last leg that still held ended. */
export function strandedAt(suggestion: Suggestion, now: number): string | null {
  const done = suggestion.legs.findLast((leg) => leg.line && !leg.cancelled && instant(leg.depart.expected) <= now);
  return done?.to.stop_id ?? null;
}
