/** What only the page of a suggestion that was taken along says. */

import type { Language } from "../i18n";

export interface HandoverTexts {
  to(name: string): string;
  finding: string;
  broken: string;
  brokenText(reason: string): string;
  expired: string;
  expiredText(name: string, time: string): string;
  unknown: string;
  unknownText: string;
  badLink: string;
  again: string;
  fromHere: string;
  replacement: string;
  followInstead: string;
  underWay: string;
  goTo(name: string): string;
  departs(line: string, time: string): string;
  getOff(name: string, time: string): string;
  takeFrom(line: string, time: string, platform: string): string;
  private: string;
}

export const HANDOVER_TEXTS: Record<Language, HandoverTexts> = {
  nb: {
    to: (name) => `Til ${name}`,
    finding: "Finner reisen …",
    broken: "Reisen går ikke lenger",
    brokenText: (reason) => `Årsak: ${reason}`,
    expired: "Utløpt",
    expiredText: (name, time) => `Denne reisen var framme i ${name} ${time}.`,
    unknown: "Reisen finnes ikke lenger",
    unknownText: "Lenken er utløpt, eller ruteplanen er endret.",
    badLink: "Lenken mangler noe. Skann koden på skjermen en gang til.",
    again: "Finn reiser nå",
    fromHere: "Finn reiser herfra",
    replacement: "I stedet",
    followInstead: "Følg denne",
    underWay: "Underveis",
    goTo: (name) => `Gå til ${name}`,
    departs: (line, time) => `${line} går ${time}`,
    getOff: (name, time) => `Gå av på ${name} ${time}`,
    takeFrom: (line, time, platform) => `Ta ${line} ${time}${platform}`,
    private: "Siden følger reisen, ikke deg: posisjonen din leses ikke, og lenken slutter å virke når reisen er framme.",
  },
  nn: {
    to: (name) => `Til ${name}`,
    finding: "Finn reisa …",
    broken: "Reisa går ikkje lenger",
    brokenText: (reason) => `Årsak: ${reason}`,
    expired: "Utgått",
    expiredText: (name, time) => `Denne reisa var framme i ${name} ${time}.`,
    unknown: "Reisa finst ikkje lenger",
    unknownText: "Lenkja er utgått, eller ruteplanen er endra.",
    badLink: "Lenkja manglar noko. Skann koden på skjermen ein gong til.",
    again: "Finn reiser no",
    fromHere: "Finn reiser herifrå",
    replacement: "I staden",
    followInstead: "Følg denne",
    underWay: "Undervegs",
    goTo: (name) => `Gå til ${name}`,
    departs: (line, time) => `${line} går ${time}`,
    getOff: (name, time) => `Gå av på ${name} ${time}`,
    takeFrom: (line, time, platform) => `Ta ${line} ${time}${platform}`,
    private: "Sida følgjer reisa, ikkje deg: posisjonen din blir ikkje lesen, og lenkja sluttar å verke når reisa er framme.",
  },
  en: {
    to: (name) => `To ${name}`,
    finding: "Finding the journey …",
    broken: "This journey no longer runs",
    brokenText: (reason) => `Reason: ${reason}`,
    expired: "Expired",
    expiredText: (name, time) => `This journey arrived at ${name} at ${time}.`,
    unknown: "The journey is not there any more",
    unknownText: "The link has expired, or the timetable has changed.",
    badLink: "The link is incomplete. Scan the code on the screen again.",
    again: "Find journeys now",
    fromHere: "Find journeys from here",
    replacement: "Instead",
    followInstead: "Follow this one",
    underWay: "Under way",
    goTo: (name) => `Go to ${name}`,
    departs: (line, time) => `${line} leaves ${time}`,
    getOff: (name, time) => `Get off at ${name} ${time}`,
    takeFrom: (line, time, platform) => `Take ${line} ${time}${platform}`,
    private: "The page follows the journey, not you: your position is not read, and the link stops working once the journey has arrived.",
  },
};
