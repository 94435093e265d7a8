/** Journeys that somebody asked to have kept on this device. Nothing is stored until they ask. */

import type { Params } from "../core/frames";
import type { Shelf } from "../core/held";
import type { End } from "./trip";

export interface Favourite {
  from: End;
  to: End;
}

const KEY = "smart-reise.journeys";
/** What was last told of a kept journey lies under this and its question: it is shown where there is no network. */
const ANSWER = "smart-reise.journey ";
const MOST = 12;

export function listFavourites(shelf: () => Shelf): Favourite[] {
  try {
    const found: unknown = JSON.parse(shelf().getItem(KEY) ?? "[]");
    return Array.isArray(found) ? found.filter(isFavourite) : [];
  } catch {
    return []; // no storage, or what lies there is not ours
  }
}

export function isKept(favourites: readonly Favourite[], from: End | null, to: End | null): boolean {
  return favourites.some((kept) => kept.from.value === from?.value && kept.to.value === to?.value);
}

/** Keeps a journey, the newest first, or forgets it where it is kept; returns what is kept then. */
export function toggleFavourite(shelf: () => Shelf, from: End, to: End): Favourite[] {
  const before = listFavourites(shelf);
  const others = before.filter((kept) => kept.from.value !== from.value || kept.to.value !== to.value);
  const next = others.length < before.length ? others : [{ from, to }, ...others].slice(0, MOST);
  try {
    if (next.length > 0) shelf().setItem(KEY, JSON.stringify(next));
    else shelf().removeItem(KEY);
  } catch {
    // No storage here (a private window): nothing can be kept, and the star says so by staying empty.
    return before;
  }
  return next;
}

export function answerKey(params: Params): string {
  return ANSWER + JSON.stringify(params);
}

/** Drops the answers of journeys that are kept no more. */
export function dropAnswers(storage: Storage, favourites: readonly Favourite[]): void {
  const keys = Array.from({ length: storage.length }, (_, index) => storage.key(index)).filter((key) => key?.startsWith(ANSWER));
  for (const key of keys as string[]) {
    const params = JSON.parse(key.slice(ANSWER.length)) as { from: string; to: string };
    if (!favourites.some((kept) => kept.from.value === params.from && kept.to.value === params.to)) storage.removeItem(key);
  }
}

function isFavourite(found: unknown): found is Favourite {
  const ends = found as Partial<Favourite> | null;
  return typeof ends?.from?.value === "string" && typeof ends.to?.value === "string";
}
