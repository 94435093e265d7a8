/** The page's language, and numbers, dates and distances as that language writes them. */

import type { AlertItem } from "../wire";
import type { WallDate } from "../core/time";
import { en } from "./en";
import { nb } from "./nb";
import { nn } from "./nn";
import { type Language, LANGUAGES, type Texts } from "./texts";

export type { Language, Texts } from "./texts";

const BY_LANGUAGE: Record<Language, Texts> = { nb, nn, en };

/** The first wanted language that we speak, else Norwegian Bokmål. */
export function chooseTexts(wanted: readonly (string | null | undefined)[]): Texts {
  for (const tag of wanted) {
    const language = spoken(tag);
    if (language) return BY_LANGUAGE[language];
  }
  return nb;
}

function spoken(tag: string | null | undefined): Language | undefined {
  const short = (tag ?? "").toLowerCase().split("-")[0];
  return short === "no" ? "nb" : LANGUAGES.find((language) => language === short);
}

export function formatNumber(value: number, decimals: number, texts: Texts): string {
  const text = value.toFixed(decimals);
  return texts.decimalComma ? text.replace(".", ",") : text;
}

/** A count, its thousands set apart as the language does. */
export function formatCount(value: number, texts: Texts): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, texts.decimalComma ? "\u00a0" : ",");
}

export function formatDate(date: WallDate, texts: Texts): string {
  return texts.date(texts.weekdays[date.weekday] ?? "", date.day, texts.months[date.month - 1] ?? "");
}

/** "350 m", "1,4 km": as exact as a walker cares. */
export function formatDistance(metres: number, texts: Texts): string {
  if (metres < 995) return `${Math.max(10, Math.round(metres / 10) * 10)} m`;
  return `${formatNumber(metres / 1000, 1, texts)} km`;
}

export function formatAge(seconds: number, texts: Texts): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 100) return texts.secondsAgo(whole);
  if (whole < 5400) return texts.minutesAgo(Math.floor(whole / 60));
  return texts.hoursAgo(Math.floor(whole / 3600));
}

/** CO2e saved beside driving alone, in kilograms with one decimal; null where nothing worth telling is saved. */
export function formatSaved(suggestion: { co2_g: number; car_co2_g: number }, texts: Texts): string | null {
  const kilograms = (suggestion.car_co2_g - suggestion.co2_g) / 1000;
  return kilograms >= 0.05 ? texts.co2Saved(formatNumber(kilograms, 1, texts)) : null;
}

/** An alert's heading in the page's language, else in the feed's own. */
export function alertText(alert: AlertItem, texts: Texts): string {
  return pick(alert.header, texts) || pick(alert.description, texts);
}

function pick(byLanguage: Record<string, string>, texts: Texts): string {
  const fallbacks = texts.language === "en" ? ["en", "", "nb", "no"] : [texts.language, "nb", "nn", "no", "", "en"];
  const found = fallbacks.map((language) => byLanguage[language]).find(Boolean);
  return found ?? Object.values(byLanguage)[0] ?? "";
}

/** Why a suggestion no longer holds: known reasons in the page's language, others as the server words them. */
export function reasonText(reason: string | null, texts: Texts): string {
  if (!reason) return texts.noLonger;
  return texts.reasons[reason] ?? reason;
}
