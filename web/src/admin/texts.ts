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
  sections: Record<"displays" | "offices" | "notices" | "keys" | "access" | "feeds" | "log", string>;
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
  healths: Record<"green" | "amber" | "red", string>;
  group: string;
  layout: string;
  layouts: Record<"standard" | "ways" | "departures" | "map", string>;
  asOffice: string;
  test: string;
  tryOut: string;
  goLive: string;
  turning: string;
  rotate: string;
  place: string;
  findAddress: string;
  pickOnMap: string;
  zoomIn: string;
  zoomOut: string;
  walkSpeed: string;
  maxWalk: string;
  content: string;
  shownStops: string;
  hiddenStops: string;
  addStop: string;
  hideIt: string;
  shownLines: string;
  hiddenLines: string;
  providers: string;
  modes: string;
  looks: string;
  accent: string;
  logo: string;
  logoTooLarge: string;
  languageNames: Record<"nb" | "nn" | "en", string>;
  preview: string;
  unshown: string;
  hours: string;
  hoursHow: string;
  days: Record<"mo" | "tu" | "we" | "th" | "fr" | "sa" | "su", string>;
  opens: string;
  closes: string;
  addHours: string;
  afterHours: string;
  darkAfter: string;
  dimAfter: string;
  history: string;
  neverChanged: string;
  undo: string;
  undone: string;
  files: string;
  exportAs(format: string): string;
  importFile: string;
  lookFirst: string;
  importNow: string;
  changes: Record<"made" | "changed" | "same" | "removed", string>;
  newNotice: string;
  noNotices: string;
  allOffices: string;
  starts: string;
  ends: string;
  onScreensOf: string;
  showIt: string;
  shownNow: string;
  untilRemoved: string;
  when: string;
  who: string;
  what: string;
  older: string;
  searchIn(what: string): string;
  nothingFound: string;
  showMore: string;
  tokens: string;
  noTokens: string;
  webhooks: string;
  noWebhooks: string;
  noOffices: string;
  undoImport: string;
  byImport: string;
  newToken: string;
  role: string;
  roles: Record<"admin" | "partner" | "reader", string>;
  itsOffices: string;
  makeToken: string;
  newWebhook: string;
  webhookHow: string;
  address: string;
  makeWebhook: string;
  notUsed: string;
  taken: string;
  keyUse(perMinute: number, uses: number): string;
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
    sections: { displays: "Skjermer", offices: "Kontorer", notices: "Meldinger", keys: "API-nøkler", access: "Tilganger", feeds: "Kilder", log: "Logg" },
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
    healths: { green: "i orden", amber: "se etter", red: "stille" },
    group: "Gruppe",
    layout: "Oppsett",
    layouts: { standard: "alt", ways: "bare reiseforslag", departures: "bare avganger", map: "alt, med kart" },
    asOffice: "som kontoret",
    test: "prøve",
    tryOut: "Prøv ut",
    goLive: "Ta i bruk",
    turning: "bytter nøkkel",
    rotate: "Bytt nøkkel",
    place: "Sted",
    findAddress: "Søk etter adresse eller holdeplass",
    pickOnMap: "Eller trykk i kartet der kontoret er. Med tastatur: flytt kartet med piltastene, og velg midten med Enter.",
    zoomIn: "Zoom inn",
    zoomOut: "Zoom ut",
    walkSpeed: "Gangfart, m/s",
    maxWalk: "Lengste gange, m",
    content: "Holdeplasser, linjer og reisemåter",
    shownStops: "Avganger fra (ingen valgt: de nærmeste):",
    hiddenStops: "Aldri fra:",
    addStop: "Legg til holdeplass",
    hideIt: "Skjul den som legges til",
    shownLines: "Bare disse linjene",
    hiddenLines: "Ikke disse linjene",
    providers: "Bare disse delingstjenestene",
    modes: "Bare disse reisemåtene (ingen valgt: alle):",
    looks: "Utseende",
    accent: "Farge",
    logo: "Logo",
    logoTooLarge: "Bildet er større enn 35 kB.",
    languageNames: { nb: "bokmål", nn: "nynorsk", en: "engelsk" },
    preview: "Slik blir skjermen, også før du lagrer",
    unshown: "Vises ikke ennå:",
    hours: "Åpningstider",
    hoursHow: "Utenom åpningstidene er skjermen mørk eller dempet. Uten åpningstider er den alltid på.",
    days: { mo: "ma", tu: "ti", we: "on", th: "to", fr: "fr", sa: "lø", su: "sø" },
    opens: "Åpner",
    closes: "Stenger",
    addHours: "Legg til åpningstid",
    afterHours: "Utenom",
    darkAfter: "mørk",
    dimAfter: "dempet",
    history: "Historikk",
    neverChanged: "Aldri endret.",
    undo: "Angre siste endring",
    undone: "Angret.",
    files: "Fil",
    exportAs: (format) => `Last ned ${format}`,
    importFile: "Les inn fra fil (CSV, TOML, JSON)",
    lookFirst: "Se hva som endres",
    importNow: "Les inn",
    changes: { made: "Nytt", changed: "Endres", same: "Uendret", removed: "Slettes" },
    newNotice: "Ny melding på skjermene",
    noNotices: "Ingen meldinger.",
    allOffices: "alle kontorer",
    starts: "Fra (tomt: nå)",
    ends: "Til (tomt: til den slettes)",
    onScreensOf: "På skjermene til (ingen valgt: alle)",
    showIt: "Vis",
    shownNow: "Meldingen vises.",
    untilRemoved: "til den slettes",
    when: "Når",
    who: "Hvem",
    what: "Hva",
    older: "Eldre",
    searchIn: (what) => `Søk i ${what.toLowerCase()}`,
    nothingFound: "Fant ingenting.",
    showMore: "Vis flere",
    tokens: "Administratornøkler",
    noTokens: "Ingen nøkler ennå.",
    webhooks: "Varslingsadresser",
    noWebhooks: "Ingen varslingsadresser ennå.",
    noOffices: "Ingen kontorer ennå.",
    undoImport: "Angre hele importen",
    byImport: "fra fil",
    newToken: "Ny tilgang",
    role: "Rolle",
    roles: { admin: "administrator", partner: "egne kontorer", reader: "bare se" },
    itsOffices: "Kontorer",
    makeToken: "Gi tilgang",
    newWebhook: "Si fra når en skjerm er stille",
    webhookHow: "Adressen får en signert melding når en skjerm ikke har meldt seg på tre minutter, og når den er tilbake.",
    address: "Adresse",
    makeWebhook: "Legg til",
    notUsed: "ikke brukt ennå",
    taken: "mottatt",
    keyUse: (perMinute, uses) => `${perMinute} i minuttet, ${uses} brukt`,
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
    sections: { displays: "Skjermar", offices: "Kontor", notices: "Meldingar", keys: "API-nøklar", access: "Tilgangar", feeds: "Kjelder", log: "Logg" },
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
    healths: { green: "i orden", amber: "sjå etter", red: "stille" },
    group: "Gruppe",
    layout: "Oppsett",
    layouts: { standard: "alt", ways: "berre reiseforslag", departures: "berre avgangar", map: "alt, med kart" },
    asOffice: "som kontoret",
    test: "prøve",
    tryOut: "Prøv ut",
    goLive: "Ta i bruk",
    turning: "byter nøkkel",
    rotate: "Byt nøkkel",
    place: "Stad",
    findAddress: "Søk etter adresse eller haldeplass",
    pickOnMap: "Eller trykk i kartet der kontoret er. Med tastatur: flytt kartet med piltastane, og vel midten med Enter.",
    zoomIn: "Zoom inn",
    zoomOut: "Zoom ut",
    walkSpeed: "Gangfart, m/s",
    maxWalk: "Lengste gange, m",
    content: "Haldeplassar, linjer og reisemåtar",
    shownStops: "Avgangar frå (ingen vald: dei næraste):",
    hiddenStops: "Aldri frå:",
    addStop: "Legg til haldeplass",
    hideIt: "Skjul den som blir lagd til",
    shownLines: "Berre desse linjene",
    hiddenLines: "Ikkje desse linjene",
    providers: "Berre desse delingstenestene",
    modes: "Berre desse reisemåtane (ingen valde: alle):",
    looks: "Utsjånad",
    accent: "Farge",
    logo: "Logo",
    logoTooLarge: "Biletet er større enn 35 kB.",
    languageNames: { nb: "bokmål", nn: "nynorsk", en: "engelsk" },
    preview: "Slik blir skjermen, òg før du lagrar",
    unshown: "Blir ikkje vist enno:",
    hours: "Opningstider",
    hoursHow: "Utanom opningstidene er skjermen mørk eller dempa. Utan opningstider er han alltid på.",
    days: { mo: "må", tu: "ty", we: "on", th: "to", fr: "fr", sa: "la", su: "su" },
    opens: "Opnar",
    closes: "Stengjer",
    addHours: "Legg til opningstid",
    afterHours: "Utanom",
    darkAfter: "mørk",
    dimAfter: "dempa",
    history: "Historikk",
    neverChanged: "Aldri endra.",
    undo: "Angre siste endring",
    undone: "Angra.",
    files: "Fil",
    exportAs: (format) => `Last ned ${format}`,
    importFile: "Les inn frå fil (CSV, TOML, JSON)",
    lookFirst: "Sjå kva som blir endra",
    importNow: "Les inn",
    changes: { made: "Nytt", changed: "Blir endra", same: "Uendra", removed: "Blir sletta" },
    newNotice: "Ny melding på skjermane",
    noNotices: "Ingen meldingar.",
    allOffices: "alle kontor",
    starts: "Frå (tomt: no)",
    ends: "Til (tomt: til ho blir sletta)",
    onScreensOf: "På skjermane til (ingen valde: alle)",
    showIt: "Vis",
    shownNow: "Meldinga blir vist.",
    untilRemoved: "til ho blir sletta",
    when: "Når",
    who: "Kven",
    what: "Kva",
    older: "Eldre",
    searchIn: (what) => `Søk i ${what.toLowerCase()}`,
    nothingFound: "Fann ingenting.",
    showMore: "Vis fleire",
    tokens: "Administratornøklar",
    noTokens: "Ingen nøklar enno.",
    webhooks: "Varslingsadresser",
    noWebhooks: "Ingen varslingsadresser enno.",
    noOffices: "Ingen kontor enno.",
    undoImport: "Angre heile importen",
    byImport: "frå fil",
    newToken: "Ny tilgang",
    role: "Rolle",
    roles: { admin: "administrator", partner: "eigne kontor", reader: "berre sjå" },
    itsOffices: "Kontor",
    makeToken: "Gje tilgang",
    newWebhook: "Sei frå når ein skjerm er stille",
    webhookHow: "Adressa får ei signert melding når ein skjerm ikkje har meldt seg på tre minutt, og når han er tilbake.",
    address: "Adresse",
    makeWebhook: "Legg til",
    notUsed: "ikkje brukt enno",
    taken: "motteke",
    keyUse: (perMinute, uses) => `${perMinute} i minuttet, ${uses} brukte`,
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
    sections: { displays: "Displays", offices: "Offices", notices: "Messages", keys: "API keys", access: "Access", feeds: "Sources", log: "Log" },
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
    healths: { green: "well", amber: "look after it", red: "silent" },
    group: "Group",
    layout: "Layout",
    layouts: { standard: "everything", ways: "suggestions only", departures: "departures only", map: "everything, with a map" },
    asOffice: "as the office",
    test: "test",
    tryOut: "Try out",
    goLive: "Put to use",
    turning: "turning its token",
    rotate: "Turn token",
    place: "Place",
    findAddress: "Search for an address or stop",
    pickOnMap: "Or click on the map where the office is. By keyboard: move the map with the arrow keys, and choose its middle with Enter.",
    zoomIn: "Zoom in",
    zoomOut: "Zoom out",
    walkSpeed: "Walking speed, m/s",
    maxWalk: "Longest walk, m",
    content: "Stops, lines and modes",
    shownStops: "Departures from (none chosen: the nearest):",
    hiddenStops: "Never from:",
    addStop: "Add a stop",
    hideIt: "Hide the one that is added",
    shownLines: "Only these lines",
    hiddenLines: "Not these lines",
    providers: "Only these sharing services",
    modes: "Only these modes (none chosen: all):",
    looks: "Looks",
    accent: "Colour",
    logo: "Logo",
    logoTooLarge: "The picture is larger than 35 kB.",
    languageNames: { nb: "Norwegian bokmål", nn: "Norwegian nynorsk", en: "English" },
    preview: "How the screen will be, also before you save",
    unshown: "Not shown yet:",
    hours: "Opening hours",
    hoursHow: "Outside opening hours the screen is dark or dimmed. Without opening hours it is always on.",
    days: { mo: "Mo", tu: "Tu", we: "We", th: "Th", fr: "Fr", sa: "Sa", su: "Su" },
    opens: "Opens",
    closes: "Closes",
    addHours: "Add opening hours",
    afterHours: "Outside them",
    darkAfter: "dark",
    dimAfter: "dimmed",
    history: "History",
    neverChanged: "Never changed.",
    undo: "Undo the newest change",
    undone: "Undone.",
    files: "File",
    exportAs: (format) => `Download ${format}`,
    importFile: "Read from a file (CSV, TOML, JSON)",
    lookFirst: "See what changes",
    importNow: "Read it in",
    changes: { made: "New", changed: "Changes", same: "As before", removed: "Goes" },
    newNotice: "New message on the screens",
    noNotices: "No messages.",
    allOffices: "all offices",
    starts: "From (empty: now)",
    ends: "To (empty: until it is deleted)",
    onScreensOf: "On the screens of (none chosen: all)",
    showIt: "Show",
    shownNow: "The message is on the screens.",
    untilRemoved: "until it is deleted",
    when: "When",
    who: "Who",
    what: "What",
    older: "Older",
    searchIn: (what) => `Search ${what.toLowerCase()}`,
    nothingFound: "Nothing found.",
    showMore: "Show more",
    tokens: "Administrators' tokens",
    noTokens: "No tokens yet.",
    webhooks: "Webhooks",
    noWebhooks: "No webhooks yet.",
    noOffices: "No offices yet.",
    undoImport: "Undo the whole import",
    byImport: "from a file",
    newToken: "New access",
    role: "Role",
    roles: { admin: "administrator", partner: "own offices", reader: "look only" },
    itsOffices: "Offices",
    makeToken: "Give access",
    newWebhook: "Tell when a display is silent",
    webhookHow: "The address gets a signed message when a display has not reported for three minutes, and when it is back.",
    address: "Address",
    makeWebhook: "Add",
    notUsed: "not used yet",
    taken: "taken",
    keyUse: (perMinute, uses) => `${perMinute} a minute, ${uses} used`,
  },
};
