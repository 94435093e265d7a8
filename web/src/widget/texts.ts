/** What only the widget says. */

import type { Language } from "../i18n";

export interface WidgetTexts {
  from(name: string): string;
  destinations: string;
  remember(name: string): string;
  forget(name: string): string;
  setUp: string;
  noServer: string;
  connected: string;
  noneStepFree: string;
  unknownPlace: string;
  takes(minutes: string): string;
  toward(name: string): string;
  price(amount: string): string;
}

export const WIDGET_TEXTS: Record<Language, WidgetTexts> = {
  nb: {
    from: (name) => `Fra ${name}`,
    destinations: "Reisemål",
    remember: (name) => `Husk ${name} på denne enheten`,
    forget: (name) => `Glem ${name}`,
    setUp: "Sett attributtet office, eller from og to.",
    noServer: "Får ikke kontakt med reisetjenesten.",
    connected: "Tilkoblet igjen",
    noneStepFree: "Fant ingen reise uten trapper den neste timen",
    unknownPlace: "Stedet finnes ikke i ruteplanen nå",
    takes: (minutes) => `tar ${minutes}`,
    toward: (name) => `mot ${name}`,
    price: (amount) => `ca. ${amount}`,
  },
  nn: {
    from: (name) => `Frå ${name}`,
    destinations: "Reisemål",
    remember: (name) => `Hugs ${name} på denne eininga`,
    forget: (name) => `Gløym ${name}`,
    setUp: "Set attributtet office, eller from og to.",
    noServer: "Får ikkje kontakt med reisetenesta.",
    connected: "Tilkopla igjen",
    noneStepFree: "Fann inga reise utan trapper den neste timen",
    unknownPlace: "Staden finst ikkje i ruteplanen no",
    takes: (minutes) => `tek ${minutes}`,
    toward: (name) => `mot ${name}`,
    price: (amount) => `ca. ${amount}`,
  },
  en: {
    from: (name) => `From ${name}`,
    destinations: "Destinations",
    remember: (name) => `Remember ${name} on this device`,
    forget: (name) => `Forget ${name}`,
    setUp: "Set the attribute office, or from and to.",
    noServer: "Cannot reach the travel service.",
    connected: "Connected again",
    noneStepFree: "No step-free journey found in the next hour",
    unknownPlace: "The place is not in the timetable now",
    takes: (minutes) => `takes ${minutes}`,
    toward: (name) => `towards ${name}`,
    price: (amount) => `about ${amount}`,
  },
};
