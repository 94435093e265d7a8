/** How old the word of a source is. */

import { instant } from "./minutes";

/** A source that fails is believed for this long: the next answer may be well. */
const STALE_AFTER_MS = 90_000;

export interface Source {
  state: string;
  since: string | null;
}

/** `now` in the server's time. */
export function isLate({ state, since }: Source, now: number): boolean {
  if (state === "stale" || state === "never") return true;
  return state === "failing" && (since === null || now - instant(since) > STALE_AFTER_MS);
}

/** Since when the first of late sources is late: ISO, "" where nobody knows. */
export function lateSince(late: readonly Source[]): string {
  const since = late.map((source) => source.since).filter((at): at is string => at !== null);
  return since.sort((a, b) => instant(a) - instant(b))[0] ?? "";
}
