/**
 * One websocket to /v1/live, kept alive: subscriptions survive reconnects, deltas are applied only onto the state
 * they were made from, and a connection that has fallen silent counts as dead though its socket may not know.
 * No DOM: the socket, the timers and the dice come from outside. `smartreise.client` follows the same rules in Python;
 * `tests/vectors/push_client.json` holds both to them.
 */

import type { ClientFrame, Params, ServerFrame } from "./frames";
import { applyPatch } from "./patch";

export interface SocketLike {
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number; reason: string }) => void) | null;
  onerror: (() => void) | null;
  send(text: string): void;
  close(code?: number, reason?: string): void;
}

export interface Surroundings {
  open(url: string): SocketLike;
  setTimer(callback: () => void, ms: number): number;
  clearTimer(id: number): void;
  /** 0 ≤ random() < 1 */
  random(): number;
}

export interface Listener {
  opened(): void;
  /** The connection is gone; a new try has been planned. */
  lost(code: number, reason: string): void;
  serverTime(iso: string): void;
  data(sub: string, data: unknown, rev: string): void;
  failed(sub: string | null, problem: { code: string; title: string; detail: string }): void;
}

interface Subscription {
  topic: string;
  params: Params;
  canonical: string | null;
  rev: string | null;
  data: unknown;
  /** A delta did not fit: wait for the whole state. */
  waiting: boolean;
  /** The server had no room: it is asked again when this timer comes. */
  again: number | null;
}

const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 30_000;
/** Planned restarts and a busy server let everybody return at once: spread them wider. */
const CROWD_MS = 4_000;
const OPEN_WITHIN_MS = 10_000;
const SILENT_HEARTBEATS = 2.5;
const GOING_AWAY = new Set([1012, 1013]);
/** A subscription that the server had no room for is asked for again after about this long. */
const ASK_AGAIN_MS = 5_000;
const NO_ROOM = 500;
/** How long a connection must hold before the next loss starts counting from the beginning. */
const STEADY_MS = 10_000;

export class Connection {
  private socket: SocketLike | null = null;
  private subscriptions = new Map<string, Subscription>();
  private heartbeatS = 15;
  private failures = 0;
  private silence: number | null = null;
  private beat: number | null = null;
  private retry: number | null = null;
  private steady: number | null = null;
  private open = false;
  private stopped = true;

  constructor(
    private readonly url: string,
    private readonly around: Surroundings,
    private readonly listener: Listener,
  ) {}

  start(): void {
    this.stopped = false;
    this.connect();
  }

  stop(): void {
    this.stopped = true;
    this.retry = this.cancel(this.retry);
    this.abandon(1000, "done");
  }

  /** The network came back or the page woke up: do not wait for the timer. */
  hurry(): void {
    if (this.stopped || this.socket) return;
    this.retry = this.cancel(this.retry);
    this.connect();
  }

  /** Nothing can come through: let go of a socket that may not know it yet. */
  drop(reason: string): void {
    if (this.socket) this.lose(1006, reason);
  }

  /** @param held what the client already has of this topic */
  subscribe(sub: string, topic: string, params: Params, held?: { rev: string; data: unknown }): void {
    this.unsubscribe(sub);
    this.subscriptions.set(sub, {
      topic,
      params,
      canonical: null,
      rev: held?.rev ?? null,
      data: held?.data,
      waiting: false,
      again: null,
    });
    if (this.open) this.request(sub);
  }

  unsubscribe(sub: string): void {
    this.cancel(this.subscriptions.get(sub)?.again ?? null);
    if (this.subscriptions.delete(sub) && this.open) this.send({ type: "unsubscribe", sub });
  }

  private connect(): void {
    const socket = this.around.open(this.url);
    this.socket = socket;
    socket.onopen = () => {
      this.open = true;
      this.listener.opened();
      this.listen();
      for (const sub of this.subscriptions.keys()) this.request(sub);
    };
    socket.onmessage = (event) => this.receive(event.data);
    socket.onclose = (event) => this.lose(event.code, event.reason);
    socket.onerror = () => undefined; // a close always follows
    this.silence = this.around.setTimer(() => this.lose(1006, "no answer"), OPEN_WITHIN_MS);
  }

  private request(sub: string): void {
    const wanted = this.subscriptions.get(sub);
    if (!wanted) return;
    wanted.canonical = null;
    wanted.again = this.cancel(wanted.again);
    const frame: ClientFrame = { type: "subscribe", sub, topic: wanted.topic, params: wanted.params };
    this.send(wanted.rev !== null && !wanted.waiting ? { ...frame, rev: wanted.rev } : frame);
  }

  private send(frame: ClientFrame): void {
    this.socket?.send(JSON.stringify(frame));
  }

