import { describe, expect, it } from "vitest";
import { announce, SILENCE } from "../src/commuter/announce";
import { segments } from "../src/commuter/bar";
import { answerKey, dropAnswers, isKept, listFavourites, toggleFavourite } from "../src/commuter/favourites";
import { leaveText } from "../src/commuter/suggestion";
import { COMMUTER_TEXTS } from "../src/commuter/texts";
import { parseAddress, topicParams, writeAddress } from "../src/commuter/trip";
import { chooseTexts, formatAge, formatCount, formatDistance, formatNumber, formatSaved } from "../src/i18n";
import { ms, ride, suggestion, walk } from "./support";

describe("the address of a trip", () => {
  it.each([
    "?from=fornebu&to=NSR:StopPlace:337",
    "?from=59.89600,10.62880&to=lysaker&arrive=08:15",
    "?from=a&to=b&depart=23:05&stepfree=1&bike=0&car=0",
    "?from=a&to=b&arrive=2026-11-24T18:00",
    "",
  ])("%s survives a round", (text) => {
    expect(writeAddress(parseAddress(new URLSearchParams(text)), new URLSearchParams())).toBe(text);
  });

  it("asks in the topic's words", () => {
    const trip = parseAddress(new URLSearchParams("from=a&to=b&arrive=08:15&stepfree=1&bike=0"));
    expect(topicParams(trip, { now: ms("16:00"), zoneOffsetMin: 60, timezone: null })).toEqual({
      from: "a",
      to: "b",
      at: "2026-11-24T08:15:00+01:00",
      arrive_by: true,
      wheelchair: true,
      modes: "bus,coach,tram,metro,rail,ferry,funicular,gondola,air,taxi,car",
    });
    expect(topicParams({ ...trip, to: null }, { now: ms("16:00"), zoneOffsetMin: 60, timezone: null })).toBeNull();
  });
});

describe("a suggestion in the list", () => {
  const journey = suggestion("s", [walk("16:04", "16:09"), ride("31", "16:12", "16:20")]);
  const moment = { now: ms("16:00"), zoneOffsetMin: 60, offline: false, stale: false, later: false };
  const nb = chooseTexts(["nb"]);

  it("is a bar to scale, waiting included", () => {
    expect(segments(journey).map((part) => [part.kind, part.seconds])).toEqual([
      ["own", 300],
      ["wait", 180],
      ["ride", 480],
    ]);
  });

  it("says when to leave, in every language", () => {
    const text = (language: string, now: string) => leaveText(journey, { ...moment, now: ms(now) }, chooseTexts([language]))?.text;
    expect(text("nb", "16:00")).toBe("Gå om 4 min");
    expect(text("nn", "16:03:30")).toBe("Gå no");
    expect(text("en", "16:00")).toBe("Leave in 4 min");
    expect(text("nb", "16:05")).toBeUndefined();
    expect(leaveText(journey, { ...moment, now: ms("18:00"), later: true }, nb)?.text).toBe("Gå 16:04");
  });
});

describe("words and numbers", () => {
  it("speak the first known language", () => {
    expect(chooseTexts(["sv", "nn-NO", "en"]).language).toBe("nn");
    expect(chooseTexts(["no"]).language).toBe("nb");
    expect(chooseTexts([null, "fi"]).language).toBe("nb");
  });

  it("write numbers, distances and ages as the language does", () => {
    const [nb, en] = [chooseTexts(["nb"]), chooseTexts(["en"])];
    expect([formatNumber(1.85, 1, nb), formatNumber(1.25, 2, en)]).toEqual(["1,9", "1.25"]);
    expect([formatDistance(348, nb), formatDistance(1432, nb)]).toEqual(["350 m", "1,4 km"]);
    expect([formatAge(6.4, nb), formatAge(130, en), formatAge(7200, nb)]).toEqual(["for 6 s siden", "2 min ago", "for 2 t siden"]);
    expect([formatCount(94514, nb), formatCount(1234567, en), formatCount(12, en)]).toEqual(["94\u00a0514", "1,234,567", "12"]);
    expect(formatSaved({ co2_g: 100, car_co2_g: 2000 }, nb)).toBe("1,9 kg CO₂ spart");
    expect(formatSaved({ co2_g: 100, car_co2_g: 120 }, nb)).toBeNull();
  });
});

describe("what is said aloud", () => {
  const own = COMMUTER_TEXTS.en;
  const calm = { question: "q", found: 3, problem: "", broken: "", offline: "", own };

  it("is said once, when something becomes another", () => {
    const found = announce(SILENCE, calm);
    expect(found.text).toBe("3 journeys found");
    expect(announce(found, { ...calm, found: 4 })).toBe(found); // the list plans itself anew all the time
    const lost = announce(found, { ...calm, offline: "Offline since 08:12" });
    expect([lost.text, announce(lost, calm).text]).toEqual(["Offline since 08:12", "Connected again"]);
    expect(announce(found, { ...calm, broken: "cancelled" }).text).toBe("cancelled");
  });
});

describe("journeys that are kept", () => {
  const end = (value: string) => ({ value, name: value, lat: null, lon: null });
  const shelf = () => {
    const held = new Map<string, string>();
    return {
      get length() {
        return held.size;
      },
      key: (index: number) => [...held.keys()][index] ?? null,
      getItem: (key: string) => held.get(key) ?? null,
      setItem: (key: string, value: string) => void held.set(key, value),
      removeItem: (key: string) => void held.delete(key),
      clear: () => held.clear(),
    };
  };

  it("come and go on request, and leave nothing behind", () => {
    const storage = shelf();
    expect(toggleFavourite(() => storage, end("a"), end("b"))).toHaveLength(1);
    storage.setItem(answerKey({ from: "a", to: "b" }), "{}");
    expect(isKept(listFavourites(() => storage), end("a"), end("b"))).toBe(true);
    dropAnswers(storage, listFavourites(() => storage));
    expect(storage.length).toBe(2);
    dropAnswers(storage, toggleFavourite(() => storage, end("a"), end("b")));
    expect(storage.length).toBe(0);
  });

  it("are none where there is no storage, or something else lies there", () => {
    const closed = () => {
      throw new Error("forbidden");
    };
    expect(listFavourites(closed)).toEqual([]);
    expect(toggleFavourite(closed, end("a"), end("b"))).toEqual([]);
    const storage = shelf();
    storage.setItem("smart-reise.journeys", '[{"from":1},{"from":{"value":"a"},"to":{"value":"b"}}]');
    expect(listFavourites(() => storage)).toHaveLength(1);
  });
});
