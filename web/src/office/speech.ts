/** The screen read aloud: what it says as sentences, and the voice that says them on request. */

import { clockTime, wallTime } from "../core/time";
import type { Texts } from "../i18n";
import type { Leg } from "../wire";
import { conditionText, type Moment } from "./condition";
import { type DestinationRows, isTimetabled, type OfficeRows } from "./model";
import { SCREEN_TEXTS, type ScreenTexts } from "./texts";

/** What matters of the screen, most urgent per destination first; a pure function. */
export function sentences(name: string, rows: OfficeRows, moment: Moment): string[] {
  const { texts, now, offsetAt } = moment;
  const condition = conditionText(rows, moment);
  const own = SCREEN_TEXTS[texts.language];
  const ways = rows.destinations.flatMap((row) => waySentence(row, rows.state === "offline", moment, own));
  const cancelled = rows.boards
    .flatMap((board) => board.rows.filter((row) => row.departure.cancelled).slice(0, 1))
    .map(({ departure, time: at }) => own.cancelledAt(departure.line.name, departure.headsign ?? "", at));
  const none = ways.length === 0 ? [`${texts.emptyTitle}.`] : [];
  return [`${name}.`, own.clock(clockTime(now, offsetAt(now))), ...(condition ? [`${condition}.`] : []), ...ways, ...none, ...cancelled];
}

function waySentence(row: DestinationRows, offline: boolean, { texts, offsetAt }: Moment, own: ScreenTexts): string[] {
  const best = row.options[0];
  if (!best) return [];
  const leave = best.minutes === null ? texts.anyTime : own.leaveIn(best.minutes);
  const legs = best.suggestion.legs.map((leg) => legWords(leg, offline, texts, own)).filter((words) => words !== "");
  return [`${own.to(row.place.name)} ${[leave, legs.join(`, ${own.then} `), own.arriveAt(clockTime(best.arriveAt, offsetAt(best.arriveAt)))].join(", ")}.`];
}

function legWords(leg: Leg, offline: boolean, texts: Texts, own: ScreenTexts): string {
  const mode = texts.modes[leg.mode] ?? leg.mode;
  if (isTimetabled(leg)) {
    const time = wallTime((offline ? leg.depart.scheduled : null) ?? leg.depart.expected);
    return own.line(mode, leg.line?.name ?? "", leg.from.name, time);
  }
  const minutes = Math.round((Date.parse(leg.arrive.expected) - Date.parse(leg.depart.expected)) / 60_000);
  return minutes < 1 ? "" : own.own(mode, minutes);
}

/** Says one list of sentences at a time. Where the device has no voice, what is said still stands in a live region. */
export class Voice {
  private readonly synthesis: SpeechSynthesis | undefined = globalThis.speechSynthesis;

  get speaking(): boolean {
    return this.synthesis?.speaking ?? false;
  }

  say(text: readonly string[], language: string, ended: () => void): boolean {
    this.stop();
    if (!this.synthesis) return false;
    const last = text.length - 1;
    text.forEach((sentence, index) => {
      const utterance = new SpeechSynthesisUtterance(sentence);
      utterance.lang = language === "nn" ? "nn-NO" : language === "en" ? "en-GB" : "nb-NO";
      utterance.rate = 0.95;
      if (index === last) utterance.onend = utterance.onerror = ended;
      this.synthesis?.speak(utterance);
    });
    return true;
  }

  stop(): void {
    this.synthesis?.cancel();
  }
}
