/**
 * A suggestion that somebody travels by, kept true by the trips it rides. The server tells of a suggestion until it
 * has left; from then on its trips tell. Pure; times in epoch milliseconds.
 */

import type { Call, Leg, Suggestion, Trip, TripCall } from "../wire";
import { instant } from "./minutes";
import { isoInstant } from "./time";
import { zoneOffsetMinutes } from "./clock";

/** Less than this between two vehicles is a change to hurry for. */
const TIGHT_MS = 60_000;

export function tripKey(ride: { trip_id?: string | null; service_date?: string | null }): string | null {
  return ride.trip_id ? `${ride.trip_id} ${ride.service_date ?? ""}` : null;
}

/** Trips by `tripKey`; null for one that the server no longer knows. */
export type Trips = ReadonlyMap<string, Trip | null>;

/** What is known of a leg's trip. */
export function tripOf(leg: Leg, trips: Trips): Trip | null {
  return trips.get(tripKey(leg) ?? "") ?? null;
}

function isKnown(leg: Leg, trips: Trips): boolean {
  return trips.has(tripKey(leg) ?? "");
}

/** The suggestion by its trips as they now run; unchanged where none is known. */
export function refreshed(suggestion: Suggestion, trips: Trips): Suggestion {
  if (suggestion.status === "broken" || !suggestion.legs.some((leg) => isKnown(leg, trips))) return suggestion;
  const rides = suggestion.legs.map((leg) => rideNow(leg, trips));
  const legs = rides.map((ride, index) => (ride.ridden ? ride.leg : moved(ride.leg, suggestion.legs, rides, index)));
  const reason = rides.map((ride) => ride.reason).find(Boolean) ?? changeReason(legs);
  const status = reason === "tight_change" ? "tight" : reason ? "broken" : "ok";
  const [first, last] = [legs[0]!, legs.at(-1)!];
  const shift = instant(first.depart.expected) - instant(suggestion.legs[0]!.depart.expected);
  const leave = later(suggestion.leave_at, shift);
  return {
    ...suggestion,
    legs,
    status,
    reason,
    leave_at: leave,
    arrive_at: last.arrive.expected,
    duration_s: (instant(last.arrive.expected) - instant(leave)) / 1000,
  };
}

interface Ride {
  leg: Leg;
  ridden: boolean;
  reason: string | null;
}

function rideNow(leg: Leg, trips: Trips): Ride {
  if (!isKnown(leg, trips)) return { leg, ridden: leg.trip_id !== undefined, reason: null };
  const trip = tripOf(leg, trips);
  if (!trip) return { leg, ridden: true, reason: "trip_withdrawn" };
  const { board, alight } = callsOf(leg, trip);
  const gone = trip.cancelled ? "trip_cancelled" : !board || !alight || board.skipped || alight.skipped ? "stop_skipped" : null;
  if (gone || !board?.depart || !alight?.arrive) {
    return { leg: { ...leg, cancelled: trip.cancelled }, ridden: true, reason: gone ?? "stop_skipped" };
  }
  const changed = board.platform_changed || leg.platform_changed === true;
  return {
    leg: {
      ...leg,
      depart: board.depart,
      arrive: alight.arrive,
      realtime: trip.realtime,
      cancelled: false,
      ...(changed ? { platform_changed: true } : {}),
      from: { ...leg.from, platform: board.stop.platform },
      to: { ...leg.to, platform: alight.stop.platform },
      stops: callsBetween(trip, board, alight).map((call) => ({ stop: call.stop, arrive: call.arrive, depart: call.depart })),
    },
    ridden: true,
    reason: null,
  };
}

/** Where a leg boards and alights, by planned time first: a platform may have changed since. */
function callsOf(leg: Leg, trip: Trip): { board: TripCall | null; alight: TripCall | null } {
  const board = trip.calls.find((call) => isAt(call.depart, leg.depart)) ?? trip.calls.find((call) => call.stop.id === leg.from.stop_id);
  const from = board ? trip.calls.indexOf(board) : -1;
  const after = trip.calls.slice(from + 1);
  const alight = after.find((call) => isAt(call.arrive, leg.arrive)) ?? after.find((call) => call.stop.id === leg.to.stop_id);
  return { board: board ?? null, alight: alight ?? null };
}

function isAt(call: Call | null, wanted: Call): boolean {
  return call?.scheduled != null && wanted.scheduled !== null && instant(call.scheduled) === instant(wanted.scheduled);
}

function callsBetween(trip: Trip, board: TripCall, alight: TripCall): TripCall[] {
  return trip.calls.slice(trip.calls.indexOf(board), trip.calls.indexOf(alight) + 1).filter((call) => !call.skipped);
}

/** One's own way keeps its length: it begins when the last vehicle arrives, or ends in time for the next one. */
function moved(leg: Leg, original: readonly Leg[], rides: readonly Ride[], index: number): Leg {
  const before = rides.slice(0, index).findLastIndex((ride) => ride.ridden);
  const anchor = before >= 0 ? before : rides.findIndex((ride, at) => at > index && ride.ridden);
  if (anchor < 0) return leg;
  const side = before >= 0 ? "arrive" : "depart";
  const shift = instant(rides[anchor]!.leg[side].expected) - instant(original[anchor]![side].expected);
  const move = (call: Call): Call => ({ ...call, expected: later(call.expected, shift) });
  return { ...leg, depart: move(leg.depart), arrive: move(leg.arrive) };
}

function changeReason(legs: readonly Leg[]): string | null {
  let at: number | null = null;
  let tight = false;
  for (const leg of legs) {
    if (leg.trip_id === undefined) {
      if (at !== null) at += Math.max(0, instant(leg.arrive.expected) - instant(leg.depart.expected));
      continue;
    }
    const depart = instant(leg.depart.expected);
    if (at !== null && leg.stay_seated !== true) {
      if (at > depart) return "missed_change";
      tight ||= depart - at < TIGHT_MS;
    }
    at = instant(leg.arrive.expected);
  }
  return tight ? "tight_change" : null;
}

function later(iso: string, shift: number): string {
  return shift === 0 ? iso : isoInstant(instant(iso) + shift, zoneOffsetMinutes(iso));
}

/** Where a trip is: the next call it makes, and how many calls after that one is the boarding of `leg`. */
export interface Progress {
  next: TripCall;
  /** 0: the next call is the leg's boarding; negative once it has been made */
  before: number;
  hasStarted: boolean;
}

/** null once the trip has ended. */
export function progressOf(leg: Leg, trip: Trip, now: number): Progress | null {
  const calls = trip.calls.filter((call) => !call.skipped);
  const at = calls.findIndex((call) => instant((call.depart ?? call.arrive)!.expected) >= now);
  if (at < 0) return null;
  const { board } = callsOf(leg, trip);
  return { next: calls[at]!, before: board ? calls.indexOf(board) - at : 0, hasStarted: at > 0 };
}