  /** Any frame is a sign of life. */
  private listen(): void {
    this.silence = this.cancel(this.silence);
    this.beat = this.cancel(this.beat);
    this.silence = this.around.setTimer(() => this.lose(1006, "silence"), this.heartbeatS * SILENT_HEARTBEATS * 1000);
    this.beat = this.around.setTimer(() => this.send({ type: "ping" }), this.heartbeatS * 1.25 * 1000);
  }

  private receive(text: unknown): void {
    if (typeof text !== "string") return;
    let frame: ServerFrame;
    try {
      frame = JSON.parse(text) as ServerFrame;
    } catch {
      return this.lose(1007, "not JSON");
    }
    if (frame.type === "hello") this.greet(frame.heartbeat_s);
    if ("server_time" in frame && frame.server_time) this.listener.serverTime(frame.server_time);
    this.listen();
    this.handle(frame);
  }

  private greet(heartbeatS: number): void {
    if (heartbeatS > 0) this.heartbeatS = heartbeatS;
    this.steady = this.around.setTimer(() => {
      this.failures = 0;
    }, STEADY_MS);
  }

  private handle(frame: ServerFrame): void {
    if (frame.type === "subscribed") {
      const wanted = this.subscriptions.get(frame.sub);
      if (wanted) wanted.canonical = frame.topic;
    } else if (frame.type === "snapshot") {
      for (const [sub, held] of this.holders(frame.topic)) this.keep(sub, held, frame.data, frame.rev);
    } else if (frame.type === "delta") {
      for (const [sub, held] of this.holders(frame.topic)) this.advance(sub, held, frame);
    } else if (frame.type === "current") {
      for (const [sub, held] of this.holders(frame.topic)) this.confirm(sub, held, frame.rev);
    } else if (frame.type === "error") {
      this.fail(frame);
    }
  }

  private fail(frame: Extract<ServerFrame, { type: "error" }>): void {
    const sub = frame.sub ?? null;
    const held = sub === null ? null : this.subscriptions.get(sub);
    if (held === undefined) return; // it was left in the meantime
    if (sub !== null && held && held.canonical === null && Number(frame.code) >= NO_ROOM) {
      this.cancel(held.again);
      held.again = this.around.setTimer(() => this.request(sub), ASK_AGAIN_MS * (0.5 + this.around.random()));
    }
    this.listener.failed(sub, { code: String(frame.code), title: frame.title, detail: frame.detail ?? "" });
  }

  private holders(canonical: string): [string, Subscription][] {
    return [...this.subscriptions].filter(([, held]) => held.canonical === canonical);
  }

  private keep(sub: string, held: Subscription, data: unknown, rev: string): void {
    held.data = data;
    held.rev = rev;
    held.waiting = false;
    this.listener.data(sub, data, rev);
  }

  private advance(sub: string, held: Subscription, frame: Extract<ServerFrame, { type: "delta" }>): void {
    if (held.waiting || held.rev === frame.rev) return;
    if (held.rev !== frame.base || held.data === undefined) return this.refetch(sub, held);
    let next: unknown;
    try {
      next = applyPatch(held.data, frame.patch);
    } catch {
      return this.refetch(sub, held);
    }
    this.keep(sub, held, next, frame.rev);
  }

  private confirm(sub: string, held: Subscription, rev: string): void {
    if (held.rev !== rev || held.data === undefined) return this.refetch(sub, held);
    this.listener.data(sub, held.data, rev);
  }

  /** A step was missed: ask for the whole, once. */
  private refetch(sub: string, held: Subscription): void {
    if (held.waiting) return;
    held.waiting = true;
    this.send({ type: "unsubscribe", sub });
    this.request(sub);
  }

  private lose(code: number, reason: string): void {
    this.abandon(code === 1006 || code === 1007 ? 4000 : 1000, reason);
    this.listener.lost(code, reason);
    if (this.stopped) return;
    this.retry = this.around.setTimer(() => {
      this.retry = null;
      this.connect();
    }, this.delay(code));
  }

  /** The first try within a second, then doubling to 30 s at most, each by a random factor of 0.5–1.5. */
  private delay(code: number): number {
    const spread = 0.5 + this.around.random();
    if (this.failures === 0 && !GOING_AWAY.has(code)) {
      this.failures = 1;
      return FIRST_RETRY_MS * this.around.random();
    }
    const base = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(this.failures, 10));
    this.failures += 1;
    return spread * (GOING_AWAY.has(code) ? Math.max(CROWD_MS, base) : base);
  }

  private abandon(code: number, reason: string): void {
    const socket = this.socket;
    this.socket = null;
    this.open = false;
    this.silence = this.cancel(this.silence);
    this.beat = this.cancel(this.beat);
    this.steady = this.cancel(this.steady);
    for (const held of this.subscriptions.values()) held.again = this.cancel(held.again);
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = socket.onerror = null;
    try {
      socket.close(code, reason);
    } catch {
      // A socket that never opened may refuse to be closed; it has no listeners any more.
    }
  }

  private cancel(timer: number | null): null {
    if (timer !== null) this.around.clearTimer(timer);
    return null;
  }
}
