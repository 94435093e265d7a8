/** What the administration says. */

import type { Language } from "../i18n";

export interface AdminTexts {
  title: string;
  signInTitle: string;
  signInHow: string;
  token: string;
  signIn: string;
  signOut: string;
  wrongToken: string;
  noRight: string;
  unreached: string;
  sections: Record<"displays" | "offices" | "keys" | "feeds", string>;
  claimTitle: string;
  claimHow: string;
  code: string;
  office: string;
  claim: string;
  claimed: string;
  noDisplays: string;
  seen: string;
  unseen: string;
  version: string;
  uptime: string;
  lastData: string;
  errors: string;
  well: string;
  silent: string;
  identify: string;
  reload: string;
  revoke: string;
  sureRevoke(name: string): string;
  rename: string;
  name: string;
  newOffice: string;
  edit: string;
  save: string;
  saved: string;
  cancel: string;
  remove: string;
  sureRemove(name: string): string;
  id: string;
  latitude: string;
  longitude: string;
  theme: string;
  dark: string;
  light: string;
  daylight: string;
  languages: string;
  destinations: string;
  addDestination: string;
  more: string;
  moreHow: string;
  notJson: string;
  openScreen: string;
  newKey: string;
  keyOnce: string;
  noKeys: string;
  make: string;
}

