/** The one destination per office that somebody asked to have remembered. Nothing is stored until they ask. */

import type { Shelf } from "../core/held";

const KEY = "smart-reise.favourites";

export function findFavourite(shelf: () => Shelf, office: string): string | null {
  return read(shelf)[office] ?? null;
}

/** @param place null forgets; with the last one gone nothing is left behind */
export function keepFavourite(shelf: () => Shelf, office: string, place: string | null): void {
  const { [office]: _, ...others } = read(shelf);
  const next = place === null ? others : { ...others, [office]: place };
  try {
    if (Object.keys(next).length > 0) shelf().setItem(KEY, JSON.stringify(next));
    else shelf().removeItem(KEY);
  } catch {
    // The page has no storage (a sandboxed frame): the choice holds until the page is left.
  }
}

function read(shelf: () => Shelf): Record<string, string> {
  try {
    const found: unknown = JSON.parse(shelf().getItem(KEY) ?? "{}");
    return found && typeof found === "object" ? (found as Record<string, string>) : {};
  } catch {
    return {}; // no storage, or what lies there is not ours
  }
}
