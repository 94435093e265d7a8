/** The trips that somebody rides or looks at, each followed as a topic: their times, and where their vehicles are. */

import type { ReactiveController, ReactiveControllerHost } from "lit";
import { tripKey, type Trips } from "./core/follow";
import type { TopicEvent } from "./core/store";
import type { Live } from "./live";
import type { Leg, Trip } from "./wire";

/** No such trip, or it does not run on that day. */
const WITHDRAWN = new Set(["404", "422"]);

export class TripsController implements ReactiveController {
  /** By `tripKey`; another map whenever something in it is another. */
  trips: Trips = new Map();
  private readonly subs = new Map<string, string>();

  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly live: Live,
  ) {
    host.addController(this);
  }

  /** Follows the trips of these legs and no others. */
  watch(legs: readonly Pick<Leg, "trip_id" | "service_date">[]): void {
    const wanted = new Map(legs.filter((leg) => leg.trip_id).map((leg) => [tripKey(leg)!, leg]));
    for (const [key, sub] of this.subs) {
      if (wanted.has(key)) continue;
      this.live.unsubscribe(sub);
      this.subs.delete(key);
      this.forget(key);
    }
    for (const [key, leg] of wanted) {
      if (this.subs.has(key)) continue;
      const params = { trip_id: leg.trip_id!, ...(leg.service_date ? { service_date: leg.service_date } : {}) };
      const sink = { event: (event: TopicEvent<unknown>) => this.receive(key, event) };
      this.subs.set(key, this.live.subscribe("trip", params, sink));
    }
  }

  hostConnected(): void {}

  hostDisconnected(): void {
    this.watch([]);
  }

  private receive(key: string, event: TopicEvent<unknown>): void {
    if (event.type === "data") this.keep(key, event.data as Trip);
    else if (event.type === "failed" && WITHDRAWN.has(event.problem.code)) this.keep(key, null);
    else return;
    this.host.requestUpdate();
  }

  private keep(key: string, trip: Trip | null): void {
    this.trips = new Map(this.trips).set(key, trip);
  }

  private forget(key: string): void {
    const next = new Map(this.trips);
    next.delete(key);
    this.trips = next;
  }
}
