/** What the page for partners says. */

import type { Language } from "../i18n";

export interface EmbedTexts {
  title: string;
  intro: string;
  shows: string;
  anOffice: string;
  aTrip: string;
  office: string;
  language: string;
  pageLanguage: string;
  theme: string;
  themes: Record<"auto" | "light" | "dark", string>;
  stepFree: string;
  limit: string;
  kind: string;
  kinds: Record<"element" | "frame", string>;
  kindHint: Record<"element" | "frame", string>;
  preview: string;
  width: string;
  snippet: string;
  copy: string;
  copied: string;
  more: string;
  policy: string;
  style: string;
  events: string;
  privacy: string;
  docs: string;
}

export const EMBED_TEXTS: Record<Language, EmbedTexts> = {
  nb: {
    title: "Reiseinfo på din egen side",
    intro: "Velg kontor og utseende, se hvordan det blir, og lim inn to linjer på intranettet.",
    shows: "Hva skal vises?",
    anOffice: "Et kontors reisemål",
    aTrip: "En reise fra og til",
    office: "Kontor",
    language: "Språk",
    pageLanguage: "Sidens språk",
    theme: "Tema",
    themes: { auto: "Som leseren", light: "Lyst", dark: "Mørkt" },
    stepFree: "Bare reiser uten trapper",
    limit: "Forslag per reisemål",
    kind: "Slik settes det inn",
    kinds: { element: "Element", frame: "Ramme" },
    kindHint: {
      element: "Følger siden, kan stiles og gir hendelser til egne skript.",
      frame: "For sider der skript ikke kan legges inn.",
    },
    preview: "Forhåndsvisning",
    width: "Bredde",
    snippet: "Lim inn dette",
    copy: "Kopier",
    copied: "Kopiert",
    more: "For den som bygger siden",
    policy: "Har siden en streng Content-Security-Policy, må den tillate:",
    style: "Farger, skrift og hjørner settes med egenskaper i CSS, enkeltdeler med ::part:",
    events: "Elementet melder fra når noe skjer:",
    privacy: "Ingen informasjonskapsler, ingen andre tjenere. Et favorittmål lagres bare i leserens nettleser, og bare når leseren ber om det.",
    docs: "API-et",
  },
  nn: {
    title: "Reiseinfo på di eiga side",
    intro: "Vel kontor og utsjånad, sjå korleis det blir, og lim inn to linjer på intranettet.",
    shows: "Kva skal visast?",
    anOffice: "Reisemåla til eit kontor",
    aTrip: "Ei reise frå og til",
    office: "Kontor",
    language: "Språk",
    pageLanguage: "Språket til sida",
    theme: "Tema",
    themes: { auto: "Som lesaren", light: "Lyst", dark: "Mørkt" },
    stepFree: "Berre reiser utan trapper",
    limit: "Framlegg per reisemål",
    kind: "Slik blir det sett inn",
    kinds: { element: "Element", frame: "Ramme" },
    kindHint: {
      element: "Følgjer sida, kan stilast og gjev hendingar til eigne skript.",
      frame: "For sider der skript ikkje kan leggjast inn.",
    },
    preview: "Førehandsvising",
    width: "Breidd",
    snippet: "Lim inn dette",
    copy: "Kopier",
    copied: "Kopiert",
    more: "For den som byggjer sida",
    policy: "Har sida ein streng Content-Security-Policy, må han tillate:",
    style: "Fargar, skrift og hjørne blir sette med eigenskapar i CSS, einskilde delar med ::part:",
    events: "Elementet melder frå når noko skjer:",
    privacy: "Ingen informasjonskapslar, ingen andre tenarar. Eit favorittmål blir lagra berre i nettlesaren til lesaren, og berre når lesaren bed om det.",
    docs: "API-et",
  },
  en: {
    title: "Departures on your own page",
    intro: "Choose an office and a look, see what it becomes, and paste two lines into your intranet.",
    shows: "What is shown?",
    anOffice: "An office's destinations",
    aTrip: "A journey from and to",
    office: "Office",
    language: "Language",
    pageLanguage: "The page's own",
    theme: "Theme",
    themes: { auto: "As the reader's", light: "Light", dark: "Dark" },
    stepFree: "Step-free journeys only",
    limit: "Suggestions per destination",
    kind: "How it is put in",
    kinds: { element: "Element", frame: "Frame" },
    kindHint: {
      element: "Goes with the page, can be styled, and gives events to your own scripts.",
      frame: "For pages that take no scripts.",
    },
    preview: "Preview",
    width: "Width",
    snippet: "Paste this",
    copy: "Copy",
    copied: "Copied",
    more: "For whoever builds the page",
    policy: "If the page has a strict Content-Security-Policy, it must allow:",
    style: "Colours, type and corners are set by custom properties, single parts by ::part:",
    events: "The element tells when something happens:",
    privacy: "No cookies, no other servers. A favourite destination is kept in the reader's browser alone, and only if the reader asks for it.",
    docs: "The API",
  },
};
