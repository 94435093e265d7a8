/**
 * What an office's screen says at a moment: a pure function of what was sent, the server's clock and whether we are
 * connected. What a reader would get wrong: rows leave here, by the clock, and not when a frame says so.
 */

import { zoneOffsetMinutes } from "../core/clock";
import { isLate, lateSince } from "../core/freshness";
import { hasPassed, instant } from "../core/minutes";
import { placeKey } from "../core/place";
import { wallDay, wallTime } from "../core/time";
import type {
  AlertItem,
  Board,
  Departure,
  LastWay,
  Leg,
  OfficeMobility,
  OfficeView,
  Place,
  Suggestion,
} from "../wire";

export type PageState = "loading" | "fresh" | "stale" | "offline" | "empty" | "night";
export type Reach = "go" | "hurry" | "missed";
/** Why there is little to show: nothing here at all; nothing leaves for a while; the day is over. */
export type Lull = "nothing" | "pause" | "night";

export interface Option {
  suggestion: Suggestion;
  /** null: no timetable binds it, leave when you like */
  minutes: number | null;
  reach: "go" | "hurry";
  /** Epoch milliseconds, by the plan while offline. */
  leaveAt: number;
  arriveAt: number;
}

export interface Broken {
  suggestion: Suggestion;
  replacement: Option | null;
}

export interface DestinationRows {
  place: Place;
  options: Option[];
  broken: Broken[];
  /** The last way there tonight, once it is time to think of it. */
  last?: Option | null;
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
  lull: Lull | null;
  /** The first thing that leaves, where nothing does for a while (ISO). */
  first: string | null;
  /** Kinds of sources that fail, beside real time: their part of the screen may be old. */
  failing: string[];
}

const TIMETABLED = new Set(["bus", "coach", "tram", "metro", "rail", "ferry", "funicular", "gondola", "air"]);
const SHARED = new Set(["bike", "scooter", "car"]);
/** A cancelled departure stays until this long after its planned time. */
const CANCELLED_STAYS_MS = 120_000;
/** Nothing leaves for this long: say when the next does, and show no list of what is far away. */
const LULL_MS = 90 * 60_000;
/** Hours of the day, local, that are night. */
const EVENING = 21;
const MORNING = 5;
/** The last way is told of this long before it is to be left. */
const LAST_WARNING_MS = 45 * 60_000;
/** Departures fetched ahead begin this long before the last one of the board: some were late, and stand further back. */
const OVERLAP_MS = 15 * 60_000;
/** Real time that fails is told after this long; until then what it last said holds. */
/** What was fetched ahead for a time without connection. */
export interface Ahead {
  /** ways to a place, by `placeKey` */
  ways: ReadonlyMap<string, readonly Suggestion[]>;
  /** departures of a board, by its stop's id */
  rows: ReadonlyMap<string, readonly Departure[]>;
}

const NOTHING_AHEAD: Ahead = { ways: new Map(), rows: new Map() };

export function presentOffice(
  view: OfficeView,
  now: number,
  offline: boolean,
  ahead: Ahead = NOTHING_AHEAD,
): OfficeRows {
  const cancelled = offline ? cancelledTrips(view) : new Set<string>();
  const destinations = view.suggestions.map((part) => {
    const later = offline ? (ahead.ways.get(placeKey(part.destination)) ?? []) : [];
    const row = presentDestination(part.destination, merged(part.suggestions, later, cancelled), now, offline);
    return { ...row, options: withPlanB(row.options), last: lastOf(part.last, now, offline) };
  });
  const boards = view.boards.map((board) => presentBoard(offline ? lengthened(board, ahead) : board, now, offline));
  const staleSince = offline ? null : findStaleSince(view, now);
  const first = findFirst(destinations, boards);
  const lull = findLull(view, destinations, first, now);
  return {
    state: offline ? "offline" : lull === "night" ? "night" : lull ? "empty" : staleSince !== null ? "stale" : "fresh",
    destinations,
    boards,
    mobility: offline ? [] : sortMobility(view.mobility),
    alerts: view.alerts,
    staleSince,
    lull,
    first: lull ? first : null,
    failing: offline ? [] : listFailing(view, now),
  };
}

/** Many read one screen: beside a vehicle that few can have stands, first, the way that needs none. */
function withPlanB(options: Option[]): Option[] {
  const [best, ...others] = options;
  const instead = others.find((option) => option.suggestion.id === best?.suggestion.crowd?.instead);
  return best && instead ? [best, instead, ...others.filter((option) => option !== instead)] : options;
}

function lastOf(last: LastWay | undefined, now: number, offline: boolean): Option | null {
  if (!last || instant(last.leave_at) - now > LAST_WARNING_MS) return null;
  return presentOption(last.suggestion, now, offline);
}

