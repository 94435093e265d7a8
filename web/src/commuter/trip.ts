/**
 * What a commuter asks for: between the page's address, the topic's parameters and the fields. Pure.
 */

import type { Params } from "../core/frames";
import { clockTime, isoInstant, nextAt, wallInstant, zoneOffsetAt } from "../core/time";
import type { Place } from "../wire";

export type When = "now" | "depart" | "arrive";

export interface End {
  /** As the API takes it: a stop id, an office id or "lat,lon". */
  value: string;
  /** null until somebody has told it */
  name: string | null;
  lat: number | null;
  lon: number | null;
}

export interface Trip {
  from: End | null;
  to: End | null;
  when: When;
  /** "HH:MM", for depart and arrive */
  time: string;
  /** "YYYY-MM-DD"; "": the next time it is `time` */
  day: string;
  stepFree: boolean;
  bike: boolean;
  car: boolean;
}

const TRANSIT = ["bus", "coach", "tram", "metro", "rail", "ferry", "funicular", "gondola", "air", "taxi"];

export function emptyTrip(): Trip {
  return { from: null, to: null, when: "now", time: "", day: "", stepFree: false, bike: true, car: true };
}

export function endOfPlace(place: Place): End {
  const value = place.office_id ?? place.stop_id ?? place.station_id ?? pointValue(place.lat, place.lon);
  return { value, name: place.name, lat: place.lat, lon: place.lon };
}

/** Five decimals are a metre; more only makes one question into many. */
export function pointValue(lat: number, lon: number): string {
  return `${lat.toFixed(5)},${lon.toFixed(5)}`;
}

export function endOfValue(value: string | null): End | null {
  if (!value) return null;
  const point = /^(-?\d+(?:\.\d+)?),(-?\d+(?:\.\d+)?)$/.exec(value);
  return { value, name: null, lat: point ? Number(point[1]) : null, lon: point ? Number(point[2]) : null };
}

/** The trip that an address names. */
export function parseAddress(query: URLSearchParams): Trip {
  const arrive = query.get("arrive");
  const depart = query.get("depart");
  const [, day = "", time = ""] = /^(?:(\d{4}-\d\d-\d\d)T)?([01]\d:[0-5]\d|2[0-3]:[0-5]\d)$/.exec(arrive ?? depart ?? "") ?? [];
  return {
    from: endOfValue(query.get("from")),
    to: endOfValue(query.get("to")),
    when: time === "" ? "now" : arrive ? "arrive" : "depart",
    time,
    day: Number.isNaN(Date.parse(day)) ? "" : day,
    stepFree: query.get("stepfree") === "1",
    bike: query.get("bike") !== "0",
    car: query.get("car") !== "0",
  };
}

/** The same address again, other parameters kept as they were. */
export function writeAddress(trip: Trip, kept: URLSearchParams): string {
  const query = new URLSearchParams(kept);
  const set = (name: string, value: string | null): void => {
    if (value === null) query.delete(name);
    else query.set(name, value);
  };
  set("from", trip.from?.value ?? null);
  set("to", trip.to?.value ?? null);
  const moment = trip.day ? `${trip.day}T${trip.time}` : trip.time;
  set("depart", trip.when === "depart" && trip.time ? moment : null);
  set("arrive", trip.when === "arrive" && trip.time ? moment : null);
  set("stepfree", trip.stepFree ? "1" : null);
  set("bike", trip.bike ? null : "0");
  set("car", trip.car ? null : "0");
  const text = query.toString().replaceAll("%2C", ",").replaceAll("%3A", ":");
  return text ? `?${text}` : "";
}

/** What turns wall times into instants: the server's time now, and its zone. */
export interface Zone {
  now: number;
  zoneOffsetMin: number;
  /** IANA name; null until it is known */
  timezone: string | null;
}

/** When the trip is asked for, epoch milliseconds; null for now. */
export function momentOf(trip: Trip, zone: Zone): number | null {
  if (trip.when === "now" || !trip.time) return null;
  if (!trip.day) return nextAt(trip.time, zone.now, zone.zoneOffsetMin);
  return wallInstant(trip.day, trip.time, zone.timezone, zone.zoneOffsetMin);
}

/** "2026-11-24" of an instant, by a fixed offset. */
export function dayOf(epochMs: number, zoneOffsetMin: number): string {
  return isoInstant(epochMs, zoneOffsetMin).slice(0, 10);
}

/** In half an hour, to the next five minutes: what is proposed to whom has not said when. */
export function soon(zone: Zone): { day: string; time: string } {
  const at = Math.ceil((zone.now + 30 * 60_000) / 300_000) * 300_000;
  return { day: dayOf(at, zone.zoneOffsetMin), time: clockTime(at, zone.zoneOffsetMin) };
}

/** The topic's parameters, null while something is missing. */
/** @param windowS how far ahead is looked, where that is not the usual hour */
export function topicParams(trip: Trip, zone: Zone, windowS?: number): Params | null {
  if (!trip.from || !trip.to || trip.from.value === trip.to.value) return null;
  const params: Params = { from: trip.from.value, to: trip.to.value };
  if (trip.when !== "now" && trip.time) {
    if (Number.isNaN(zone.now)) return null;
    const at = momentOf(trip, zone)!;
    params["at"] = isoInstant(at, zone.timezone ? (zoneOffsetAt(at, zone.timezone) ?? zone.zoneOffsetMin) : zone.zoneOffsetMin);
    if (trip.when === "arrive") params["arrive_by"] = true;
  }
  if (windowS !== undefined) params["window_s"] = windowS;
  if (trip.stepFree) params["wheelchair"] = true;
  if (!trip.bike || !trip.car) {
    params["modes"] = [...TRANSIT, ...(trip.bike ? ["bike", "scooter"] : []), ...(trip.car ? ["car"] : [])].join(",");
  }
  return params;
}
