import { describe, expect, it } from "vitest";
import { ServerClock } from "../src/core/clock";
import { badgeColors, contrast } from "../src/core/color";
import { recall, remember } from "../src/core/held";
import { hasPassed, minutesUntil } from "../src/core/minutes";
import { decodePolyline } from "../src/core/polyline";
import { initialState, reduce, type TopicState } from "../src/core/store";
import { clockDate, clockTime, isoInstant, nextAt, wallTime } from "../src/core/time";
import { at, ms } from "./support";

describe("the server's clock", () => {
  it("follows the server, whatever the device's clock says", () => {
    let monotonic = 5_000;
    const clock = new ServerClock(() => monotonic);
    expect(clock.now()).toBeNaN();
    clock.observe(at("16:00"));
    monotonic += 90_000;
    expect(clock.now()).toBe(ms("16:01:30"));
    expect(clock.zoneOffsetMin).toBe(60);
  });

  it("trusts the frame that was least late", () => {
    let monotonic = 0;
    const clock = new ServerClock(() => monotonic);
    clock.observe(at("16:00:00"));
    monotonic = 11_500; // a frame stamped 10 s later that took 1.5 s
    clock.observe(at("16:00:10"));
    expect(clock.now()).toBe(ms("16:00:11") + 500);
  });

  it("changes with the region's clocks while nobody tells it", () => {
    let monotonic = 0;
    const clock = new ServerClock(() => monotonic);
    clock.observe("2026-10-25T02:59:00+02:00");
    clock.learn({ feeds: [], timezone: "Europe/Oslo" });
    expect(clock.zoneOffsetMin).toBe(120);
    monotonic = 120_000;
    expect(clock.zoneOffsetMin).toBe(60);
    expect(clock.offsetAt(Date.parse("2026-10-25T00:30:00Z"))).toBe(120);
  });

  it("believes the server where the device's tables are of another opinion, or do not know the zone", () => {
    const clock = new ServerClock(() => 0);
    clock.observe("2026-07-01T12:00:00+01:00"); // a summer without summer time
    clock.learn({ timezone: "Europe/Oslo" });
    expect(clock.offsetAt(Date.parse("2026-08-01T12:00:00Z"))).toBe(60);
    clock.learn({ timezone: "Europe/Fornebu" });
    expect(clock.zoneOffsetMin).toBe(60);
  });

  it("takes a jump as the new truth", () => {
    let monotonic = 0;
    const clock = new ServerClock(() => monotonic);
    clock.observe(at("16:00"));
    monotonic = 1_000;
    clock.observe(at("15:00"));
    expect(clock.now()).toBe(ms("15:00"));
  });
});

describe("minutes", () => {
  it.each([
    ["16:04:00", 4],
    ["16:03:59", 3],
    ["16:01:00", 1],
    ["16:00:59", 0],
    ["16:00:00", 0],
    ["15:59:59", -1],
  ])("%s is %i minutes from 16:00", (time, minutes) => {
    expect(minutesUntil(at(time), ms("16:00"))).toBe(minutes);
    expect(hasPassed(at(time), ms("16:00"))).toBe(minutes < 0);
  });
});

describe("times", () => {
  it("shows the wall time of the instant's own offset", () => {
    expect(wallTime("2026-10-25T02:30:00+02:00")).toBe("02:30");
    expect(wallTime("2026-10-25T02:30:00+01:00")).toBe("02:30");
  });

  it("knows the day on the wall", () => {
    const now = Date.parse("2026-11-23T23:30:00Z");
    expect(clockTime(now, 60)).toBe("00:30");
    expect(clockDate(now, 60)).toEqual({ year: 2026, month: 11, day: 24, weekday: 2 });
    expect(isoInstant(now, -90)).toBe("2026-11-23T22:00:00-01:30");
  });

  it("means the next time that it is so late", () => {
    const now = ms("16:00");
    expect(nextAt("17:15", now, 60)).toBe(ms("17:15"));
    expect(nextAt("08:00", now, 60)).toBe(ms("08:00") + 86_400_000);
  });
});

