import { describe, expect, it } from "vitest";
import { attributesOf, elementSnippet, frameSnippet, isWhole } from "../src/embed/snippet";
import { COMMUTER_TEXTS } from "../src/commuter/texts";
import { EMBED_TEXTS } from "../src/embed/texts";
import { HANDOVER_TEXTS } from "../src/handover/texts";
import { STOP_TEXTS } from "../src/stop/texts";
import { findFavourite, keepFavourite } from "../src/widget/favourites";
import { placeId, presentView, presentWays, questionsOf, readAsk } from "../src/widget/model";
import { WIDGET_TEXTS } from "../src/widget/texts";
import type { Place, Suggestions } from "../src/wire";
import { departure, ms, officeView, place, ride, suggestion, walk } from "./support";

const ask = (attributes: Record<string, string>) => readAsk((name) => attributes[name] ?? null);
const stop: Place = { ...place("Oslo S"), stop_id: "NSR:StopPlace:337" };
const bus = suggestion("bus", [walk("16:04", "16:09"), ride("31", "16:09", "16:20")]);

function answer(suggestions = [bus]): Suggestions {
  return { from: place("Fornebu"), to: stop, suggestions, alerts: [], realtime: "fresh", cut: false };
}

describe("what the widget asks", () => {
  it("asks an office's view, and nothing more", () => {
    expect(questionsOf(ask({ office: "o" }), stop)).toEqual({ office: { office: "o" }, ways: null });
  });

  it("asks for step-free ways to the chosen destination alone", () => {
    const questions = questionsOf(ask({ office: "o", profile: "step-free" }), stop);
    expect(questions?.ways).toEqual({ from: "o", to: "NSR:StopPlace:337", limit: 4, wheelchair: true });
  });

  it("asks for more than a view holds", () => {
    expect(questionsOf(ask({ office: "o", limit: "6" }), place("der"))?.ways).toMatchObject({ to: "59.9,10.6", limit: 6 });
  });

  it.each([
    [{ from: "a", to: "b" }, "a"],
    [{ office: "o", to: "b" }, "o"],
  ])("asks between two places: %o", (attributes, from) => {
    expect(questionsOf(ask(attributes), null)).toMatchObject({ office: null, ways: { from, to: "b" } });
  });

  it.each([{}, { from: "a" }, { to: "b" }, { office: "  " }])("asks nothing when it does not know what: %o", (attributes) => {
    expect(questionsOf(ask(attributes), null)).toBeNull();
  });

  it.each([["", 3], ["0", 1], ["x", 3], ["99", 10], ["2", 2]])("reads limit=%s as %i", (text, limit) => {
    expect(ask({ limit: text }).limit).toBe(limit);
  });
});

describe("what the widget shows", () => {
  it("shows the chosen destination, and the first where there are fewer", () => {
    const view = officeView([departure("a", "16:10")], [bus]);
    const shown = presentView(view, { alone: false, ways: null, chosen: 7 }, ms("16:00"), false);
    expect(shown).toMatchObject({ state: "fresh", chosen: 0 });
    expect(shown.row?.options[0]?.minutes).toBe(4);
  });

  it("shows the ways that were asked for alone, never the view's in their place", () => {
    const view = officeView([departure("a", "16:10")], [bus]);
    const shown = presentView(view, { alone: true, ways: answer([]), chosen: 0 }, ms("16:00"), false);
    expect(shown).toMatchObject({ state: "empty" });
    expect(shown.row?.options).toEqual([]);
  });

  it("goes on offline from what it holds", () => {
    expect(presentWays(answer(), ms("16:00"), true)).toMatchObject({ state: "offline" });
    expect(presentWays({ ...answer(), realtime: "stale" }, ms("16:00"), false).state).toBe("stale");
    expect(presentWays(answer(), ms("16:05"), false).state).toBe("empty");
  });

  it("tells only alerts that concern what is shown", () => {
    const alert = { id: "x", header: { nb: "Kø" }, description: {}, url: {}, cause: null, effect: null, severity: null, periods: [], lines: [], stops: [], trips: [] };
    const warned = suggestion("w", [{ ...ride("31", "16:09", "16:20"), alerts: ["x"] }]);
    const view = (ways: typeof bus) => ({ ...officeView([], [ways]), alerts: [alert] });
    const told = (ways: typeof bus) => presentView(view(ways), { alone: false, ways: null, chosen: 0 }, ms("16:00"), false).alerts;
    expect(told(warned)).toEqual([alert]);
    expect(told(bus)).toEqual([]);
  });
});

describe("favourites", () => {
  it("are stored on request and leave nothing behind", () => {
    const store = new Map<string, string>();
    const shelf = () => ({
      getItem: (key: string) => store.get(key) ?? null,
      setItem: (key: string, value: string) => void store.set(key, value),
      removeItem: (key: string) => void store.delete(key),
    });
    expect(findFavourite(shelf, "o")).toBeNull();
    expect(store.size).toBe(0);
    keepFavourite(shelf, "o", placeId(stop));
    expect(findFavourite(shelf, "o")).toBe("NSR:StopPlace:337");
    keepFavourite(shelf, "o", null);
    expect(store.size).toBe(0);
  });

  it("are done without where there is no storage", () => {
    const closed = (): never => {
      throw new Error("SecurityError");
    };
    keepFavourite(closed, "o", "x");
    expect(findFavourite(closed, "o")).toBeNull();
  });
});

describe("the snippet", () => {
  const choice = { office: 'a"<b', isTrip: false, from: "", to: "", lang: "nb", theme: "auto", stepFree: true, limit: 3 };

  it("says only what differs, and escapes it", () => {
    expect(attributesOf(choice).map(([name]) => name)).toEqual(["office", "lang", "profile"]);
    expect(elementSnippet(choice, "https://x")).toContain('office="a&quot;&lt;b" lang="nb" profile="step-free"></smart-reise>');
    expect(frameSnippet(choice, "https://x", "T")).toContain('src="https://x/embed/frame?office=a%22%3Cb&amp;lang=nb');
  });

  it("names two places instead of an office", () => {
    const trip = { ...choice, isTrip: true, from: "59.9,10.6" };
    expect([isWhole(trip), isWhole({ ...trip, to: "x" }), isWhole(choice)]).toEqual([false, true, true]);
    expect(attributesOf({ ...trip, to: "x" }).slice(0, 2)).toEqual([["from", "59.9,10.6"], ["to", "x"]]);
  });

  it.each([EMBED_TEXTS, WIDGET_TEXTS, COMMUTER_TEXTS, HANDOVER_TEXTS, STOP_TEXTS])("is explained in every language", (texts) => {
    for (const language of [texts.nn, texts.en]) expect(Object.keys(language)).toEqual(Object.keys(texts.nb));
    for (const text of Object.values(texts).flatMap((own) => Object.values(own))) expect(text).not.toBe("");
  });
});
