/**
 * A suggestion on an office's screen as the path of a short address. What a reader would get wrong: it holds nothing
 * but digits, capitals and . - /, because a QR code packs those, and only those, into two thirds of the dots.
 */

import type { OfficeItem, Place } from "../wire";
import { placeKey } from "./place";

/** What of an office a phone must know to find the same suggestion. */
export type Origin = Pick<OfficeItem, "id" | "destinations" | "max_walk_m" | "walk_speed" | "modes" | "providers">;

export interface WayCode {
  /** id of the office that it leaves from */
  office: string;
  /** its place among the office's destinations */
  destination: number;
  id: string;
  /** When it is to be left by the plan, epoch milliseconds; null where no timetable binds it. */
  at: number | null;
}

const PLAIN = /^[a-z0-9.-]+$/;
const PATH = /^\/s\/([a-z0-9.-]+)\/(\d{1,2})\/([a-z0-9.-]+)(?:\/([a-z0-9]{1,8}))?$/i;
const MINUTE_MS = 60_000;

/** null where a name has other letters, so that its capitals could not be turned back. */
export function wayPath({ office, destination, id, at }: WayCode): string | null {
  if (!PLAIN.test(office) || !PLAIN.test(id) || destination < 0) return null;
  const time = at === null ? "" : `/${Math.floor(at / MINUTE_MS).toString(36)}`;
  return `/s/${office}/${destination}/${id}${time}`.toUpperCase();
}

export function parseWayPath(path: string): WayCode | null {
  const [, office, destination, id, time] = PATH.exec(path) ?? [];
  if (!office || !destination || !id) return null;
  const at = time ? Number.parseInt(time, 36) * MINUTE_MS : null;
  return { office: office.toLowerCase(), destination: Number(destination), id: id.toLowerCase(), at };
}

/** The same suggestion with everything in its query, as a page shows it. */
export function longAddress(origin: string, office: Origin, to: Place, id: string, at: number | null): string {
  const part = (text: string): string => encodeURIComponent(text).replaceAll("%3A", ":").replaceAll("%2C", ",");
  const parts = [`from=${part(office.id)}`, `to=${part(placeKey(to))}`, `id=${part(id)}`];
  if (at !== null) parts.push(`at=${new Date(at).toISOString().slice(0, 16)}Z`);
  if (office.max_walk_m) parts.push(`max_walk_m=${office.max_walk_m}`);
  if (office.walk_speed) parts.push(`walk_speed=${office.walk_speed}`);
  if (office.modes?.length) parts.push(`modes=${part(office.modes.join())}`);
  if (office.providers?.length) parts.push(`providers=${part(office.providers.join())}`);
  return `${origin}/s?${parts.join("&")}`;
}