/** What was shown, and what was fetched for later beside it; nothing twice, nothing known to be cancelled. */
function merged(
  shown: readonly Suggestion[],
  later: readonly Suggestion[],
  cancelled: ReadonlySet<string>,
): readonly Suggestion[] {
  const known = new Set(shown.map((suggestion) => suggestion.id));
  const more = later.filter(
    (suggestion) =>
      !known.has(suggestion.id) &&
      suggestion.status !== "broken" &&
      suggestion.legs.some(isTimetabled) &&
      !suggestion.legs.some((leg) => cancelled.has(`${leg.trip_id} ${leg.service_date}`)),
  );
  return [...shown, ...more.sort((left, right) => instant(left.leave_at) - instant(right.leave_at))];
}

/** A board with what was fetched ahead; nothing twice. Walk and slack to a stop are as they were. */
function lengthened(board: Board, ahead: Ahead): Board {
  const known = new Set(board.departures.map((departure) => departure.id));
  const more = (ahead.rows.get(board.stop.id) ?? []).filter((departure) => !known.has(departure.id));
  if (more.length === 0) return board;
  const last = board.departures.reduce((latest, row) => Math.max(latest, instant(row.expected)), -Infinity);
  const byStop = new Map(board.departures.map((row) => [row.stop_id, row]));
  const later = more
    .filter((row) => instant(row.expected) >= last - OVERLAP_MS)
    .map((row) => withWalk(row, byStop.get(row.stop_id) ?? board.departures[0]));
  return { ...board, departures: [...board.departures, ...later] };
}

function withWalk(row: Departure, like: Departure | undefined): Departure {
  if (like?.walk_s === undefined || like.leave_at === undefined) return row;
  const needs = instant(like.expected) - instant(like.leave_at);
  const leave = new Date(instant(row.expected) - needs).toISOString();
  return { ...row, walk_s: like.walk_s, leave_at: leave, reach: "go" };
}

function cancelledTrips(view: OfficeView): Set<string> {
  const rows = view.boards.flatMap((board) => board.departures).filter((departure) => departure.cancelled);
  return new Set(rows.map((departure) => `${departure.trip_id} ${departure.service_date}`));
}

function findLull(
  view: OfficeView,
  destinations: readonly DestinationRows[],
  first: string | null,
  now: number,
): Lull | null {
  if (first === null) {
    const ways = destinations.some((row) => row.options.length > 0);
    return ways || view.mobility.length > 0 ? null : "nothing";
  }
  if (instant(first) - now <= LULL_MS) return null;
  const here = new Date(now + zoneOffsetMinutes(first) * 60_000).toISOString();
  const hour = Number(here.slice(11, 13));
  return wallDay(first) !== here.slice(0, 10) || hour >= EVENING || hour < MORNING ? "night" : "pause";
}

function listFailing(view: OfficeView, now: number): string[] {
  const old = view.feeds.filter((feed) => feed.kind !== "realtime" && isLate(feed, now));
  const aside = hasOldPredictions(view) === false && view.feeds.some((feed) => feed.kind === "realtime" && isLate(feed, now));
  return [...new Set([...old.map((feed) => feed.kind), ...(aside ? ["realtime"] : [])])];
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
    .map((suggestion) => presentOption(suggestion, now, offline))
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

export function presentOption(suggestion: Suggestion, now: number, offline = false): Option | null {
  const rides = suggestion.legs.filter(isTimetabled);
  const [first, last] = [rides[0], rides.at(-1)];
  if (!first || !last) {
    const leaveAt = Math.max(now, instant(suggestion.leave_at));
    return { suggestion, minutes: null, reach: "go", leaveAt, arriveAt: leaveAt + suggestion.duration_s * 1000 };
  }
  const leaveAt = offline ? plannedLeave(suggestion) : instant(suggestion.leave_at);
  const arriveAt = instant(suggestion.arrive_at) - (offline ? lateness(last.arrive) : 0);
  const minutes = Math.floor((leaveAt - now) / 60_000);
  if (minutes < 0) return null;
  const reach = minutes < 1 || (suggestion.reach === "hurry" && !offline) ? "hurry" : "go";
  return { suggestion, minutes, reach, leaveAt, arriveAt };
}

/** When to leave if all runs to plan, epoch milliseconds. */
export function plannedLeave(suggestion: Suggestion): number {
  const first = suggestion.legs.find(isTimetabled);
  return instant(suggestion.leave_at) - (first ? lateness(first.depart) : 0);
}

/** How late a call is expected; 0 where nothing was planned. */
function lateness(call: { scheduled: string | null; expected: string }): number {
  return call.scheduled === null ? 0 : instant(call.expected) - instant(call.scheduled);
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

/** Of old predictions: true or false as the boards say, null where there is no board to say so. */
function hasOldPredictions(view: OfficeView): boolean | null {
  const told = view.boards.map((board) => board.realtime).filter((state) => state !== "none");
  return told.length === 0 ? null : told.includes("stale");
}

function findStaleSince(view: OfficeView, now: number): string | null {
  const old = hasOldPredictions(view);
  const late = view.feeds.filter((feed) => feed.kind === "realtime" && isLate(feed, now));
  if (old === false || (late.length === 0 && !old)) return null;
  return view.boards.find((board) => board.realtime_at !== undefined)?.realtime_at ?? lateSince(late);
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
