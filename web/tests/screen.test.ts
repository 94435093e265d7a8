import { encode } from "uqr";
import { describe, expect, it } from "vitest";
import { isDaylight, sunElevation } from "../src/core/daylight";
import { isOpen } from "../src/core/hours";
import { parseWayPath } from "../src/core/way-code";
import { drift, isQuietTime, languageNow, quietMinute, turn } from "../src/core/pace";
import { chooseTexts } from "../src/i18n";
import { LANGUAGES } from "../src/i18n/texts";
import { handoverAddress } from "../src/office/handover";
import { chooseLooks, type Told } from "../src/office/looks";
import { presentOffice } from "../src/office/model";
import { sentences } from "../src/office/speech";
import { SCREEN_TEXTS } from "../src/office/texts";
import { reasonWords, STATUS_WORDS, type StatusWords, warningWords } from "../src/status/reasons";
import type { OfficeItem } from "../src/wire";
import { at, departure, ms, officeView, ride, suggestion, walk } from "./support";

const OSLO = { lat: 59.91, lon: 10.75 };
const utc = (iso: string): number => Date.parse(iso);

describe("daylight", () => {
  // sunrise and sunset in Oslo as almanacs have them, UTC
  it.each([
    ["2026-06-21", "01:54", "20:44"],
    ["2026-12-21", "08:18", "14:12"],
    ["2026-03-20", "05:20", "17:31"],
  ])("%s: within five minutes of the almanac", (day, rises, sets) => {
    const at = (time: string, minutes: number): boolean => isDaylight(utc(`${day}T${time}:00Z`) + minutes * 60_000, OSLO.lat, OSLO.lon);
    expect([at(rises, -5), at(rises, 5), at(sets, -5), at(sets, 5)]).toEqual([false, true, true, false]);
  });

  it("stands highest at noon in the south, on the equator at an equinox overhead", () => {
    expect(sunElevation(utc("2026-03-20T12:07:00Z"), 0, 0)).toBeGreaterThan(89);
  });
});

describe("the hours of a screen", () => {
  const workdays = { days: ["mo", "tu", "we", "th", "fr"], opens: "06:30", closes: "18:00" };
  const friday = { days: ["fr"], opens: "22:00", closes: "02:00" };
  // 2026-11-27 is a Friday; Oslo is an hour east of UTC
  const open = (hours: (typeof workdays)[], iso: string): boolean => isOpen(hours, utc(iso), 60);

  it("is always on without hours", () => expect(open([], "2026-11-28T01:00:00Z")).toBe(true));

  it.each([
    ["2026-11-27T05:29:00Z", false],
    ["2026-11-27T05:30:00Z", true],
    ["2026-11-27T16:59:00Z", true],
    ["2026-11-27T17:00:00Z", false],
    ["2026-11-28T11:00:00Z", false],
  ])("workdays at %s: %s", (iso, expected) => expect(open([workdays], iso)).toBe(expected));

  it.each([
    ["2026-11-27T20:59:00Z", false],
    ["2026-11-27T21:00:00Z", true],
    ["2026-11-28T00:30:00Z", true],
    ["2026-11-28T01:00:00Z", false],
    ["2026-11-28T22:00:00Z", false],
  ])("past midnight at %s: %s", (iso, expected) => expect(open([friday], iso)).toBe(expected));
});

