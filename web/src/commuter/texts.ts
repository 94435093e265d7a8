/** What only the pages of a commuter say: search, follow, board. */

import type { Language } from "../i18n";

export interface CommuterTexts {
  favourites: string;
  keep: string;
  forget(name: string): string;
  kept: string;
  forgotten: string;
  follow: string;
  calendar: string;
  share: string;
  copied: string;
  board: string;
  boardOf(name: string): string;
  when: string;
  vehicles: string;
  day: string;
  time: string;
  zoomIn: string;
  zoomOut: string;
  mapHelp: string;
  later: string;
  last(leave: string, arrive: string): string;
  price(amount: string, currency: string): string;
  found(count: number): string;
  nextStop(name: string): string;
  stopsAway(count: number): string;
  atStop: string;
  passed: string;
  seen(age: string): string;
  notStarted: string;
  unknownPlace: string;
  outsideTimetable: string;
  starting: string;
  connected: string;
  broke(reason: string): string;
  install: string;
  sameEnds: string;
  heldAt(time: string): string;
  stepFreeYes: string;
  stepFreeUnknown: string;
  more: string;
  back: string;
}

export const COMMUTER_TEXTS: Record<Language, CommuterTexts> = {
  nb: {
    favourites: "Lagrede reiser",
    keep: "Lagre reisen på denne enheten",
    forget: (name) => `Fjern ${name}`,
    kept: "Lagret på denne enheten",
    forgotten: "Fjernet",
    follow: "Følg reisen",
    calendar: "Legg i kalenderen",
    share: "Del reisen",
    copied: "Lenken er kopiert",
    board: "Avgangstavle",
    boardOf: (name) => `Avganger fra ${name}`,
    when: "Når",
    vehicles: "Hva du reiser med",
    day: "Dag",
    time: "Klokkeslett",
    zoomIn: "Zoom inn",
    zoomOut: "Zoom ut",
    mapHelp: "Piltaster flytter kartet, pluss og minus zoomer, Enter velger punktet i midten, V sier hvilke kjøretøy som er nær.",
    later: "Ingen reise den neste timen. Dette er de første etter det.",
    last: (leave, arrive) => `Siste reise i kveld: gå ${leave}, framme ${arrive}`,
    price: (amount, currency) => `ca. ${amount} ${currency}`,
    found: (count) => (count === 1 ? "1 reise funnet" : `${count} reiser funnet`),
    nextStop: (name) => `neste stopp ${name}`,
    stopsAway: (count) => (count === 1 ? "1 stopp unna" : `${count} stopp unna`),
    atStop: "kommer til stoppet nå",
    passed: "passert",
    seen: (age) => `sett ${age}`,
    notStarted: "har ikke startet",
    unknownPlace: "Stedet i adressen finnes ikke i ruteplanen nå. Velg et annet.",
    outsideTimetable: "Ruteplanen dekker ikke dette tidspunktet.",
    starting: "Tjenesten starter – et øyeblikk",
    connected: "Tilkoblet igjen",
    broke: (reason) => `Reisen du ser på går ikke lenger: ${reason}`,
    install: "Installer som app",
    sameEnds: "Fra og til er samme sted.",
    heldAt: (time) => `Slik var det ${time}`,
    stepFreeYes: "trinnfri",
    stepFreeUnknown: "ukjent om den er trinnfri",
    more: "Vis flere",
    back: "Tilbake",
  },
  nn: {
    favourites: "Lagra reiser",
    keep: "Lagre reisa på denne eininga",
    forget: (name) => `Fjern ${name}`,
    kept: "Lagra på denne eininga",
    forgotten: "Fjerna",
    follow: "Følg reisa",
    calendar: "Legg i kalenderen",
    share: "Del reisa",
    copied: "Lenkja er kopiert",
    board: "Avgangstavle",
    boardOf: (name) => `Avgangar frå ${name}`,
    when: "Når",
    vehicles: "Kva du reiser med",
    day: "Dag",
    time: "Klokkeslett",
    zoomIn: "Zoom inn",
    zoomOut: "Zoom ut",
    mapHelp: "Piltastar flyttar kartet, pluss og minus zoomar, Enter vel punktet i midten, V seier kva køyretøy som er nær.",
    later: "Inga reise den neste timen. Dette er dei første etter det.",
    last: (leave, arrive) => `Siste reisa i kveld: gå ${leave}, framme ${arrive}`,
    price: (amount, currency) => `ca. ${amount} ${currency}`,
    found: (count) => (count === 1 ? "1 reise funnen" : `${count} reiser funne`),
    nextStop: (name) => `neste stopp ${name}`,
    stopsAway: (count) => (count === 1 ? "1 stopp unna" : `${count} stopp unna`),
    atStop: "kjem til stoppet no",
    passed: "passert",
    seen: (age) => `sett ${age}`,
    notStarted: "har ikkje starta",
    unknownPlace: "Staden i adressa finst ikkje i ruteplanen no. Vel ein annan.",
    outsideTimetable: "Ruteplanen dekkjer ikkje dette tidspunktet.",
    starting: "Tenesta startar – ein augeblink",
    connected: "Kopla til igjen",
    broke: (reason) => `Reisa du ser på går ikkje lenger: ${reason}`,
    install: "Installer som app",
    sameEnds: "Frå og til er same stad.",
    heldAt: (time) => `Slik var det ${time}`,
    stepFreeYes: "trinnfri",
    stepFreeUnknown: "ukjent om han er trinnfri",
    more: "Vis fleire",
    back: "Tilbake",
  },
  en: {
    favourites: "Saved journeys",
    keep: "Save the journey on this device",
    forget: (name) => `Remove ${name}`,
    kept: "Saved on this device",
    forgotten: "Removed",
    follow: "Follow the journey",
    calendar: "Add to calendar",
    share: "Share the journey",
    copied: "The link is copied",
    board: "Departures",
    boardOf: (name) => `Departures from ${name}`,
    when: "When",
    vehicles: "What you travel by",
    day: "Day",
    time: "Time",
    zoomIn: "Zoom in",
    zoomOut: "Zoom out",
    mapHelp: "Arrow keys move the map, plus and minus zoom, Enter picks the point in the middle, V names the vehicles nearby.",
    later: "No journey within the hour. These are the first after it.",
    last: (leave, arrive) => `Last journey tonight: leave ${leave}, there at ${arrive}`,
    price: (amount, currency) => `about ${amount} ${currency}`,
    found: (count) => (count === 1 ? "1 journey found" : `${count} journeys found`),
    nextStop: (name) => `next stop ${name}`,
    stopsAway: (count) => (count === 1 ? "1 stop away" : `${count} stops away`),
    atStop: "arriving at the stop now",
    passed: "passed",
    seen: (age) => `seen ${age}`,
    notStarted: "has not started",
    unknownPlace: "The place in the address is not in the timetable now. Choose another.",
    outsideTimetable: "The timetable does not cover this time.",
    starting: "The service is starting – one moment",
    connected: "Connected again",
    broke: (reason) => `The journey you are looking at no longer runs: ${reason}`,
    install: "Install as an app",
    sameEnds: "From and to are the same place.",
    heldAt: (time) => `As it was at ${time}`,
    stepFreeYes: "step-free",
    stepFreeUnknown: "not known to be step-free",
    more: "Show more",
    back: "Back",
  },
};
