/** Texts that only the lobby's screen has. A language that lacks one does not compile. */

import type { Language } from "../i18n/texts";

export interface ScreenTexts {
  pauseTitle: string;
  pauseText(time: string): string;
  nearTitle: string;
  nearText: string;
  noDestinations: string;
  noDestinationsHow: string;
  /** by kind of source; "realtime": alerts and positions, while the departures' own real time is well */
  failing: Record<string, string>;
  /** what a phone finds behind the code */
  code(destination: string): string;
  last: string;
  few(count: number): string;
  takesTurns(page: number, pages: number): string;
  mapLabel: string;
  you: string;
  readAloud: string;
  stopReading: string;
  clock(time: string): string;
  to(destination: string): string;
  leaveIn(minutes: number): string;
  arriveAt(time: string): string;
  then: string;
  line(mode: string, line: string, stop: string, time: string): string;
  own(mode: string, minutes: number): string;
  cancelledAt(line: string, headsign: string, time: string): string;
}

export const SCREEN_TEXTS: Record<Language, ScreenTexts> = {
  nb: {
    pauseTitle: "Ingen avganger akkurat nå",
    pauseText: (time) => `Neste avgang herfra går ${time}`,
    nearTitle: "Ingenting i gangavstand",
    nearText: "Verken holdeplasser med avganger eller delte kjøretøy i nærheten.",
    noDestinations: "Ingen reisemål er valgt",
    noDestinationsHow: "Kontorets reisemål velges i administrasjonen.",
    failing: {
      static: "Ny ruteplan kunne ikke hentes",
      mobility: "Delte kjøretøy: ikke oppdatert",
      realtime: "Avvik og posisjoner: ikke oppdatert",
    },
    code: (destination) => `QR-kode: reisen til ${destination} på mobilen`,
    last: "siste reise i kveld",
    few: (count) => (count === 1 ? "bare 1 igjen" : `bare ${count} igjen`),
    takesTurns: (page, pages) => `Side ${page} av ${pages}`,
    mapLabel: "Kart over nabolaget med kjøretøy og gangveier",
    you: "Du er her",
    readAloud: "Les opp skjermen",
    stopReading: "Stopp opplesningen",
    clock: (time) => `Klokka er ${time}.`,
    to: (destination) => `Til ${destination}:`,
    leaveIn: (minutes) => (minutes < 1 ? "gå nå" : minutes === 1 ? "gå om ett minutt" : `gå om ${minutes} minutter`),
    arriveAt: (time) => `framme ${time}`,
    then: "deretter",
    line: (mode, line, stop, time) => `${mode} ${line} fra ${stop} klokka ${time}`,
    own: (mode, minutes) => (minutes === 1 ? `${mode} ett minutt` : `${mode} ${minutes} minutter`),
    cancelledAt: (line, headsign, time) => `Innstilt: ${line} mot ${headsign} klokka ${time}.`,
  },
  nn: {
    pauseTitle: "Ingen avgangar akkurat no",
    pauseText: (time) => `Neste avgang herfrå går ${time}`,
    nearTitle: "Ingenting i gangavstand",
    nearText: "Verken haldeplassar med avgangar eller delte køyretøy i nærleiken.",
    noDestinations: "Ingen reisemål er valde",
    noDestinationsHow: "Reisemåla til kontoret vel ein i administrasjonen.",
    failing: {
      static: "Ny ruteplan kunne ikkje hentast",
      mobility: "Delte køyretøy: ikkje oppdatert",
      realtime: "Avvik og posisjonar: ikkje oppdatert",
    },
    code: (destination) => `QR-kode: reisa til ${destination} på mobilen`,
    last: "siste reisa i kveld",
    few: (count) => (count === 1 ? "berre 1 att" : `berre ${count} att`),
    takesTurns: (page, pages) => `Side ${page} av ${pages}`,
    mapLabel: "Kart over nabolaget med køyretøy og gangvegar",
    you: "Du er her",
    readAloud: "Les opp skjermen",
    stopReading: "Stopp opplesinga",
    clock: (time) => `Klokka er ${time}.`,
    to: (destination) => `Til ${destination}:`,
    leaveIn: (minutes) => (minutes < 1 ? "gå no" : minutes === 1 ? "gå om eitt minutt" : `gå om ${minutes} minutt`),
    arriveAt: (time) => `framme ${time}`,
    then: "deretter",
    line: (mode, line, stop, time) => `${mode} ${line} frå ${stop} klokka ${time}`,
    own: (mode, minutes) => (minutes === 1 ? `${mode} eitt minutt` : `${mode} ${minutes} minutt`),
    cancelledAt: (line, headsign, time) => `Innstilt: ${line} mot ${headsign} klokka ${time}.`,
  },
  en: {
    pauseTitle: "No departures right now",
    pauseText: (time) => `The next departure from here leaves at ${time}`,
    nearTitle: "Nothing within walking distance",
    nearText: "Neither stops with departures nor shared vehicles nearby.",
    noDestinations: "No destinations chosen",
    noDestinationsHow: "The office's destinations are chosen in the administration.",
    failing: {
      static: "A new timetable could not be fetched",
      mobility: "Shared vehicles: not updated",
      realtime: "Alerts and positions: not updated",
    },
    code: (destination) => `QR code: the journey to ${destination} on your phone`,
    last: "last journey tonight",
    few: (count) => `only ${count} left`,
    takesTurns: (page, pages) => `Page ${page} of ${pages}`,
    mapLabel: "Map of the neighbourhood with vehicles and ways on foot",
    you: "You are here",
    readAloud: "Read the screen aloud",
    stopReading: "Stop reading",
    clock: (time) => `It is ${time}.`,
    to: (destination) => `To ${destination}:`,
    leaveIn: (minutes) => (minutes < 1 ? "leave now" : minutes === 1 ? "leave in one minute" : `leave in ${minutes} minutes`),
    arriveAt: (time) => `arrive at ${time}`,
    then: "then",
    line: (mode, line, stop, time) => `${mode} ${line} from ${stop} at ${time}`,
    own: (mode, minutes) => (minutes === 1 ? `${mode} for one minute` : `${mode} for ${minutes} minutes`),
    cancelledAt: (line, headsign, time) => `Cancelled: ${line} towards ${headsign} at ${time}.`,
  },
};