describe("looks", () => {
  const office: OfficeItem = { id: "o", name: "O", ...OSLO, languages: ["nb"], theme: "daylight", destinations: [] };
  const noon = utc("2026-11-27T11:00:00Z");
  const night = utc("2026-11-27T20:00:00Z");
  const nothing: Told = { theme: null, layout: null };
  const looks = (query: string, told = nothing, change: Partial<OfficeItem> = {}, now = noon) =>
    chooseLooks(new URLSearchParams(query), told, { ...office, ...change }, now, 60);

  it("follows the address, then the display, then the office", () => {
    expect(looks("theme=dark&layout=ways", { theme: "light", layout: "map" })).toMatchObject({ theme: "dark", layout: "ways" });
    expect(looks("", { theme: "light", layout: "map" }, { layout: "ways" })).toMatchObject({ theme: "light", layout: "map" });
    expect(looks("", nothing, { theme: "light", layout: "departures" })).toMatchObject({ theme: "light", layout: "departures" });
    expect(looks("layout=pink", nothing, { layout: "unheard-of" }).layout).toBe("standard");
  });

  it("is light while the sun is up", () => {
    expect([looks("").theme, looks("", nothing, {}, night).theme]).toEqual(["light", "dark"]);
    expect(looks("", nothing, {}, Number.NaN).theme).toBe("dark");
  });

  it("repairs a colour that could not be seen, and leaves one that can", () => {
    expect(looks("theme=dark", nothing, { accent: "#ff8800" }).accent).toBe("#ff8800");
    expect(looks("theme=dark", nothing, { accent: "#001133" }).accent).not.toBe("#001133");
    expect(looks("", nothing, { accent: "red" }).accent).toBeNull();
  });

  it("takes no logo from elsewhere", () => {
    expect(looks("", nothing, { logo: "https://example.org/logo.png" }).logo).toBeNull();
    expect(looks("", nothing, { logo: "data:image/png;base64,aGVp" }).logo).toBe("data:image/png;base64,aGVp");
  });

  it("rests outside its hours", () => {
    const opening_hours = [{ days: ["fr"], opens: "06:00", closes: "18:00" }];
    const rest = (now: number, change: Partial<OfficeItem> = {}) => looks("", nothing, { opening_hours, ...change }, now).rest;
    expect([rest(noon), rest(night), rest(night, { after_hours: "dim" })]).toEqual(["on", "dark", "dim"]);
  });
});

describe("pace", () => {
  it("turns pages by the clock, the last one filled up", () => {
    const pages = [0, 20_000, 40_000, 60_000].map((now) => turn(["a", "b", "c", "d", "e"], 2, now, 20_000).shown.join(""));
    expect(pages).toEqual(["ab", "cd", "de", "ab"]);
    expect(turn(["a"], 2, 0, 1)).toEqual({ shown: ["a"], page: 0, pages: 1 });
  });

  it("drifts by no more than a step, and comes back", () => {
    const round = Array.from({ length: 9 }, (_, step) => drift(step, 1));
    expect(new Set(round.map(({ x, y }) => `${x} ${y}`)).size).toBe(9);
    expect(Math.max(...round.flatMap(({ x, y }) => [Math.abs(x), Math.abs(y)]))).toBe(1);
    expect(drift(9, 1)).toEqual(round[0]);
  });

  it("gives each screen a quiet minute of its own between 03:00 and 05:00", () => {
    const minutes = Array.from({ length: 200 }, (_, number) => quietMinute(`screen-${number}`)).map(({ hour, minute }) => hour * 60 + minute);
    expect(Math.min(...minutes)).toBeGreaterThanOrEqual(180);
    expect(Math.max(...minutes)).toBeLessThan(300);
    expect(new Set(minutes).size).toBeGreaterThan(60);
    const { hour, minute } = quietMinute("a");
    const then = utc(`2026-11-27T0${hour}:${String(minute).padStart(2, "0")}:00+01:00`);
    expect([-1, 0, 59, 60].map((later) => isQuietTime("a", then + later * 60_000, 60))).toEqual([false, true, true, false]);
  });
});

