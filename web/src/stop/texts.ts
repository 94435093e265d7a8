/** What only a stop's page says. */

import type { Language } from "../i18n";

export interface StopTexts {
  departures: string;
  lines: string;
  platforms: string;
  all: string;
  to: string;
  now: string;
  today: string;
  travelFrom: string;
  travelTo: string;
  none: string;
  noneFiltered: string;
  unknown: string;
  unknownText: string;
  find: string;
  stepFree: string;
  notStepFree: string;
  occupancy: Record<string, string>;
}

export const STOP_TEXTS: Record<Language, StopTexts> = {
  nb: {
    departures: "Avganger",
    lines: "Linjer",
    platforms: "Plattformer",
    all: "Alle",
    to: "mot",
    now: "nå",
    today: "I dag",
    travelFrom: "Reis herfra",
    travelTo: "Reis hit",
    none: "Ingen avganger i dag eller i morgen",
    noneFiltered: "Ingen avganger for det du har valgt",
    unknown: "Dette stoppet finnes ikke",
    unknownText: "Ruteplanen har ikke noe stopp med denne adressen nå.",
    find: "Finn et stopp",
    stepFree: "trinnfritt stopp",
    notStepFree: "ikke trinnfritt",
    occupancy: {
      EMPTY: "tomt", MANY_SEATS_AVAILABLE: "god plass", FEW_SEATS_AVAILABLE: "få ledige seter",
      STANDING_ROOM_ONLY: "bare ståplass", CRUSHED_STANDING_ROOM_ONLY: "svært fullt", FULL: "fullt",
      NOT_ACCEPTING_PASSENGERS: "tar ikke med flere",
    },
  },
  nn: {
    departures: "Avgangar",
    lines: "Linjer",
    platforms: "Plattformer",
    all: "Alle",
    to: "mot",
    now: "no",
    today: "I dag",
    travelFrom: "Reis herifrå",
    travelTo: "Reis hit",
    none: "Ingen avgangar i dag eller i morgon",
    noneFiltered: "Ingen avgangar for det du har valt",
    unknown: "Dette stoppet finst ikkje",
    unknownText: "Ruteplanen har ikkje noko stopp med denne adressa no.",
    find: "Finn eit stopp",
    stepFree: "trinnfritt stopp",
    notStepFree: "ikkje trinnfritt",
    occupancy: {
      EMPTY: "tomt", MANY_SEATS_AVAILABLE: "god plass", FEW_SEATS_AVAILABLE: "få ledige sete",
      STANDING_ROOM_ONLY: "berre ståplass", CRUSHED_STANDING_ROOM_ONLY: "svært fullt", FULL: "fullt",
      NOT_ACCEPTING_PASSENGERS: "tek ikkje med fleire",
    },
  },
  en: {
    departures: "Departures",
    lines: "Lines",
    platforms: "Platforms",
    all: "All",
    to: "to",
    now: "now",
    today: "Today",
    travelFrom: "Travel from here",
    travelTo: "Travel here",
    none: "No departures today or tomorrow",
    noneFiltered: "No departures for what you chose",
    unknown: "There is no such stop",
    unknownText: "The timetable has no stop with this address now.",
    find: "Find a stop",
    stepFree: "step-free stop",
    notStepFree: "not step-free",
    occupancy: {
      EMPTY: "empty", MANY_SEATS_AVAILABLE: "many seats", FEW_SEATS_AVAILABLE: "few seats",
      STANDING_ROOM_ONLY: "standing room only", CRUSHED_STANDING_ROOM_ONLY: "very crowded", FULL: "full",
      NOT_ACCEPTING_PASSENGERS: "takes no more passengers",
    },
  },
};
