import { describe, expect, it } from "vitest";
import { placeKey } from "../src/core/place";
import { fitGroups, fitRows } from "../src/office/fit";
import { chooseRows, presentBoard, presentOffice, sortMobility } from "../src/office/model";
import type { Leg, OfficeMobility } from "../src/wire";
import { at, departure, ms, officeView, ride, suggestion, walk } from "./support";

const bus = suggestion("bus", [walk("16:04", "16:09"), ride("31", "16:09", "16:20")]);
const onFoot = suggestion("foot", [walk("16:00", "16:30")]);

describe("the office's screen", () => {
  it("says when to leave by the clock, with no frame arriving", () => {
    const view = officeView([departure("a", "16:10")], [bus]);
    const minutes = (time: string) => presentOffice(view, ms(time), false).destinations[0]?.options[0]?.minutes;
    expect(minutes("16:00")).toBe(4);
    expect(minutes("16:03:30")).toBe(0);
    expect(minutes("16:04:01")).toBeUndefined();
  });

  it("keeps what may leave at any time, and puts what the clock binds first", () => {
    const view = officeView([departure("a", "16:10")], [onFoot, bus]);
    const options = (time: string) =>
      presentOffice(view, ms(time), false).destinations[0]?.options.map((option) => option.suggestion.id);
    expect(options("16:00")).toEqual(["bus", "foot"]);
    expect(options("16:20")).toEqual(["foot"]);
  });

  it("strikes a broken suggestion beside its replacement", () => {
    const broken = suggestion("old", [ride("L1", "16:08", "16:20", "rail")], {
      status: "broken",
      reason: "trip_cancelled",
      replaced_by: "bus",
    });
    const [row] = presentOffice(officeView([], [broken, bus]), ms("16:00"), false).destinations;
    expect(row?.options.map((option) => option.suggestion.id)).toEqual(["bus"]);
    expect(row?.broken[0]?.replacement?.suggestion.id).toBe("bus");
  });

  it("lets departures leave at their time, a cancelled one two minutes after", () => {
    const board = officeView([departure("a", "16:10"), departure("b", "16:10", { cancelled: true })], []).boards[0]!;
    const ids = (time: string) => presentBoard(board, ms(time), false).rows.map((row) => row.departure.id);
    expect(ids("16:10")).toEqual(["a", "b"]);
    expect(ids("16:11")).toEqual(["b"]);
    expect(ids("16:12:01")).toEqual([]);
  });

  it("shows planned and live time where they differ, and offline only the planned", () => {
    const late = departure("a", "16:10", { expected: at("16:13"), delay_s: 180, leave_at: at("16:08") });
    const board = officeView([late], []).boards[0]!;
    const row = (offline: boolean) => presentBoard(board, ms("16:00"), offline).rows[0];
    expect(row(false)).toMatchObject({ time: "16:13", planned: "16:10", live: true });
    expect(row(true)).toMatchObject({ time: "16:10", planned: null, live: false });
  });

  it("offline drops what only real time could know", () => {
    const added = departure("extra", "16:10", { scheduled: null, added: true });
    const scooter = { ...walk("16:00", "16:12"), mode: "scooter", pickup: { name: null, available: 2 } };
    const view = officeView([added, departure("a", "16:12")], [suggestion("ride", [scooter]), bus]);
    const rows = presentOffice(view, ms("16:00"), true);
    expect(rows.state).toBe("offline");
    expect(rows.boards[0]?.rows.map((row) => row.departure.id)).toEqual(["a"]);
    expect(rows.destinations[0]?.options.map((option) => option.suggestion.id)).toEqual(["bus"]);
  });

  it("offline goes on with departures fetched ahead, once each and with the walk of their stop", () => {
    const shown = departure("a", "16:10", { leave_at: at("16:04") });
    const later = [departure("a", "16:10"), departure("b", "17:10")].map(({ walk_s: _walk, leave_at: _leave, reach: _reach, ...row }) => row);
    const view = officeView([shown], []);
    const ahead = { ways: new Map(), rows: new Map([[view.boards[0]!.stop.id, later]]) };
    const rows = (time: string, offline = true) => presentOffice(view, ms(time), offline, ahead).boards[0]!.rows;
    expect(rows("16:00").map((row) => row.departure.id)).toEqual(["a", "b"]);
    expect(rows("16:00", false).map((row) => row.departure.id)).toEqual(["a"]);
    expect(rows("17:03:30").map((row) => [row.departure.id, row.reach])).toEqual([["b", "hurry"]]);
  });

  it("puts the way that needs no vehicle beside one that few can have", () => {
    const hire = { ...walk("16:00", "16:05"), mode: "bike", pickup: { name: null, available: 2 } } as Leg;
    const crowd = { available: 2, next: null, instead: "later" };
    const biked = suggestion("bike", [hire, ride("31", "16:09", "16:20")], { leave_at: at("16:04"), crowd });
    const second = suggestion("second", [walk("16:06", "16:09"), ride("31", "16:09", "16:25")]);
    const later = suggestion("later", [walk("16:10", "16:14"), ride("31", "16:14", "16:30")]);
    const ids = presentOffice(officeView([], [biked, second, later]), ms("16:00"), false).destinations[0]!.options;
    expect(ids.map((option) => option.suggestion.id)).toEqual(["bike", "later", "second"]);
  });

  it("tells of the last way from 45 minutes before it is to be left", () => {
    const night = suggestion("night", [walk("23:40", "23:45"), ride("31", "23:45", "23:59")]);
    const view = officeView([], [bus]);
    const last = { leave_at: night.leave_at, arrive_at: night.arrive_at, warning: false, suggestion: night };
    const told = { ...view, suggestions: view.suggestions.map((part) => ({ ...part, last })) };
    const minutes = (time: string) => presentOffice(told, ms(time), false).destinations[0]!.last?.minutes ?? null;
    expect([minutes("22:50"), minutes("22:55"), minutes("23:39"), minutes("23:41")]).toEqual([null, 45, 1, null]);
  });

  it("turns reach with the clock", () => {
    const board = officeView([departure("a", "16:10", { leave_at: at("16:05") })], []).boards[0]!;
    const reach = (time: string) => presentBoard(board, ms(time), false).rows[0]?.reach;
    expect([reach("16:00"), reach("16:04:30"), reach("16:06")]).toEqual(["go", "hurry", "missed"]);
  });

  it.each([
    ["fresh", "fresh", null, "fresh"],
    ["a feed that has gone stale", "stale", at("15:50"), "stale"],
    ["a feed that failed just now", "failing", at("15:59:30"), "fresh"],
    ["a feed that fails for two minutes", "failing", at("15:58"), "stale"],
  ] as const)("%s", (_, state, since, expected) => {
    const told = officeView([departure("a", "16:10")], []);
    const boards = told.boards.map((board) => ({ ...board, realtime: "none" as const }));
    const view = { ...told, boards, feeds: [{ id: "rt", kind: "realtime", state, since }] };
    expect(presentOffice(view, ms("16:00"), false).state).toBe(expected);
  });

  it("calls departures' real time old as their boards do, and names what else fails", () => {
    const told = officeView([departure("a", "16:10")], []);
    const feed = (kind: string) => ({ id: kind, kind, state: "failing" as const, since: at("15:50") });
    const alerts = { ...told, feeds: [feed("realtime"), feed("mobility")] };
    expect(presentOffice(alerts, ms("16:00"), false)).toMatchObject({ state: "fresh", failing: ["mobility", "realtime"] });
    const old = { ...alerts, boards: told.boards.map((board) => ({ ...board, realtime: "stale" as const })) };
    expect(presentOffice(old, ms("16:00"), false)).toMatchObject({ state: "stale", staleSince: at("15:50"), failing: ["mobility"] });
  });

  it("tells nothing at all, a pause and the night apart", () => {
    expect(presentOffice(officeView([], []), ms("16:00"), false)).toMatchObject({ state: "empty", lull: "nothing", first: null });
    const pause = presentOffice(officeView([departure("a", "19:10")], []), ms("16:00"), false);
    expect(pause).toMatchObject({ state: "empty", lull: "pause", first: at("19:10") });
    const night = presentOffice(officeView([departure("a", "23:55")], []), ms("21:30"), false);
    expect(night).toMatchObject({ state: "night", lull: "night", first: at("23:55") });
    expect(presentOffice(officeView([departure("a", "17:20")], []), ms("16:00"), false).lull).toBeNull();
  });

  it("offline goes on from what was fetched ahead, by the plan, without what is known to be cancelled", () => {
    const late = { scheduled: at("16:09"), expected: at("16:14") };
    const delayed = { ...ride("31", "16:09", "16:20"), depart: late, arrive: { scheduled: at("16:20"), expected: at("16:25") } };
    const shown = suggestion("now", [walk("16:09", "16:14"), delayed], { leave_at: at("16:09"), arrive_at: at("16:25") });
    const later = suggestion("later", [walk("17:04", "17:09"), ride("31", "17:09", "17:20")]);
    const gone = suggestion("gone", [walk("17:10", "17:14"), { ...ride("32", "17:14", "17:30"), trip_id: "x" }]);
    const cancelled = departure("x", "17:14", { cancelled: true, trip_id: "x" });
    const service_date = cancelled.service_date;
    const held = [{ ...gone, legs: gone.legs.map((leg) => (leg.trip_id === "x" ? { ...leg, service_date } : leg)) }, later];
    const view = officeView([cancelled], [shown]);
    const reserve = { ways: new Map([[placeKey(view.suggestions[0]!.destination), held]]), rows: new Map() };
    const options = (time: string, offline = true) =>
      presentOffice(view, ms(time), offline, reserve).destinations[0]!.options.map((option) => [option.suggestion.id, option.minutes]);
    expect(options("16:00")).toEqual([["now", 4], ["later", 64]]);
    expect(options("16:00", false)).toEqual([["now", 9]]);
    expect(options("17:00")).toEqual([["later", 4]]);
  });
});

