/** A stop's departures as its page shows them: a pure function of what was sent, the server's clock and the filters. */

import { instant, minutesUntil } from "../core/minutes";
import { wallDay } from "../core/time";
import { type DepartureRow, presentDeparture } from "../office/model";
import type { Board, Line, Stop } from "../wire";

export interface Filters {
  /** Names of lines; empty: all of them. */
  lines: ReadonlySet<string>;
  /** Ids of child stops; empty: all of them. */
  quays: ReadonlySet<string>;
}

export interface Row extends DepartureRow {
  /** Whole minutes left, null where the time says more (far ahead, or cancelled). */
  minutes: number | null;
}

export interface Day {
  /** "2026-11-24" */
  day: string;
  rows: Row[];
}

/** Nearer than this a countdown says more than a time. */
const COUNTED_MIN = 15;

export function presentStop(board: Board, filters: Filters, now: number, offline: boolean): Day[] {
  const rows = board.departures
    .filter((departure) => filters.lines.size === 0 || filters.lines.has(departure.line.name))
    .filter((departure) => filters.quays.size === 0 || filters.quays.has(departure.stop_id))
    .map((departure) => presentDeparture(departure, now, offline))
    .filter((row): row is DepartureRow => row !== null)
    .map((row): Row => ({ ...row, minutes: minutesOf(row, now, offline) }));
  if (offline) rows.sort((left, right) => instant(shownAt(left, true)) - instant(shownAt(right, true)));
  const days: Day[] = [];
  for (const row of rows) {
    const day = wallDay(shownAt(row, offline));
    const last = days.at(-1);
    if (last?.day === day) last.rows.push(row);
    else days.push({ day, rows: [row] });
  }
  return days;
}

function shownAt(row: DepartureRow, offline: boolean): string {
  return offline ? (row.departure.scheduled ?? row.departure.expected) : row.departure.expected;
}

function minutesOf(row: DepartureRow, now: number, offline: boolean): number | null {
  if (row.departure.cancelled) return null;
  const minutes = minutesUntil(shownAt(row, offline), now);
  return minutes >= 0 && minutes < COUNTED_MIN ? minutes : null;
}

/** Lines as people look for them: numbers by value, then names; each once. */
export function sortLines(lines: readonly Line[]): Line[] {
  const byName = new Map(lines.map((line) => [line.name, line]));
  return [...byName.values()].sort((left, right) => left.name.localeCompare(right.name, "nb", { numeric: true }));
}

/** Child stops that riders can tell apart. */
export function namedQuays(quays: readonly Stop[]): Stop[] {
  const named = quays.filter((quay) => quay.platform);
  return named.length > 1 ? named.sort((a, b) => a.platform!.localeCompare(b.platform!, "nb", { numeric: true })) : [];
}
