/**
 * Ways for the next hours, fetched ahead and held for a time without connection: the view itself carries only the best
 * few of the next hour. By the plan: real time this old helps nobody.
 */

import type { ReactiveController, ReactiveControllerHost } from "lit";
import { findJson } from "../api";
import { isoInstant } from "../core/time";
import type { OfficeItem, OfficeView, Place, Suggestion, Suggestions } from "../wire";
import { placeKey } from "./model";

/** Two hours ahead, renewed before half an hour of it is gone: an hour and a half is always held. In slices, since an
 * answer gives the best first, and later ways would not be among them. */
const SLICES = 4;
const SLICE_S = 1_800;
const RENEW_MS = 20 * 60_000;
const RETRY_MS = 90_000;
/** The screen shows itself first. */
const FIRST_MS = 4_000;
const MOST = 8;

type Held = Record<string, Suggestion[]>;

export class Reserve implements ReactiveController {
  ways: ReadonlyMap<string, readonly Suggestion[]> = new Map();
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
    this.ways = new Map(Object.entries(read(this.key)));
  }

  hostDisconnected(): void {
    clearTimeout(this.timer);
    this.asked = "";
  }

  /** Follow the office: another one, or other destinations or settings, asks anew. */
  follow(view: OfficeView): void {
    const { office } = view;
    const asked = JSON.stringify([office.id, office.destinations.map(placeKey), office.modes, office.max_walk_m, office.walk_speed]);
    if (asked === this.asked) return;
    this.asked = asked;
    this.plan(office, FIRST_MS);
  }

  private plan(office: OfficeItem, delay: number): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.fetchAll(office), delay);
  }

  private async fetchAll(office: OfficeItem): Promise<void> {
    const asked = this.asked;
    const found: Held = {};
    for (const destination of office.destinations) {
      const ways = await this.fetchWays(office, destination);
      if (asked !== this.asked) return;
      if (ways) found[placeKey(destination)] = ways;
    }
    const whole = Object.keys(found).length === new Set(office.destinations.map(placeKey)).size;
    // What could not be had stays as it was: old ways leave the screen by the clock.
    const held = { ...(whole ? {} : Object.fromEntries(this.ways)), ...found } as Held;
    this.ways = new Map(Object.entries(held));
    write(this.key, held);
    this.plan(office, whole ? RENEW_MS * (0.8 + 0.2 * Math.random()) : RETRY_MS);
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
  return `/v1/suggestions?${query}`;
}

/** Without what a screen does not show: storage is small, and may be a worn memory card. */
function lean(suggestion: Suggestion): Suggestion {
  return { ...suggestion, legs: suggestion.legs.map((leg) => ({ ...leg, geometry: null, stops: [] })) };
}

function read(key: string): Held {
  try {
    return (JSON.parse(localStorage.getItem(key) ?? "{}") ?? {}) as Held;
  } catch {
    return {}; // no storage, or what lies there is not ours
  }
}

function write(key: string, held: Held): void {
  try {
    localStorage.setItem(key, JSON.stringify(held));
  } catch {
    // Full or closed: the reserve lasts as long as the page.
  }
}