describe("rows that fit", () => {
  it("gives every group one row before any gets two, and leaves out what does not fit", () => {
    const group = { base: 5, row: 3, count: 4 };
    expect(fitRows(25, [group, group])).toEqual([3, 2]);
    expect(fitRows(9, [group, group])).toEqual([1, 0]);
    expect(fitRows(7, [group, group])).toEqual([0, 0]);
    expect(fitRows(100, [group, { ...group, most: 2 }])).toEqual([4, 2]);
  });

  it("rather shows fewer boards than boards of two rows", () => {
    const group = { base: 5, row: 3, count: 4 };
    expect(fitGroups(40, [group, group, group, group], 3)).toEqual([3, 3, 0, 2]);
  });

  it("spends a row on what was just missed only where there are three", () => {
    const missed = { reach: "missed" as const };
    const rows = presentBoard(
      officeView(["16:01", "16:02", "16:10", "16:12", "16:14"].map((time) => departure(time, time, { leave_at: at(time) })), [])
        .boards[0]!,
      ms("16:00"),
      false,
    ).rows.map((row, index) => (index < 2 ? { ...row, ...missed } : row));
    const ids = (count: number) => chooseRows(rows, count).map((row) => row.departure.id);
    expect(ids(2)).toEqual(["16:10", "16:12"]);
    expect(ids(3)).toEqual(["16:02", "16:10", "16:12"]);
  });

  it("shows one vehicle of each form first, and empty stations last", () => {
    const item = (id: string, form: string, available: number | null): OfficeMobility => ({
      id, form, available, provider: "p", provider_name: null, kind: "station", name: id, docks: null,
      state: "open", walk_s: 60, lat: 0, lon: 0, reported_at: null,
    });
    const sorted = sortMobility([item("c0", "car", 0), item("c1", "car", 2), item("c2", "car", 1), item("b1", "bike", 4)]);
    expect(sorted.map((entry) => entry.id)).toEqual(["c1", "b1", "c2", "c0"]);
  });
});
