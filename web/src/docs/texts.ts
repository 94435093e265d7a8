/** What the page about the API says around the API's own words, which are English. */

import type { Language } from "../i18n";

export interface DocsTexts {
  title: string;
  intro: string;
  widget: string;
}

export const DOCS_TEXTS: Record<Language, DocsTexts> = {
  nb: {
    title: "API-et",
    intro: "Åpne et endepunkt, trykk Execute, og se svaret fra denne tjenesten. Beskrivelsene er på engelsk.",
    widget: "Reiseinfo på egen side",
  },
  nn: {
    title: "API-et",
    intro: "Opne eit endepunkt, trykk Execute, og sjå svaret frå denne tenesta. Skildringane er på engelsk.",
    widget: "Reiseinfo på eiga side",
  },
  en: {
    title: "The API",
    intro: "Open an endpoint, press Execute, and see what this service answers.",
    widget: "Departures on your own page",
  },
};