export const ADMIN_TEXTS: Record<Language, AdminTexts> = {
  nb: {
    title: "Administrasjon",
    signInTitle: "Logg inn",
    signInHow: "Bruk administratornøkkelen som ble skrevet ut første gang tjenesten startet.",
    token: "Administratornøkkel",
    signIn: "Logg inn",
    signOut: "Logg ut",
    wrongToken: "Nøkkelen stemmer ikke.",
    noRight: "Nøkkelen gir ikke rett til dette.",
    unreached: "Får ikke kontakt med tjenesten.",
    sections: { displays: "Skjermer", offices: "Kontorer", keys: "API-nøkler", feeds: "Kilder" },
    claimTitle: "Koble til en skjerm",
    claimHow: "Åpne /display på skjermen, og skriv inn koden den viser.",
    code: "Kode",
    office: "Kontor",
    claim: "Koble til",
    claimed: "Skjermen er koblet til.",
    noDisplays: "Ingen skjermer ennå.",
    seen: "Sist sett",
    unseen: "aldri sett",
    version: "Versjon",
    uptime: "Oppetid",
    lastData: "Siste data",
    errors: "Feil",
    well: "i orden",
    silent: "stille",
    identify: "Vis navn",
    reload: "Last på nytt",
    revoke: "Koble fra",
    sureRevoke: (name) => `Koble fra ${name}? Skjermen må kobles til på nytt.`,
    rename: "Gi navn",
    name: "Navn",
    newOffice: "Nytt kontor",
    edit: "Endre",
    save: "Lagre",
    saved: "Lagret.",
    cancel: "Avbryt",
    remove: "Slett",
    sureRemove: (name) => `Slette ${name}?`,
    id: "Id",
    latitude: "Breddegrad",
    longitude: "Lengdegrad",
    theme: "Tema",
    dark: "Mørkt",
    light: "Lyst",
    daylight: "Lyst om dagen, mørkt om kvelden",
    languages: "Språk",
    destinations: "Reisemål",
    addDestination: "Legg til reisemål",
    more: "Alle innstillinger",
    moreHow: "Kontoret slik API-et gir det, som JSON.",
    notJson: "Dette er ikke gyldig JSON.",
    openScreen: "Åpne skjermen",
    newKey: "Ny nøkkel til",
    keyOnce: "Nøkkelen vises bare nå. Ta vare på den:",
    noKeys: "Ingen nøkler ennå.",
    make: "Lag nøkkel",
  },
  nn: {
    title: "Administrasjon",
    signInTitle: "Logg inn",
    signInHow: "Bruk administratornøkkelen som vart skriven ut første gong tenesta starta.",
    token: "Administratornøkkel",
    signIn: "Logg inn",
    signOut: "Logg ut",
    wrongToken: "Nøkkelen stemmer ikkje.",
    noRight: "Nøkkelen gjev ikkje rett til dette.",
    unreached: "Får ikkje kontakt med tenesta.",
    sections: { displays: "Skjermar", offices: "Kontor", keys: "API-nøklar", feeds: "Kjelder" },
    claimTitle: "Kople til ein skjerm",
    claimHow: "Opne /display på skjermen, og skriv inn koden han viser.",
    code: "Kode",
    office: "Kontor",
    claim: "Kople til",
    claimed: "Skjermen er kopla til.",
    noDisplays: "Ingen skjermar enno.",
    seen: "Sist sett",
    unseen: "aldri sett",
    version: "Versjon",
    uptime: "Oppetid",
    lastData: "Siste data",
    errors: "Feil",
    well: "i orden",
    silent: "stille",
    identify: "Vis namn",
    reload: "Last på nytt",
    revoke: "Kople frå",
    sureRevoke: (name) => `Kople frå ${name}? Skjermen må koplast til på nytt.`,
    rename: "Gje namn",
    name: "Namn",
    newOffice: "Nytt kontor",
    edit: "Endre",
    save: "Lagre",
    saved: "Lagra.",
    cancel: "Avbryt",
    remove: "Slett",
    sureRemove: (name) => `Slette ${name}?`,
    id: "Id",
    latitude: "Breiddegrad",
    longitude: "Lengdegrad",
    theme: "Tema",
    dark: "Mørkt",
    light: "Lyst",
    daylight: "Lyst om dagen, mørkt om kvelden",
    languages: "Språk",
    destinations: "Reisemål",
    addDestination: "Legg til reisemål",
    more: "Alle innstillingar",
    moreHow: "Kontoret slik API-et gjev det, som JSON.",
    notJson: "Dette er ikkje gyldig JSON.",
    openScreen: "Opne skjermen",
    newKey: "Ny nøkkel til",
    keyOnce: "Nøkkelen blir vist berre no. Ta vare på han:",
    noKeys: "Ingen nøklar enno.",
    make: "Lag nøkkel",
  },
  en: {
    title: "Administration",
    signInTitle: "Sign in",
    signInHow: "Use the admin token that was printed when the service started for the first time.",
    token: "Admin token",
    signIn: "Sign in",
    signOut: "Sign out",
    wrongToken: "The token is not right.",
    noRight: "The token gives no right to this.",
    unreached: "Cannot reach the service.",
    sections: { displays: "Displays", offices: "Offices", keys: "API keys", feeds: "Sources" },
    claimTitle: "Connect a screen",
    claimHow: "Open /display on the screen, and enter the code that it shows.",
    code: "Code",
    office: "Office",
    claim: "Connect",
    claimed: "The screen is connected.",
    noDisplays: "No displays yet.",
    seen: "Last seen",
    unseen: "never seen",
    version: "Version",
    uptime: "Uptime",
    lastData: "Last data",
    errors: "Errors",
    well: "well",
    silent: "silent",
    identify: "Show name",
    reload: "Reload",
    revoke: "Disconnect",
    sureRevoke: (name) => `Disconnect ${name}? The screen will have to be paired again.`,
    rename: "Rename",
    name: "Name",
    newOffice: "New office",
    edit: "Edit",
    save: "Save",
    saved: "Saved.",
    cancel: "Cancel",
    remove: "Delete",
    sureRemove: (name) => `Delete ${name}?`,
    id: "Id",
    latitude: "Latitude",
    longitude: "Longitude",
    theme: "Theme",
    dark: "Dark",
    light: "Light",
    daylight: "Light by day, dark by night",
    languages: "Languages",
    destinations: "Destinations",
    addDestination: "Add a destination",
    more: "All settings",
    moreHow: "The office as the API gives it, as JSON.",
    notJson: "This is not valid JSON.",
    openScreen: "Open the screen",
    newKey: "New key for",
    keyOnce: "The key is shown only now. Keep it safe:",
    noKeys: "No keys yet.",
    make: "Make key",
  },
};
