import { afterEach, describe, expect, it, vi } from "vitest";
import { Reiseinfo, Refused } from "../src/client";
import { writeParams } from "../src/client/topics";
import { at, departure, FakeSocket, ms, ride, suggestion } from "./support";

/** A client whose fetch and socket are the test's. */
function drawn(answers: Record<string, unknown> = {}, status = 200) {
  const asked: { url: string; key: string | null }[] = [];
  const sockets: FakeSocket[] = [];
  const reiseinfo = new Reiseinfo("https://reise.example/x/", {
    key: "k",
    fetch: async (url, init) => {
      asked.push({ url: String(url), key: new Headers(init?.headers).get("X-API-Key") });
      return new Response(JSON.stringify(answers), { status, headers: { "Retry-After": "7" } });
    },
    WebSocket: class extends FakeSocket {
      constructor(readonly url: string) {
        super();
        sockets.push(this);
      }
    },
  });
  return { reiseinfo, asked, sockets };
}

/** Greets, accepts the newest subscription and sends its data. */
function serve(socket: FakeSocket, data: unknown, rev = "1"): void {
  const { sub } = socket.asked("subscribe").at(-1) as { sub: string };
  socket.say({ type: "subscribed", sub, topic: `t-${sub}` });
  socket.say({ type: "snapshot", topic: `t-${sub}`, rev, data, server_time: at("16:00:30") });
}

afterEach(() => vi.useRealTimers());

describe("asking once", () => {
  it("writes points, lists and what was left out as the API takes them", async () => {
    const { reiseinfo, asked } = drawn({ suggestions: [] });
    await reiseinfo.suggestions({ lat: 59.9, lon: 10.6 }, "NSR:StopPlace:337", { modes: ["rail", "bike"], limit: 3 });
    await reiseinfo.departures("NSR:StopPlace:3609");
    expect(asked).toEqual([
      { url: "https://reise.example/v1/suggestions?from=59.9%2C10.6&to=NSR%3AStopPlace%3A337&modes=rail%2Cbike&limit=3", key: "k" },
      { url: "https://reise.example/v1/stops/NSR%3AStopPlace%3A3609/departures", key: "k" },
    ]);
    expect(writeParams({ at: undefined, wheelchair: false })).toEqual({ wheelchair: false });
  });

  it("throws what was refused in the service's own words", async () => {
    const { reiseinfo } = drawn({ title: "Bad input", detail: "at: no", errors: [{ field: "at", message: "no" }] }, 400);
    const refusal = await reiseinfo.feeds().catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(Refused);
    expect(refusal).toMatchObject({ status: 400, message: "at: no", errors: [{ field: "at" }], retryAfterS: 7 });
  });
});

describe("following", () => {
  it("opens one socket for all, gives whole states, and closes it with the last follower", () => {
    const { reiseinfo, sockets } = drawn();
    const seen: unknown[] = [];
    const ends = ["a", "b"].map((stop) => reiseinfo.follow("board", { stop, lines: ["1", "2"] }, { data: (data) => seen.push(data) }));
    expect(sockets).toHaveLength(1);
    const socket = sockets[0]!;
    socket.greet();
    expect(socket.asked("subscribe").map((frame) => "params" in frame && frame.params)).toEqual([
      { stop: "a", lines: "1,2" },
      { stop: "b", lines: "1,2" },
    ]);
    serve(socket, { departures: [] });
    expect(seen).toEqual([{ departures: [] }]);
    ends[0]!();
    expect(socket.closed).toBe(false);
    ends[1]!();
    expect(socket.closed).toBe(true);
  });

  it("counts down by the server's clock", () => {
    const { reiseinfo, sockets } = drawn();
    reiseinfo.follow("feeds", {}, { data: () => {} });
    sockets[0]!.greet();
    expect(Math.abs(reiseinfo.now() - ms("16:00"))).toBeLessThan(1000);
    expect([reiseinfo.minutesUntil(at("16:05:30")), reiseinfo.minutesUntil(at("15:59"))]).toEqual([5, -2]);
    reiseinfo.close();
  });

  it("gives whoever is slow the newest, and ends with the loop", async () => {
    const { reiseinfo, sockets } = drawn();
    const boards = reiseinfo.boards("a");
    const one = boards.next();
    sockets[0]!.greet();
    serve(sockets[0]!, { departures: [1] });
    expect((await one).value).toEqual({ departures: [1] });
    serve(sockets[0]!, { departures: [2] }, "2");
    serve(sockets[0]!, { departures: [3] }, "3");
    expect((await boards.next()).value).toEqual({ departures: [3] });
    await boards.return();
    expect(sockets[0]!.closed).toBe(true);
  });

  it("throws a question that is refused, and goes on where the server is only busy", async () => {
    const { reiseinfo, sockets } = drawn();
    const boards = reiseinfo.boards("nowhere");
    const one = boards.next();
    const socket = sockets[0]!;
    socket.greet();
    const { sub } = socket.asked("subscribe")[0] as { sub: string };
    socket.say({ type: "error", sub, code: 503, title: "Busy", detail: "wait" });
    socket.say({ type: "error", sub, code: 404, title: "Unknown", detail: "no such stop" });
    await expect(one).rejects.toMatchObject({ status: 404, message: "no such stop" });
    expect(socket.closed).toBe(true);
  });

  it("answers the two questions that everybody has", async () => {
    const { reiseinfo, sockets } = drawn();
    const departures = reiseinfo.nextDepartures("a");
    sockets[0]!.greet();
    serve(sockets[0]!, { departures: [departure("x", "16:04", { cancelled: true }), departure("y", "16:05")] });
    expect((await departures).map(({ id }) => id)).toEqual(["y"]);

    const way = reiseinfo.whenToLeave("a", "b");
    sockets[1]!.greet();
    const legs = [ride("31", "16:12", "16:20")];
    const told = [suggestion("gone", legs, { status: "broken" }), suggestion("run", legs, { reach: "hurry" }), suggestion("go", legs)];
    serve(sockets[1]!, { suggestions: told });
    expect((await way)?.id).toBe("go");
  });
});
