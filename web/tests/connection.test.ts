import { beforeEach, describe, expect, it } from "vitest";
import { Connection, type Listener } from "../src/core/connection";
import { Bench } from "./support";

describe("the connection", () => {
  let bench: Bench;
  let seen: unknown[];
  let lost: number[];
  let connection: Connection;

  beforeEach(() => {
    bench = new Bench();
    seen = [];
    lost = [];
    const listener: Listener = {
      opened: () => undefined,
      lost: (code) => lost.push(code),
      serverTime: () => undefined,
      data: (_, data) => seen.push(data),
      failed: (_, problem) => seen.push(problem.code),
    };
    connection = new Connection("ws://x", bench, listener);
    connection.subscribe("a", "office", { office: "o" });
    connection.start();
    bench.socket.greet();
    bench.socket.say({ type: "subscribed", sub: "a", topic: "office?o" });
  });

  const snapshot = (rev: string, data: unknown): void =>
    bench.socket.say({ type: "snapshot", topic: "office?o", rev, data });
  const delta = (base: string, rev: string, value: number): void =>
    bench.socket.say({ type: "delta", topic: "office?o", base, rev, patch: [{ op: "replace", path: "/n", value }] });

  it("applies deltas to the snapshot they were made from", () => {
    snapshot("r1", { n: 1 });
    delta("r1", "r2", 2);
    delta("r2", "r3", 3);
    expect(seen).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
  });

  it("asks for the whole, once, when a step is missing", () => {
    snapshot("r1", { n: 1 });
    delta("r2", "r3", 3);
    delta("r3", "r4", 4);
    const asked = bench.socket.asked("subscribe");
    expect(asked).toHaveLength(2);
    expect(asked[1]).not.toHaveProperty("rev");
    bench.socket.say({ type: "subscribed", sub: "a", topic: "office?o" });
    snapshot("r4", { n: 4 });
    expect(seen).toEqual([{ n: 1 }, { n: 4 }]);
  });

  it("asks for the whole when a patch does not fit", () => {
    snapshot("r1", {});
    delta("r1", "r2", 2);
    expect(bench.socket.asked("subscribe")).toHaveLength(2);
  });

  it("resumes with what it holds after a loss", () => {
    snapshot("r1", { n: 1 });
    bench.socket.onclose?.({ code: 1006, reason: "" });
    bench.pass(1000);
    bench.socket.greet();
    expect(bench.socket.sent[0]).toMatchObject({ type: "subscribe", sub: "a", rev: "r1" });
    bench.socket.say({ type: "subscribed", sub: "a", topic: "office?o" });
    bench.socket.say({ type: "current", topic: "office?o", rev: "r1" });
    expect(seen).toEqual([{ n: 1 }, { n: 1 }]);
  });

  it("takes silence of two and a half heartbeats for death, and pings before", () => {
    bench.pass(24_900);
    expect(bench.socket.asked("ping")).toHaveLength(1);
    expect(lost).toEqual([]);
    const dead = bench.socket;
    bench.pass(200);
    expect(lost).toEqual([1006]);
    expect(dead.closed).toBe(true);
    bench.pass(1000);
    expect(bench.sockets).toHaveLength(2);
  });

  it("stays while heartbeats come", () => {
    for (let beat = 0; beat < 20; beat += 1) {
      bench.pass(9_000);
      bench.socket.say({ type: "heartbeat", server_time: "2026-11-23T16:00:00+01:00" });
    }
    expect(lost).toEqual([]);
  });

  it("waits longer after each failure, 30 s at most before the dice", () => {
    const tries: number[] = [];
    bench.socket.onclose?.({ code: 1006, reason: "" });
    for (let count = 0; count < 9; count += 1) {
      const before = bench.time;
      const known = bench.sockets.length;
      while (bench.sockets.length === known) bench.pass(100);
      tries.push((bench.time - before) / 1000);
      bench.socket.onclose?.({ code: 1006, reason: "" });
    }
    expect(tries).toEqual([0.5, 2, 4, 8, 16, 30, 30, 30, 30]);
  });

  it.each([1012, 1013])("spreads its return after a planned close (%i)", (code) => {
    bench.socket.onclose?.({ code, reason: "" });
    bench.pass(3_900);
    expect(bench.sockets).toHaveLength(1);
    bench.pass(200);
    expect(bench.sockets).toHaveLength(2);
  });

  it("carries several topics, and one topic twice", () => {
    connection.subscribe("b", "office", { office: "o" });
    bench.socket.say({ type: "subscribed", sub: "b", topic: "office?o" });
    snapshot("r1", { n: 1 });
    expect(seen).toHaveLength(2);
  });

  it("tells a refused subscription and lives on", () => {
    bench.socket.say({ type: "error", sub: "a", code: 404, title: "Unknown office" });
    expect(seen).toEqual(["404"]);
    expect(lost).toEqual([]);
  });

  it("gives up on a socket that never opens", () => {
    bench.socket.onclose?.({ code: 1006, reason: "" });
    bench.pass(500);
    expect(bench.sockets).toHaveLength(2);
    bench.pass(10_000 + 2_000);
    expect(bench.sockets.length).toBeGreaterThan(2);
  });
});