describe("what a phone is handed", () => {
  const to = { name: "Oslo S", lat: 1, lon: 2, station_id: "NSR:StopPlace:337" };

  it("is short, and names office, destination and suggestion", () => {
    const late = { ...ride("31", "16:10", "16:20"), depart: { scheduled: at("16:10"), expected: at("16:13") } };
    const office = { id: "fornebu", destinations: [{ ...to, station_id: "x" }, to] };
    const address = handoverAddress("https://a.no", office, to, suggestion("s1", [late], { leave_at: at("16:07:30") }));
    expect(address).toMatch(/^HTTPS:\/\/A\.NO\/S\/FORNEBU\/1\/S1\/[0-9A-Z]{5}$/);
    expect(parseWayPath(new URL(address).pathname)).toEqual({ office: "fornebu", destination: 1, id: "s1", at: ms("16:04") });
    const own = handoverAddress("https://a.no", office, to, suggestion("s2", [walk("16:00", "16:05")]));
    expect(own).toBe("HTTPS://A.NO/S/FORNEBU/1/S2");
    expect(parseWayPath("/s/fornebu/1/s2")?.at).toBeNull();
    expect(encode(address.replace("A.NO", "REISE.EXAMPLE.NO").replace("S1", "0D26EF0A61C61520")).version).toBe(3);
  });

  it("says all in full for an office whose name has other letters", () => {
    const settings = { max_walk_m: 900, walk_speed: 1.1, modes: ["bus", "rail"], providers: ["oslobysykkel"] };
    const office = { id: "Kontor_A", destinations: [to], ...settings };
    expect(handoverAddress("https://a.no", office, to, suggestion("s2", [walk("16:00", "16:05")]))).toBe(
      "https://a.no/s?from=Kontor_A&to=NSR:StopPlace:337&id=s2&max_walk_m=900&walk_speed=1.1&modes=bus,rail&providers=oslobysykkel",
    );
  });
});

describe("an office of several languages", () => {
  it("has each of them read in turn, forty seconds long", () => {
    const turns = [0, 39_999, 40_000, 80_000, 120_000].map((at) => languageNow(["nb", "en"], at));
    expect(turns).toEqual(["nb", "nb", "en", "nb", "en"]);
    expect(languageNow(["nn", "en"], Number.NaN)).toBe("nn");
    expect(languageNow([], 5)).toBeUndefined();
  });
});

describe("what a source left out, in words", () => {
  it("has a word in every language for every reason", () => {
    const shape = (words: StatusWords): string[] => Object.keys(words.reasons).sort();
    for (const language of LANGUAGES) expect(shape(STATUS_WORDS[language])).toEqual(shape(STATUS_WORDS.nb));
  });

  it("words what it knows and shows what it does not", () => {
    expect(reasonWords("unknown_trip", STATUS_WORDS.nn)).toBe("turen finst ikkje i ruteplanen");
    expect(reasonWords("unreadable vehicle_types", STATUS_WORDS.nb)).toBe("vehicle_types kan ikke leses");
    expect(reasonWords("never_heard_of", STATUS_WORDS.en)).toBe("never heard of");
    expect(warningWords("office o: the timetable has no stop NSR:1; it is left out", STATUS_WORDS.nb)).toBe(
      "Kontoret o: stoppet NSR:1 finnes ikke i ruteplanen og er utelatt.",
    );
    expect(warningWords("anything else", STATUS_WORDS.nb)).toBe("anything else");
  });
});

describe("the screen read aloud", () => {
  const best = suggestion("bus", [walk("16:04", "16:09"), ride("31", "16:09", "16:20")]);
  const view = officeView([departure("a", "16:10", { cancelled: true })], [best]);
  const read = (language: string, offline = false): string =>
    sentences("Kontoret", presentOffice(view, ms("16:00"), offline), {
      now: ms("16:00"), zoneOffsetMin: 60, offsetAt: () => 60, texts: chooseTexts([language]), spoken: chooseTexts([language]), heldAt: ms("16:00"),
    }).join(" ");

  it("says when to leave, how, when one is there, and what is cancelled", () => {
    expect(read("nb")).toBe(
      "Kontoret. Klokka er 16:00. Til Oslo S: gå om 4 minutter, gange 5 minutter, deretter buss 31 fra her klokka 16:09, framme 16:20. Innstilt: 31 mot Grorud klokka 16:10.",
    );
    expect(read("en")).toContain("leave in 4 minutes");
  });

  it("has every text in every language", () => {
    const shape = (value: object): string[] => Object.keys(value).sort();
    for (const language of LANGUAGES) expect(shape(SCREEN_TEXTS[language])).toEqual(shape(SCREEN_TEXTS.nb));
  });
});
