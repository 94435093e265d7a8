/**
 * What an office's screen says at a moment: a pure function of what was sent, the server's clock and whether we are
 * connected. What a reader would get wrong: rows leave here, by the clock, and not when a frame says so.
 */

import { hasPassed, instant, minutesUntil } from "../core/minutes";
import { wallTime } from "../core/time";
import type {
  AlertItem,
  Board,
  Departure,
  Leg,
  OfficeMobility,
  OfficeView,
  Place,
  Suggestion,
} from "../wire";

export type PageState = "loading" | "fresh" | "stale" | "offline" | "empty" | "night";
export type Reach = "go" | "hurry" | "missed";

export interface Option {
  suggestion: Suggestion;
  /** null: no timetable binds it, leave when you like */
  minutes: number | null;
  reach: "go" | "hurry";
}

export interface Broken {
  suggestion: Suggestion;
  replacement: Option | null;
}

export interface DestinationRows {
  place: Place;
  options: Option[];
  broken: Broken[];
}

export interface DepartureRow {
  departure: Departure;
  /** "HH:MM" to go by */
  time: string;
  /** the planned "HH:MM" where it differs */
  planned: string | null;
  live: boolean;
  reach: Reach;
  day: string;
}

export interface BoardRows {
  board: Board;
  walkMinutes: number;
  rows: DepartureRow[];
}

export interface OfficeRows {
  state: PageState;
  destinations: DestinationRows[];
  boards: BoardRows[];
  mobility: OfficeMobility[];
  alerts: AlertItem[];
  /** Since when there is no real time (ISO), where the state is stale. */
  staleSince: string | null;
  /** The first thing that leaves, where the state is night (ISO). */
  first: string | null;
}

const TIMETABLED = new Set(["bus", "coach", "tram", "metro", "rail", "ferry", "funicular", "gondola", "air"]);
const SHARED = new Set(["bike", "scooter", "car"]);
/** A cancelled departure stays until this long after its planned time. */
const CANCELLED_STAYS_MS = 120_000;
/** Nothing leaves for this long: the day is over. */
const NIGHT_MS = 90 * 60_000;
/** Real time that fails is told after this long; until then what it last said holds. */
const STALE_AFTER_MS = 90_000;

export function presentOffice(view: OfficeView, now: number, offline: boolean): OfficeRows {
  const destinations = view.suggestions.map((part) => presentDestination(part.destination, part.suggestions, now, offline));
  const boards = view.boards.map((board) => presentBoard(board, now, offline));
  const staleSince = offline ? null : findStaleSince(view, now);
  const first = findFirst(destinations, boards);
  const nothing = first === null && destinations.every((row) => row.options.length === 0) && view.mobility.length === 0;
  const night = first !== null && instant(first) - now > NIGHT_MS;
  return {
    state: offline ? "offline" : nothing ? "empty" : night ? "night" : staleSince !== null ? "stale" : "fresh",
    destinations,
    boards,
    mobility: offline ? [] : sortMobility(view.mobility),
    alerts: view.alerts,
    staleSince,
    first: night ? first : null,
  };
}

export function isTimetabled(leg: Leg): boolean {
  return TIMETABLED.has(leg.mode);
}

export function presentDestination(
  place: Place,
  suggestions: readonly Suggestion[],
  now: number,
  offline: boolean,
): DestinationRows {
  const known = offline ? suggestions.filter((suggestion) => !suggestion.legs.some(needsSharedVehicle)) : suggestions;
  const options = known
    .filter((suggestion) => suggestion.status !== "broken")
    .map((suggestion) => presentOption(suggestion, now))
    .filter((option): option is Option => option !== null);
  const broken = known
    .filter((suggestion) => suggestion.status === "broken" && !hasPassed(suggestion.leave_at, now))
    .map((suggestion) => ({ suggestion, replacement: findReplacement(suggestion, options) }));
  return { place, options: bestFirst(options), broken };
}

/** Only real time knows whether a shared vehicle still stands there. */
function needsSharedVehicle(leg: Leg): boolean {
  return SHARED.has(leg.mode) && leg.pickup !== undefined;
}

export function presentOption(suggestion: Suggestion, now: number): Option | null {
  if (!suggestion.legs.some(isTimetabled)) return { suggestion, minutes: null, reach: "go" };
  const minutes = minutesUntil(suggestion.leave_at, now);
  if (minutes < 0) return null;
  return { suggestion, minutes, reach: minutes < 1 || suggestion.reach === "hurry" ? "hurry" : "go" };
}

