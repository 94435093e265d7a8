/** The push side of the client: one websocket, open while something is followed. */

import { ServerClock } from "../core/clock";
import { Connection, type SocketLike } from "../core/connection";
import { Refused } from "./problems";

export interface Sink {
  data(data: unknown): void;
  refused(problem: Refused): void;
  link(state: LinkState): void;
}

/** `lost`: it returns by itself, and what was sent last still stands. */
export type LinkState = "open" | "lost";

/** Asking again for what was refused so would be refused again. */
const FINAL = new Set([400, 401, 403, 404, 413, 414, 422]);

export class LiveSide {
  readonly clock = new ServerClock(() => performance.now());
  private readonly sinks = new Map<string, Sink>();
  private connection: Connection | null = null;
  private numbers = 0;

  constructor(
    private readonly url: string,
    private readonly open: (url: string) => SocketLike,
  ) {}

  /** Returns what ends it. */
  follow(topic: string, params: Record<string, string | number | boolean>, sink: Sink): () => void {
    this.numbers += 1;
    const sub = `${topic}-${this.numbers}`;
    this.sinks.set(sub, sink);
    const connection = (this.connection ??= this.connect());
    connection.subscribe(sub, topic, params);
    return () => {
      if (!this.sinks.delete(sub)) return;
      connection.unsubscribe(sub);
      if (this.sinks.size === 0) this.close();
    };
  }

  /** Ends all that is followed; following something opens the connection again. */
  close(): void {
    this.sinks.clear();
    this.connection?.stop();
    this.connection = null;
  }

  private connect(): Connection {
    const tell = (act: (sink: Sink) => void): void => [...this.sinks.values()].forEach(act);
    const around = {
      open: this.open,
      setTimer: (callback: () => void, ms: number): number => setTimeout(callback, ms) as unknown as number,
      clearTimer: (id: number): void => clearTimeout(id),
      random: Math.random,
    };
    const connection = new Connection(this.url, around, {
      opened: () => tell((sink) => sink.link("open")),
      lost: () => tell((sink) => sink.link("lost")),
      serverTime: (iso) => this.clock.observe(iso),
      data: (sub, data) => this.sinks.get(sub)?.data(data),
      failed: (sub, { code, title, detail }) => {
        const problem = new Refused(Number(code), title, detail);
        if (sub && FINAL.has(problem.status)) this.sinks.get(sub)?.refused(problem);
      },
    });
    connection.start();
    return connection;
  }
}
