/** Every text of every page. A language that lacks one does not compile. */

export const LANGUAGES = ["nb", "nn", "en"] as const;
export type Language = (typeof LANGUAGES)[number];

export interface Texts {
  language: Language;
  /** BCP 47, for the page's `lang` */
  tag: string;
  decimalComma: boolean;
  /** Sunday first */
  weekdays: readonly string[];
  months: readonly string[];
  date(weekday: string, day: number, month: string): string;

  demo: string;
  demoLong: string;
  howToGet: string;
  nearby: string;
  atTheDoor: string;
  leave: string;
  leaveNow: string;
  leaveIn: string;
  minutes(count: number): string;
  minutesShort(count: number): string;
  anyTime: string;
  arrive: string;
  noTransfers: string;
  transfers(count: number): string;
  direct: string;
  co2Saved(kilograms: string): string;
  instead: string;
  from: string;
  cancelled: string;
  added: string;
  noLonger: string;
  /** by the code word of the server */
  reasons: Record<string, string>;
  platform(name: string): string;
  platformChanged: string;
  walk(minutes: number): string;
  walkDistance(metres: string): string;
  atDoor: string;
  free(count: number): string;
  docksFree(count: number): string;
  modes: Record<string, string>;
  forms: Record<string, string>;
  formsNear(form: string): string;
  mobilityState: Record<string, string>;
  live: string;
  lastHeard: string;
  planned: string;
  delayed(minutes: number): string;
  early(minutes: number): string;
  onTime: string;
  justMissed: string;
  hurry: string;

  realtimeAge(age: string): string;
  secondsAgo(count: number): string;
  minutesAgo(count: number): string;
  hoursAgo(count: number): string;
  noRealtime: string;
  staleSince(time: string): string;
  offlineSince(time: string): string;
  offlineLong: string;
  connecting: string;
  loading: string;
  emptyTitle: string;
  emptyText: string;
  emptyDestination: string;
  emptyBoard: string;
  nightTitle: string;
  nightText(time: string): string;
  tomorrow: string;
  unknownOffice: string;
  unavailable: string;
  problem(text: string): string;
  reachesAt(time: string): string;

  brand: string;
  fromLabel: string;
  toLabel: string;
  fromHint: string;
  toHint: string;
  myPosition: string;
  positionDenied: string;
  swap: string;
  clear: string;
  travelNow: string;
  departAt: string;
  arriveBy: string;
  stepFree: string;
  bike: string;
  carShare: string;
  offices: string;
  startHere: string;
  askBoth: string;
  searching: string;
  noSuggestions: string;
  noPlaces: string;
  pickOnMap: string;
  stops(count: number): string;
  showStops(count: number): string;
  distance: string;
  stay: string;
  chance(percent: number): string;
  tight: string;
  mapLabel: string;
  suggestionsLabel: string;
  status: string;
  openScreen: string;
  point: string;
  alerts: string;

  statusTitle: string;
  statusIntro(region: string): string;
  feedKinds: Record<string, string>;
  feedStates: Record<string, string>;
  columns: {
    feed: string;
    state: string;
    age: string;
    content: string;
    match: string;
    error: string;
    licence: string;
  };
  entities: Record<string, string>;
  never: string;
  retryAt(time: string): string;
  unmatched: string;
  skipped: string;
  warnings: string;
  allWell: string;
  notWell(count: number): string;
}
