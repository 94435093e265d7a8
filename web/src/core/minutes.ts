/**
 * The one rounding rule, the same on screen, widget and API: minutes = floor((instant − server's now) / 60 s),
 * "now" below one minute, gone below zero.
 */

export function instant(iso: string): number {
  return Date.parse(iso);
}

/** Whole minutes left, 0 for "now", negative once it has passed. */
export function minutesUntil(iso: string, now: number): number {
  return Math.floor((instant(iso) - now) / 60_000);
}

export function hasPassed(iso: string, now: number): boolean {
  return instant(iso) < now;
}
