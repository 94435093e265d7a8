/** How old the word of a source is. */

import { instant } from "./minutes";

/** A source that fails is believed for this long: the next answer may be well. */
const STALE_AFTER_MS = 90_000;

export interface Source {
  kind: string;
  state: string;
  since: string | null;
}

export function isLate({ state, since }: Source, now: number): boolean {
  if (state === "stale" || state === "never") return true;
  return state === "failing" && (since === null || now - instant(since) > STALE_AFTER_MS);
}

/** Since when real time is missing: ISO, "" where nobody knows. `now` in the server's time. */
export function lateSince(sources: readonly Source[], now: number): string {
  const late = sources.filter((source) => source.kind === "realtime" && isLate(source, now));
  const since = late.map((source) => source.since).filter((at): at is string => at !== null);
  return since.sort((a, b) => instant(a) - instant(b))[0] ?? "";
}
