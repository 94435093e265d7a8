/**
 * Ways and departures of the next hours, fetched ahead and held for a time without connection: the view itself carries
 * only the best ways of the next hour, and as many departures as a screen shows. By the plan: real time this old helps
 * nobody.
 */

import type { ReactiveController, ReactiveControllerHost } from "lit";
import { findJson } from "../api";
import { instant } from "../core/minutes";
import { placeKey } from "../core/place";
import { isoInstant } from "../core/time";
import type { Board, Departure, OfficeItem, OfficeView, Place, Suggestion, Suggestions } from "../wire";
import type { Ahead } from "./model";

/** Two hours ahead, renewed before half an hour of it is gone: an hour and a half is always held. In slices, since an
 * answer gives the best first, and later ways would not be among them. */
const SLICES = 4;
const SLICE_S = 1_800;
const RENEW_MS = 20 * 60_000;
const RETRY_MS = 90_000;
/** The screen shows itself first; and not all screens of a house, switched on together, ask at once. */
const FIRST_MS = 4_000;
const SPREAD_MS = 12_000;
const MOST = 8;
const MOST_ROWS = 200;

interface Held {
  ways: Record<string, Suggestion[]>;
  rows: Record<string, Departure[]>;
}

export class Reserve implements ReactiveController {
  ahead: Ahead = { ways: new Map(), rows: new Map() };
  private timer = 0;
  private asked = "";

  constructor(
    host: ReactiveControllerHost,
    private readonly clock: { now(): number; zoneOffsetMin: number },
    private readonly key: string,
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    this.take(read(this.key));
  }

  hostDisconnected(): void {
    clearTimeout(this.timer);
    this.asked = "";
  }

  /** Follow the office: another one, or other destinations or settings, asks anew. */
  follow(view: OfficeView): void {
    const { office } = view;
    const stops = view.boards.map(({ stop }) => stop.id);
    const asked = JSON.stringify([stops, { ...office, logo: null }]);
    if (asked === this.asked) return;
    this.asked = asked;
    this.plan(office, stops, FIRST_MS + SPREAD_MS * Math.random());
  }

  private plan(office: OfficeItem, stops: readonly string[], delay: number): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.fetchAll(office, stops), delay);
  }

  private async fetchAll(office: OfficeItem, stops: readonly string[]): Promise<void> {
    const asked = this.asked;
    const found: Held = { ways: {}, rows: {} };
    for (const destination of office.destinations) {
      const ways = await this.fetchWays(office, destination);
      if (asked !== this.asked) return;
      if (ways) found.ways[placeKey(destination)] = ways;
    }
    for (const stop of stops) {
      const board = await findJson<Board>(`/v1/stops/${encodeURIComponent(stop)}/departures?limit=${MOST_ROWS}`);
      if (asked !== this.asked) return;
      if (board) found.rows[stop] = this.rowsOf(board, office);
    }
    const needed = new Set(office.destinations.map(placeKey)).size + stops.length;
    const whole = Object.keys(found.ways).length + Object.keys(found.rows).length === needed;
    // What could not be had stays as it was: what is old leaves the screen by the clock.
    const held: Held = whole
      ? found
      : {
          ways: { ...(Object.fromEntries(this.ahead.ways) as Held["ways"]), ...found.ways },
          rows: { ...(Object.fromEntries(this.ahead.rows) as Held["rows"]), ...found.rows },
        };
    this.take(held);
    write(this.key, held);
    this.plan(office, stops, whole ? RENEW_MS * (0.8 + 0.2 * Math.random()) : RETRY_MS);
  }

  private take(held: Held): void {
    this.ahead = { ways: new Map(Object.entries(held.ways)), rows: new Map(Object.entries(held.rows)) };
  }

  /** Of the next two hours, on the lines that the office shows. */
  private rowsOf(board: Board, office: OfficeItem): Departure[] {
    const end = this.clock.now() + SLICES * SLICE_S * 1000;
    const named = (lines: readonly string[], row: Departure): boolean => lines.includes(row.line.id) || lines.includes(row.line.name);
    return board.departures
      .filter((row) => row.scheduled !== null && instant(row.scheduled) <= end)
      .filter((row) => (!office.lines || named(office.lines, row)) && !(office.hidden_lines && named(office.hidden_lines, row)))
      .map((row) => ({ ...row, alerts: [] }));
  }

  /** null where a part of it could not be had. */
  private async fetchWays(office: OfficeItem, to: Place): Promise<Suggestion[] | null> {
    const ways: Suggestion[] = [];
    const begun = this.clock.now();
    for (let slice = 0; slice < SLICES; slice += 1) {
      const at = isoInstant(begun + slice * SLICE_S * 1000, this.clock.zoneOffsetMin);
      const answer = await findJson<Suggestions>(address(office, to, at));
      if (!answer) return null;
      ways.push(...answer.suggestions);
    }
    return unique(ways);
  }
}

/** Each once, though it may be in two slices. */
function unique(ways: readonly Suggestion[]): Suggestion[] {
  return [...new Map(ways.map((way) => [way.id, lean(way)])).values()];
}

function address(office: OfficeItem, to: Place, at: string): string {
  const query = new URLSearchParams({
    from: office.id,
    to: to.station_id ?? to.stop_id ?? `${to.lat},${to.lon}`,
    at,
    window_s: String(SLICE_S),
    limit: String(MOST),
  });
  if (office.modes) query.set("modes", office.modes.join());
  if (office.max_walk_m) query.set("max_walk_m", String(office.max_walk_m));
  if (office.walk_speed) query.set("walk_speed", String(office.walk_speed));
  if (office.providers) query.set("providers", office.providers.join());
  return `/v1/suggestions?${query}`;
}

/** Without what a screen does not show: storage is small, and may be a worn memory card. */
function lean(suggestion: Suggestion): Suggestion {
  return { ...suggestion, legs: suggestion.legs.map((leg) => ({ ...leg, geometry: null, stops: [] })) };
}

function read(key: string): Held {
  try {
    const held = JSON.parse(localStorage.getItem(key) ?? "{}") as Partial<Held> | null;
    return { ways: held?.ways ?? {}, rows: held?.rows ?? {} };
  } catch {
    return { ways: {}, rows: {} }; // no storage, or what lies there is not ours
  }
}

function write(key: string, held: Held): void {
  try {
    localStorage.setItem(key, JSON.stringify(held));
  } catch {
    // Full or closed: the reserve lasts as long as the page.
  }
}
