/** What a screen does by the clock and by which screen it is: pure, times in epoch milliseconds. */

/** The pages of a list that does not fit whole, each shown for `turnMs`: all screens turn together, by the clock. */
export function turn<T>(items: readonly T[], size: number, now: number, turnMs: number): { shown: T[]; page: number; pages: number } {
  const room = Math.max(1, size);
  const pages = Math.max(1, Math.ceil(items.length / room));
  const page = Number.isNaN(now) ? 0 : Math.floor(now / turnMs) % pages;
  // The last page is filled up from the one before: no page is shorter than another.
  const start = Math.max(0, Math.min(page * room, items.length - room));
  return { shown: items.slice(start, start + room), page, pages };
}

/** Where a picture stands at a moment, in steps of one: a slow round that spares the screen's pixels. */
export function drift(now: number, stepMs: number): { x: number; y: number } {
  const round: readonly [number, number][] = [[0, 0], [1, 0], [1, 1], [0, 1], [-1, 1], [-1, 0], [-1, -1], [0, -1], [1, -1]];
  const [x, y] = round[Number.isNaN(now) ? 0 : Math.floor(now / stepMs) % round.length]!;
  return { x, y };
}

/** From 03:00 to 04:59, a minute of a screen's own: not all screens of a house ask at once. */
export function quietMinute(screen: string): { hour: number; minute: number } {
  let hash = 2_166_136_261;
  for (let index = 0; index < screen.length; index += 1) {
    hash = Math.imul(hash ^ screen.charCodeAt(index), 16_777_619) >>> 0;
  }
  const minute = hash % 120;
  return { hour: 3 + Math.floor(minute / 60), minute: minute % 60 };
}

/** Is this, by the region's wall clock, within an hour from the screen's quiet minute on? */
export function isQuietTime(screen: string, now: number, zoneOffsetMin: number): boolean {
  if (Number.isNaN(now)) return false;
  const { hour, minute } = quietMinute(screen);
  const local = Math.floor((now / 60_000 + zoneOffsetMin) % 1440);
  const since = (local - hour * 60 - minute + 1440) % 1440;
  return since < 60;
}

/** A language stands for this long before the next one of its office takes its turn. */
const LANGUAGE_MS = 40_000;

/** The language that a screen speaks now: an office with several has each of them read in turn. NaN: the first. */
export function languageNow(languages: readonly string[], now: number): string | undefined {
  return Number.isNaN(now) ? languages[0] : languages[Math.floor(now / LANGUAGE_MS) % Math.max(1, languages.length)];
}