/** The server's order, but first something that the clock binds: that is what a screen is looked at for. */
function bestFirst(options: Option[]): Option[] {
  const first = options.find((option) => option.minutes !== null);
  return first ? [first, ...options.filter((option) => option !== first)] : options;
}

function findReplacement(broken: Suggestion, options: readonly Option[]): Option | null {
  return options.find((option) => option.suggestion.id === broken.replaced_by) ?? null;
}

export function presentBoard(board: Board, now: number, offline: boolean): BoardRows {
  const rows = board.departures
    .map((departure) => presentDeparture(departure, now, offline))
    .filter((row): row is DepartureRow => row !== null);
  // Planned times come in another order than expected ones.
  if (offline) rows.sort((left, right) => instant(plannedOf(left)) - instant(plannedOf(right)));
  const walk = board.departures.find((departure) => departure.walk_s !== undefined)?.walk_s ?? 0;
  return {
    board,
    walkMinutes: Math.round(walk / 60),
    rows,
  };
}

function plannedOf(row: DepartureRow): string {
  return row.departure.scheduled ?? row.departure.expected;
}

/** Where there is room for three rows or more, one may show what was just missed; else only what can be caught. */
export function chooseRows(rows: readonly DepartureRow[], count: number): DepartureRow[] {
  const missed = rows.filter((row) => row.reach === "missed").slice(-1);
  const caught = rows.filter((row) => row.reach !== "missed");
  const room = count >= 3 || caught.length < count ? missed : [];
  return [...room, ...caught].slice(0, count);
}

/** What can be had first, and one of each form before a second of any. */
export function sortMobility(items: readonly OfficeMobility[]): OfficeMobility[] {
  const turn = new Map<string, number>();
  const ranked = items.map((item) => {
    const empty = item.state !== "open" || !item.available;
    const place = turn.get(item.form) ?? 0;
    if (!empty) turn.set(item.form, place + 1);
    return { item, rank: empty ? Infinity : place };
  });
  return ranked.sort((left, right) => (left.rank === right.rank ? 0 : left.rank - right.rank)).map((entry) => entry.item);
}

export function presentDeparture(departure: Departure, now: number, offline: boolean): DepartureRow | null {
  const planned = departure.scheduled;
  if (offline && planned === null) return null; // only real time knew of it
  const shown = offline || departure.cancelled ? (planned ?? departure.expected) : departure.expected;
  const stays = departure.cancelled ? CANCELLED_STAYS_MS : 0;
  if (instant(shown) + stays < now) return null;
  const differs = !offline && !departure.cancelled && planned !== null && wallTime(planned) !== wallTime(shown);
  return {
    departure,
    time: wallTime(shown),
    planned: differs ? wallTime(planned) : null,
    live: departure.realtime && !offline && !departure.cancelled,
    reach: reachOf(departure, shown, now),
    day: shown.slice(0, 10),
  };
}

function reachOf(departure: Departure, shown: string, now: number): Reach {
  if (departure.leave_at === undefined) return "go";
  // Offline the shown time is the planned one; the walk to it takes as long.
  const leaveAt = instant(departure.leave_at) + instant(shown) - instant(departure.expected);
  if (leaveAt < now) return "missed";
  return departure.reach === "hurry" || leaveAt - now < 60_000 ? "hurry" : "go";
}

function findStaleSince(view: OfficeView, now: number): string | null {
  const late = view.feeds.filter((feed) => feed.kind === "realtime" && isLate(feed.state, feed.since, now));
  const since = late.map((feed) => feed.since).filter((at): at is string => at !== null);
  if (since.length > 0) return since.sort((a, b) => instant(a) - instant(b))[0] ?? null;
  return late.length > 0 || view.boards.some((board) => board.realtime === "stale") ? "" : null;
}

function isLate(state: string, since: string | null, now: number): boolean {
  if (state === "stale" || state === "never") return true;
  return state === "failing" && (since === null || now - instant(since) > STALE_AFTER_MS);
}

function findFirst(destinations: readonly DestinationRows[], boards: readonly BoardRows[]): string | null {
  const leaving = [
    ...boards.flatMap((board) =>
      board.rows.filter((row) => !row.departure.cancelled).map((row) => row.departure.expected),
    ),
    ...destinations.flatMap((row) =>
      row.options.filter((option) => option.minutes !== null).map((option) => option.suggestion.leave_at),
    ),
  ];
  return leaving.sort((a, b) => instant(a) - instant(b))[0] ?? null;
}