describe("badge colours", () => {
  it.each([
    ["E60000", "FFFFFF"],
    ["FFFF00", "FFFFFF"],
    ["76A300", "FFFFFF"],
    ["0B91EF", "0B91EF"],
    ["777777", "888888"],
    [null, null],
    ["not a colour", ""],
  ])("%s with %s can be read", (color, text) => {
    const { ground, ink } = badgeColors(color, text, "bus");
    expect(contrast(ground, ink)).toBeGreaterThanOrEqual(4.5);
  });

  it("keeps what is good", () => {
    expect(badgeColors("#682C88", "FFFFFF", "ferry")).toEqual({ ground: "#682c88", ink: "#ffffff" });
  });
});

describe("what is held", () => {
  const shelf = (): Storage => {
    const items = new Map<string, string>();
    return {
      getItem: (key: string) => items.get(key) ?? null,
      setItem: (key: string, value: string) => void items.set(key, value),
      removeItem: (key: string) => void items.delete(key),
    } as Storage;
  };

  it("outlives a restart, and with it how wrong the device's clock is", () => {
    const store = shelf();
    const device = ms("15:53"); // seven minutes behind
    remember(store, "k", { data: [1], rev: "r", at: ms("16:00") }, { server: ms("16:00"), device, zoneOffsetMin: 60, timezone: "Europe/Oslo" });
    expect(recall<number[]>(store, "k", device + 600_000)).toEqual({
      held: { data: [1], rev: "r", at: ms("16:00") },
      now: ms("16:10"),
      zoneOffsetMin: 60,
      timezone: "Europe/Oslo",
    });
  });

  it("is forgotten after twelve hours, and rubbish counts for nothing", () => {
    const store = shelf();
    remember(store, "k", { data: 1, rev: "r", at: 0 }, { server: 0, device: 0, zoneOffsetMin: 0, timezone: null });
    expect(recall(store, "k", 13 * 3_600_000)).toBeNull();
    store.setItem("k", "{");
    expect(recall(store, "k", 0)).toBeNull();
  });

  it("does without a shelf that is full", () => {
    const full = { ...shelf(), setItem: () => { throw new Error("quota"); } };
    const clock = { server: 0, device: 0, zoneOffsetMin: 0, timezone: null };
    expect(remember(full, "k", { data: 1, rev: "r", at: 0 }, clock)).toBe(false);
  });
});

describe("the store", () => {
  it("remembers when it first lost the connection, and forgets it on return", () => {
    let state: TopicState<number> = initialState();
    state = reduce(state, { type: "data", data: 1, rev: "r", at: 10 });
    state = reduce(state, { type: "lost", at: 20 });
    state = reduce(state, { type: "lost", at: 30 });
    expect(state).toMatchObject({ link: "lost", lostAt: 20, held: { data: 1, at: 10 } });
    state = reduce(state, { type: "alive", at: 40 });
    expect(state.held?.at).toBe(10);
    state = reduce(state, { type: "opened" });
    expect(state).toMatchObject({ link: "open", lostAt: null });
  });

  it("lets fresh data replace recalled, and never the other way", () => {
    let state: TopicState<number> = initialState();
    state = reduce(state, { type: "data", data: 2, rev: "new", at: 10 });
    state = reduce(state, { type: "recalled", held: { data: 1, rev: "old", at: 1 } });
    expect(state.held?.data).toBe(2);
  });
});

describe("polylines", () => {
  it("are longitude and latitude", () => {
    expect(decodePolyline("_p~iF~ps|U_ulLnnqC_mqNvxq`@")).toEqual([
      [-120.2, 38.5],
      [-120.95, 40.7],
      [-126.453, 43.252],
    ]);
  });
});
