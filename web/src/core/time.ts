/**
 * Times as people in the region read them. An instant carries its wall time in its own text (`…T16:04:30+01:00`),
 * so no time zone data is needed here; the clock on the wall uses the offset of the server's last frame.
 */

export interface WallDate {
  year: number;
  /** 1–12 */
  month: number;
  day: number;
  /** 0 = Sunday */
  weekday: number;
}

/** "16:04" of an instant, in the zone it is written in. */
export function wallTime(iso: string): string {
  return iso.slice(11, 16);
}

/** "2026-11-23" of an instant, in the zone it is written in. */
export function wallDay(iso: string): string {
  return iso.slice(0, 10);
}

export function clockTime(epochMs: number, zoneOffsetMin: number): string {
  return new Date(epochMs + zoneOffsetMin * 60_000).toISOString().slice(11, 16);
}

export function clockDate(epochMs: number, zoneOffsetMin: number): WallDate {
  const shifted = new Date(epochMs + zoneOffsetMin * 60_000);
  return {
    year: shifted.getUTCFullYear(),
    month: shifted.getUTCMonth() + 1,
    day: shifted.getUTCDate(),
    weekday: shifted.getUTCDay(),
  };
}

/** An ISO instant with offset, as the API takes it. */
export function isoInstant(epochMs: number, zoneOffsetMin: number): string {
  const sign = zoneOffsetMin < 0 ? "-" : "+";
  const size = Math.abs(zoneOffsetMin);
  const pad = (value: number): string => String(value).padStart(2, "0");
  const local = new Date(epochMs + zoneOffsetMin * 60_000).toISOString().slice(0, 19);
  return `${local}${sign}${pad(Math.floor(size / 60))}:${pad(size % 60)}`;
}

/** The next time it is "HH:MM" in the region, from `now` on; epoch milliseconds. */
export function nextAt(time: string, now: number, zoneOffsetMin: number): number {
  const [hours, minutes] = time.split(":").map(Number) as [number, number];
  const local = new Date(now + zoneOffsetMin * 60_000);
  const today = Date.UTC(local.getUTCFullYear(), local.getUTCMonth(), local.getUTCDate(), hours, minutes);
  const at = today - zoneOffsetMin * 60_000;
  return at < now - 60_000 ? at + 86_400_000 : at;
}
