/**
 * The browser's side of the connection: one Live per page, one controller per topic, one tick for all countdowns.
 * Elements read state and render; they never fetch.
 */

import type { ReactiveController, ReactiveControllerHost } from "lit";
import { ServerClock } from "./core/clock";
import { Connection, type Listener, type SocketLike } from "./core/connection";
import type { Params } from "./core/frames";
import { recall, remember } from "./core/held";
import { initialState, reduce, type TopicEvent, type TopicState } from "./core/store";

/** What is held is written at most this often: signage computers live on flash memory. */
const REMEMBER_MS = 60_000;

interface Sink {
  event(event: TopicEvent<unknown>): void;
}

export class Live {
  readonly clock = new ServerClock(() => performance.now());
  private readonly connection: Connection;
  private readonly sinks = new Map<string, Sink>();
  private numbers = 0;
  private readonly ended = new AbortController();
  private isOpen = false;
  private wasLost = false;

  /** @param key of a display or an app, where a topic needs one */
  constructor(origin: string = location.origin, key: string | null = null) {
    const listener: Listener = {
      opened: () => {
        this.isOpen = true;
        this.wasLost = false;
        this.tell({ type: "opened" });
      },
      lost: () => {
        this.isOpen = false;
        this.wasLost = true;
        this.tell({ type: "lost", at: this.clock.now() });
      },
      serverTime: (iso) => {
        this.clock.observe(iso);
        this.tell({ type: "alive", at: this.clock.now() });
      },
      data: (sub, data, rev) => {
        this.clock.learn(data);
        this.sinks.get(sub)?.event({ type: "data", data, rev, at: this.clock.now() });
      },
      failed: (sub, problem) => {
        if (sub) this.sinks.get(sub)?.event({ type: "failed", problem });
      },
    };
    const url = new URL("/v1/live", origin);
    if (key !== null) url.searchParams.set("key", key);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    this.connection = new Connection(url.href, surroundings, listener);
    const { signal } = this.ended;
    addEventListener("online", () => this.connection.hurry(), { signal });
    addEventListener("offline", () => this.connection.drop("the device is offline"), { signal });
    const woken = (): void => {
      if (document.visibilityState === "visible") this.connection.hurry();
    };
    document.addEventListener("visibilitychange", woken, { signal });
    this.connection.start();
  }

  /** Closes the connection for good. */
  stop(): void {
    this.ended.abort();
    this.connection.stop();
  }

  subscribe(topic: string, params: Params, sink: Sink, held?: { rev: string; data: unknown }): string {
    this.numbers += 1;
    const sub = `${topic}-${this.numbers}`;
    this.sinks.set(sub, sink);
    this.connection.subscribe(sub, topic, params, held);
    if (this.isOpen) sink.event({ type: "opened" });
    else if (this.wasLost) sink.event({ type: "lost", at: this.clock.now() });
    return sub;
  }

  unsubscribe(sub: string): void {
    this.sinks.delete(sub);
    this.connection.unsubscribe(sub);
  }

  private tell(event: TopicEvent<unknown>): void {
    for (const sink of this.sinks.values()) sink.event(event);
  }
}

const surroundings = {
  open: (url: string): SocketLike => new WebSocket(url) as unknown as SocketLike,
  setTimer: (callback: () => void, ms: number): number => window.setTimeout(callback, ms),
  clearTimer: (id: number): void => window.clearTimeout(id),
  random: (): number => crypto.getRandomValues(new Uint32Array(1))[0]! / 2 ** 32,
};

/** One topic for one element; `keep` names what is held over a restart. */
export class TopicController<T> implements ReactiveController {
  state: TopicState<T> = initialState<T>();
  private sub: string | null = null;
  private wanted = "";
  private remembered = 0;

  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly live: Live,
    public keep: string | null = null,
  ) {
    host.addController(this);
  }

  get data(): T | null {
    return this.state.held?.data ?? null;
  }

  /** Watch this topic; null stops. Asking for the same again changes nothing. */
  watch(topic: string, params: Params | null): void {
    const wanted = params ? topic + JSON.stringify(params) : "";
    if (wanted === this.wanted) return;
    this.wanted = wanted;
    if (this.sub) this.live.unsubscribe(this.sub);
    this.sub = null;
    this.state = initialState<T>();
    this.host.requestUpdate();
    if (!params) return;
    if (this.keep) this.recallHeld();
    const sink: Sink = { event: (event) => this.receive(event as TopicEvent<T>) };
    this.sub = this.live.subscribe(topic, params, sink, this.state.held ?? undefined);
  }

  hostConnected(): void {}

  hostDisconnected(): void {
    this.stop();
  }

  /** Watches no more; what was last seen stays. */
  stop(): void {
    if (this.sub) this.live.unsubscribe(this.sub);
    this.sub = null;
    this.wanted = "";
  }

  private receive(event: TopicEvent<T>): void {
    const before = this.state;
    this.state = reduce(before, event);
    if (this.state === before) return;
    if (this.keep && (event.type === "data" || event.type === "alive")) this.rememberHeld();
    if (event.type !== "alive") this.host.requestUpdate();
  }

  private recallHeld(): void {
    const found = recall<T>(localStorage, this.keep!, Date.now());
    if (!found) return;
    this.live.clock.assume(found.now, found.zoneOffsetMin, found.timezone);
    this.state = reduce(this.state, { type: "recalled", held: found.held });
  }

  private rememberHeld(): void {
    const at = performance.now();
    if (!this.state.held || (this.remembered > 0 && at - this.remembered < REMEMBER_MS)) return;
    this.remembered = at;
    const { clock } = this.live;
    const told = { server: clock.now(), device: Date.now(), zoneOffsetMin: clock.zoneOffsetMin, timezone: clock.timezone };
    remember(localStorage, this.keep!, this.state.held, told);
  }
}

/** Renders its host at the start of every second of the server's clock, so that all countdowns turn together. */
export class TickController implements ReactiveController {
  private timer = 0;

  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly live: Live,
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    clearTimeout(this.timer);
    this.plan();
  }

  hostDisconnected(): void {
    clearTimeout(this.timer);
  }

  private plan(): void {
    const now = this.live.clock.now();
    const rest = Number.isNaN(now) ? 250 : 1000 - (now % 1000);
    this.timer = window.setTimeout(() => {
      this.host.requestUpdate();
      this.plan();
    }, rest + 5);
  }
}
