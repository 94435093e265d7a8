import { describe, expect, it } from "vitest";
import { progressOf, refreshed, tripKey, type Trips } from "../src/core/follow";
import { wallInstant } from "../src/core/time";
import { follow, parseLink, questionOf, stageOf, stepOf } from "../src/handover/model";
import type { Leg, Trip, TripCall } from "../src/wire";
import { at, ms, ride, suggestion, walk } from "./support";

const DAY = "2026-11-23";

function call(stop: string, planned: string, expected = planned, change: Partial<TripCall> = {}): TripCall {
  const time = { scheduled: at(planned), expected: at(expected) };
  return {
    stop: { id: stop, name: stop, lat: 0, lon: 0, platform: null, parent: null, modes: [], wheelchair: null },
    arrive: time, depart: time, sequence: 1, skipped: false, platform_changed: false, can_board: true, can_alight: true,
    ...change,
  };
}

function tripped(leg: Leg, trip: string, from: string, to: string): Leg {
  return { ...leg, trip_id: trip, service_date: DAY, from: { ...leg.from, stop_id: from }, to: { ...leg.to, stop_id: to } };
}

function known(id: string, calls: TripCall[], change: Partial<Trip> = {}): [string, Trip] {
  const line = { id, name: id, mode: "bus", color: null, text_color: null };
  return [
    tripKey({ trip_id: id, service_date: DAY })!,
    {
      trip_id: id, service_date: DAY, line, headsign: null, cancelled: false, added: false, realtime: true, wheelchair: null,
      occupancy: null, calls, vehicle: null, geometry: null, alerts: [], ...change,
    },
  ];
}

const way = suggestion("s", [
  walk("16:00", "16:05"),
  tripped(ride("31", "16:06", "16:20"), "bus", "a", "c"),
  walk("16:20", "16:23"),
  tripped(ride("L1", "16:25", "16:40"), "train", "d", "e"),
  walk("16:40", "16:44"),
]);
const train = known("train", [call("d", "16:25"), call("e", "16:40")]);
const bus = (late: string, arrive: string): [string, Trip] => known("bus", [call("x", "16:00"), call("a", "16:06", late), call("b", "16:10"), call("c", "16:20", arrive)]);

describe("a suggestion by its trips", () => {
  it("is the same where nothing is known", () => {
    expect(refreshed(way, new Map())).toBe(way);
  });

  it("moves its walks with the vehicle they lead to and from", () => {
    const now = refreshed(way, new Map([bus("16:08", "16:21"), train]));
    expect(now.legs.map((leg) => [leg.depart.expected.slice(11, 16), leg.arrive.expected.slice(11, 16)])).toEqual([
      ["16:02", "16:07"], ["16:08", "16:21"], ["16:21", "16:24"], ["16:25", "16:40"], ["16:40", "16:44"],
    ]);
    expect([now.leave_at, now.status, now.legs[1]!.stops!.map(({ stop }) => stop.id)]).toEqual([at("16:02"), "ok", ["a", "b", "c"]]);
  });

  it.each<[string, Trips, string, string]>([
    ["late", new Map([bus("16:12", "16:26"), train]), "broken", "missed_change"],
    ["nearly late", new Map([bus("16:08", "16:21:30"), train]), "tight", "tight_change"],
    ["cancelled", new Map([bus("16:06", "16:20"), known("train", train[1].calls, { cancelled: true })]), "broken", "trip_cancelled"],
    ["not stopping", new Map([known("bus", [call("a", "16:06"), call("c", "16:20", "16:20", { skipped: true })]), train]), "broken", "stop_skipped"],
    ["withdrawn", new Map([[bus("16:06", "16:20")[0], null]]), "broken", "trip_withdrawn"],
  ])("%s: says so", (_, trips, status, reason) => {
    expect(refreshed(way, trips)).toMatchObject({ status, reason });
  });

  it("finds its stop by the planned time where the platform is another", () => {
    const trips = new Map([known("bus", [call("a2", "16:06", "16:07", { platform_changed: true }), call("c", "16:20")])]);
    const leg = refreshed(way, trips).legs[1]!;
    expect([leg.depart.expected, leg.platform_changed]).toEqual([at("16:07"), true]);
  });

  it("tells how far away its vehicle is", () => {
    const [, trip] = bus("16:06", "16:20");
    const before = (now: string) => progressOf(way.legs[1]!, trip, ms(now))?.before;
    expect([before("15:59"), before("16:03"), before("16:08"), before("16:30")]).toEqual([1, 0, -1, undefined]);
  });
});

describe("the link of a suggestion", () => {
  const link = parseLink(new URLSearchParams("from=a&to=b&id=s&walk_speed=1.1&utm=x"))!;

  it("asks among those to come, then among those that left, or around its time", () => {
    expect(questionOf(link, ms("16:00"), 60, false)).toEqual({ from: "a", to: "b", limit: 50, walk_speed: "1.1" });
    expect(questionOf(link, ms("16:00"), 60, true)).toMatchObject({ at: at("14:30"), window_s: 5400 });
    expect(questionOf({ ...link, at: at("16:04") }, ms("17:00"), 60, false)).toMatchObject({ at: at("15:54"), window_s: 3600 });
    expect(parseLink(new URLSearchParams("from=a&id=s"))).toBeNull();
  });

  it("goes from stage to stage by the clock", () => {
    const stages = ["15:59", "16:00:01", "16:45", "16:46:01"].map((now) => stageOf(way, ms(now), true));
    expect(stages).toEqual(["before", "under_way", "under_way", "arrived"]);
    expect([stageOf(null, ms("16:00"), false), stageOf(null, ms("16:00"), true)]).toEqual(["finding", "unknown"]);
    expect(stageOf({ ...way, status: "broken" }, ms("16:10"), true)).toBe("broken");
  });

  it("says what to do next", () => {
    const kinds = ["16:01", "16:05:30", "16:10", "16:21", "16:43", "16:45"].map((now) => stepOf(way, ms(now))?.kind);
    expect(kinds).toEqual(["go", "wait", "ride", "go", "go", undefined]);
  });

  it("believes the server while it speaks of it, then the trips", () => {
    const told = { suggestions: [{ ...way, status: "tight" as const }] } as never;
    expect(follow("s", told, way, new Map())?.status).toBe("tight");
    expect(follow("s", { suggestions: [] } as never, way, new Map([bus("16:12", "16:26"), train]))?.status).toBe("broken");
    expect(follow("s", null, null, new Map())).toBeNull();
  });
});

describe("a wall time in a zone", () => {
  it.each([
    ["2026-11-24", "08:00", "2026-11-24T07:00:00Z"],
    ["2026-03-29", "08:00", "2026-03-29T06:00:00Z"],
    ["2026-10-25", "08:00", "2026-10-25T07:00:00Z"],
    ["2026-10-25", "01:30", "2026-10-24T23:30:00Z"],
  ])("%s %s is the right instant on either side of a change of clocks", (day, time, instant) => {
    expect(wallInstant(day, time, "Europe/Oslo", 60)).toBe(Date.parse(instant));
  });

  it("goes by the server's offset where the zone is unknown", () => {
    expect(wallInstant("2026-07-01", "08:00", "No/Where", 120)).toBe(Date.parse("2026-07-01T06:00:00Z"));
  });
});
