/**
 * The last state a screen was sent, kept over a restart without network. The device's clock may be wrong: what is
 * stored is how far it was from the server's, so that a cold start can still tell the time.
 */

import type { Held } from "./store";

export interface Shelf {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

export interface Recalled<T> {
  held: Held<T>;
  /** The server's time now, by the device's clock and how wrong it was. */
  now: number;
  zoneOffsetMin: number;
  /** IANA name, where it was known */
  timezone: string | null;
}

interface Stored<T> {
  version: 1;
  held: Held<T>;
  deviceOffset: number;
  zoneOffsetMin: number;
  timezone?: string | null;
}

/** Departures further back than this help nobody. */
const KEEP_MS = 12 * 3_600_000;

export function recall<T>(shelf: Shelf, key: string, deviceNow: number): Recalled<T> | null {
  try {
    const text = shelf.getItem(key);
    if (!text) return null;
    const stored = JSON.parse(text) as Stored<T>;
    const now = deviceNow + stored.deviceOffset;
    if (stored.version !== 1 || Number.isNaN(now) || now - stored.held.at > KEEP_MS) return null;
    // A device that starts with its clock far back (no battery) cannot be earlier than what it already saw.
    const { held, zoneOffsetMin, timezone = null } = stored;
    return { held, now: Math.max(now, held.at), zoneOffsetMin, timezone };
  } catch {
    return null; // storage is closed, or what lies there is not ours: start empty
  }
}

export function remember<T>(
  shelf: Shelf,
  key: string,
  held: Held<T>,
  clock: { server: number; device: number; zoneOffsetMin: number; timezone: string | null },
): boolean {
  const stored: Stored<T> = {
    version: 1,
    held,
    deviceOffset: clock.server - clock.device,
    zoneOffsetMin: clock.zoneOffsetMin,
    timezone: clock.timezone,
  };
  try {
    shelf.setItem(key, JSON.stringify(stored));
    return true;
  } catch {
    return false; // full or closed: the screen still works, it only starts empty next time
  }
}
