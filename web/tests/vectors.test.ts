/** The connection plays the vectors that the Python client plays too. */

import { describe, expect, it } from "vitest";
import { Connection, type Listener } from "../src/core/connection";
import type { Params, ServerFrame } from "../src/core/frames";
import played from "../../tests/vectors/push_client.json";
import { Bench } from "./support";

interface Step {
  subscribe?: { sub: string; topic: string; params: Params; rev?: string; data?: unknown };
  unsubscribe?: string;
  open?: boolean;
  receive?: ServerFrame;
  text?: string;
  close?: number;
  wait_s?: number;
  sends?: unknown[];
  tells?: unknown[];
  fails?: unknown[];
  drops?: number;
  retries_in_s?: number;
}

const vectors = played as unknown as { name: string; steps: Step[] }[];

class Player {
  readonly bench = new Bench();
  tells: unknown[] = [];
  fails: unknown[] = [];
  lost: number[] = [];
  private readonly connection: Connection;

  constructor() {
    const listener: Listener = {
      opened: () => undefined,
      lost: (code) => this.lost.push(code),
      serverTime: () => undefined,
      data: (sub, data, rev) => this.tells.push({ sub, rev, data }),
      failed: (sub, problem) => this.fails.push({ sub, code: Number(problem.code) }),
    };
    this.connection = new Connection("ws://x/v1/live", this.bench, listener);
    this.connection.start();
  }

  /** Does a step; what was sent on the socket of that time. */
  play(step: Step): unknown[] {
    const { socket } = this.bench;
    const before = socket.sent.length;
    if (step.subscribe) {
      const { sub, topic, params, rev, data } = step.subscribe;
      this.connection.subscribe(sub, topic, params, rev === undefined ? undefined : { rev, data });
    } else if (step.unsubscribe !== undefined) this.connection.unsubscribe(step.unsubscribe);
    else if (step.open) socket.onopen?.();
    else if (step.receive) socket.say(step.receive);
    else if (step.text !== undefined) socket.onmessage?.({ data: step.text });
    else if (step.close !== undefined) socket.onclose?.({ code: step.close, reason: "" });
    else if (step.wait_s !== undefined) this.bench.pass(step.wait_s * 1000);
    return socket.sent.slice(before);
  }

  /** Passes the time until the next socket is opened; in milliseconds. */
  untilRetry(): number {
    const [sockets, begun] = [this.bench.sockets.length, this.bench.time];
    while (this.bench.sockets.length === sockets) this.bench.pass(1);
    return this.bench.time - begun;
  }
}

describe("the connection does what the vectors say", () => {
  it.each(vectors)("$name", ({ steps }) => {
    const player = new Player();
    for (const step of steps) {
      player.tells = [];
      player.fails = [];
      player.lost = [];
      const sent = player.play(step);
      expect(sent, JSON.stringify(step)).toEqual(step.sends ?? []);
      expect(player.tells).toEqual(step.tells ?? []);
      expect(player.fails).toEqual(step.fails ?? []);
      const ended = step.drops ?? step.close;
      expect(player.lost).toEqual(ended === undefined ? [] : [ended]);
      if (step.retries_in_s !== undefined) {
        // a step of waiting may have begun the wait for the next try already
        const slack = step.wait_s === undefined ? 2 : 500;
        const late = step.retries_in_s * 1000 - player.untilRetry();
        expect(late).toBeGreaterThanOrEqual(-2);
        expect(late).toBeLessThanOrEqual(slack);
      }
    }
  });
});
