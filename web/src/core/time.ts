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

/** Epoch milliseconds of a wall time ("2026-11-24", "16:04") in a zone; `zoneOffsetMin` where the zone is unknown. */
export function wallInstant(day: string, time: string, timezone: string | null, zoneOffsetMin: number): number {
  const wall = Date.parse(`${day}T${time}:00Z`);
  let offset = zoneOffsetMin;
  // Twice: the offset at the first guess may be that of the other side of a change of clocks.
  for (let round = 0; round < 2 && timezone !== null; round += 1) {
    offset = zoneOffsetAt(wall - offset * 60_000, timezone) ?? offset;
  }
  return wall - offset * 60_000;
}

let held: { timezone: string; format: Intl.DateTimeFormat } | null = null;

/** Costly to make, and asked for every second: the last one is held. Throws for a zone that the device does not know. */
function formatOf(timezone: string): Intl.DateTimeFormat {
  if (held?.timezone === timezone) return held.format;
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: timezone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric",
  });
  held = { timezone, format };
  return format;
}

/** Minutes east of UTC in a zone at an instant; null where the device does not know the zone. */
export function zoneOffsetAt(epochMs: number, timezone: string): number | null {
  try {
    const format = formatOf(timezone);
    const parts = Object.fromEntries(format.formatToParts(epochMs).map((part) => [part.type, Number(part.value)]));
    const wall = Date.UTC(parts["year"]!, parts["month"]! - 1, parts["day"]!, parts["hour"]!, parts["minute"]!);
    return Math.round((wall - epochMs) / 60_000);
  } catch {
    return null;
  }
}
