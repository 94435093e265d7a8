/** What a display says before it has an office. */

import type { Language } from "../i18n";

export interface DisplayTexts {
  title: string;
  how(address: string): string;
  scan: string;
  code: string;
  validUntil(time: string): string;
  starting: string;
  unreached: string;
  qr: string;
  thisIs: string;
  trial: string;
}

export const DISPLAY_TEXTS: Record<Language, DisplayTexts> = {
  nb: {
    title: "Koble til denne skjermen",
    how: (address) => `Åpne ${address} og skriv inn koden,`,
    scan: "eller skann den med telefonen.",
    code: "Kode",
    validUntil: (time) => `Koden fornyes av seg selv. Denne gjelder til ${time}.`,
    starting: "Henter kode …",
    unreached: "Får ikke kontakt med tjenesten. Prøver igjen av seg selv.",
    qr: "QR-kode som åpner administrasjonen med koden",
    thisIs: "Denne skjermen er",
    trial: "Prøve",
  },
  nn: {
    title: "Kople til denne skjermen",
    how: (address) => `Opne ${address} og skriv inn koden,`,
    scan: "eller skann han med telefonen.",
    code: "Kode",
    validUntil: (time) => `Koden blir fornya av seg sjølv. Denne gjeld til ${time}.`,
    starting: "Hentar kode …",
    unreached: "Får ikkje kontakt med tenesta. Prøver igjen av seg sjølv.",
    qr: "QR-kode som opnar administrasjonen med koden",
    thisIs: "Denne skjermen er",
    trial: "Prøve",
  },
  en: {
    title: "Connect this screen",
    how: (address) => `Open ${address} and enter the code,`,
    scan: "or scan it with a phone.",
    code: "Code",
    validUntil: (time) => `The code renews itself. This one holds until ${time}.`,
    starting: "Fetching a code …",
    unreached: "Cannot reach the service. Trying again by itself.",
    qr: "QR code that opens the administration with the code",
    thisIs: "This screen is",
    trial: "Test",
  },
};
