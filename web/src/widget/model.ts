/**
 * What the widget asks and what it shows: pure functions of its attributes, what was sent, and the server's clock.
 * What a reader would get wrong: an office's view carries ways for everybody; whoever needs a way without steps, or
 * more ways than a view holds, has them asked for the chosen destination alone.
 */

import type { Params } from "../core/frames";
import { instant } from "../core/minutes";
import { type DestinationRows, type PageState, presentDestination, presentOffice } from "../office/model";
import type { AlertItem, OfficeView, Place, Suggestion, Suggestions } from "../wire";

export interface Ask {
  office: string | null;
  from: string | null;
  to: string | null;
  stepFree: boolean;
  limit: number;
}

export interface Questions {
  office: Params | null;
  ways: Params | null;
}

export interface Shown {
  state: PageState;
  from: string;
  destinations: Place[];
  chosen: number;
  row: DestinationRows | null;
  /** Since when there is no real time (ISO, "" where unknown), where the state is stale. */
  staleSince: string | null;
  /** The first thing that leaves, where the state is night (ISO). */
  first: string | null;
  alerts: AlertItem[];
}

const USUAL_LIMIT = 3;
const LARGEST_LIMIT = 10;
/** An office's view holds this many ways for each destination. */
const IN_VIEW = 4;

export function readAsk(attribute: (name: string) => string | null): Ask {
  const given = (name: string): string | null => attribute(name)?.trim() || null;
  const limit = Number.parseInt(given("limit") ?? "", 10);
  return {
    office: given("office"),
    from: given("from"),
    to: given("to"),
    stepFree: (given("profile") ?? "").split(/\s+/).includes("step-free"),
    limit: Number.isNaN(limit) ? USUAL_LIMIT : Math.min(LARGEST_LIMIT, Math.max(1, limit)),
  };
}

/** null where the attributes do not say between what to search. */
export function questionsOf(ask: Ask, chosen: Place | null): Questions | null {
  const wheelchair: Params = ask.stepFree ? { wheelchair: true } : {};
  const ways = (from: string, to: string): Params => ({ from, to, limit: Math.max(ask.limit, IN_VIEW), ...wheelchair });
  const from = ask.from ?? ask.office;
  if (from && ask.to) return { office: null, ways: ways(from, ask.to) };
  if (!ask.office) return null;
  const alone = ask.stepFree || ask.limit > IN_VIEW;
  return { office: { office: ask.office }, ways: alone && chosen ? ways(ask.office, placeId(chosen)) : null };
}

/** A place as the API's `from` and `to` take it; it also names a favourite. */
export function placeId(place: Place): string {
  return place.stop_id ?? place.office_id ?? `${place.lat},${place.lon}`;
}

/** @param ways the answer for the chosen destination, null while there is none or the view answers */
export function presentView(
  view: OfficeView,
  asked: { alone: boolean; ways: Suggestions | null; chosen: number },
  now: number,
  offline: boolean,
): Shown {
  const rows = presentOffice(view, now, offline);
  const destinations = rows.destinations.map((row) => row.place);
  const chosen = Math.min(asked.chosen, Math.max(0, destinations.length - 1));
  const place = destinations[chosen];
  const own = asked.ways && place ? presentDestination(place, asked.ways.suggestions, now, offline) : null;
  const row = asked.alone ? own : (rows.destinations[chosen] ?? null);
  const usable = (row?.options.length ?? 0) > 0;
  return {
    state: rows.state === "empty" && usable ? "fresh" : rows.state === "fresh" && row && !usable ? "empty" : rows.state,
    from: view.office.name,
    destinations,
    chosen,
    row,
    staleSince: rows.staleSince,
    first: rows.first,
    alerts: alertsOf(row, asked.alone ? (asked.ways?.alerts ?? []) : view.alerts),
  };
}

export function presentWays(ways: Suggestions, now: number, offline: boolean): Shown {
  const row = presentDestination(ways.to, ways.suggestions, now, offline);
  const stale = !offline && ways.realtime === "stale";
  return {
    state: offline ? "offline" : row.options.length === 0 ? "empty" : stale ? "stale" : "fresh",
    from: ways.from.name,
    destinations: [ways.to],
    chosen: 0,
    row,
    staleSince: stale ? (ways.realtime_at ?? "") : null,
    first: null,
    alerts: alertsOf(row, ways.alerts),
  };
}

/** Only what concerns a way that is shown. */
function alertsOf(row: DestinationRows | null, alerts: readonly AlertItem[]): AlertItem[] {
  const told = row ? [...row.options, ...row.broken].flatMap(({ suggestion }) => alertIds(suggestion)) : [];
  const ids = new Set(told);
  return alerts.filter((alert) => ids.has(alert.id));
}

function alertIds(suggestion: Suggestion): string[] {
  return suggestion.legs.flatMap((leg) => leg.alerts ?? []);
}

/** How old real time is, seconds: by the oldest feed that predicts; null where no feed does. */
export function realtimeAge(
  feeds: readonly { kind: string; updated_at: string | null; entities: Record<string, number> }[],
  now: number,
): number | null {
  const realtime = feeds.filter((feed) => feed.kind === "realtime" && feed.updated_at);
  const predicting = realtime.filter((feed) => (feed.entities["trip_updates"] ?? 0) > 0);
  const times = (predicting.length > 0 ? predicting : realtime).map((feed) => instant(feed.updated_at ?? ""));
  return times.length > 0 ? (now - Math.min(...times)) / 1000 : null;
}
