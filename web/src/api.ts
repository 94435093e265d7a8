/** The few things a page fetches once instead of watching. */

import type { Offices, Places } from "./wire";

export async function getJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  const answer = await fetch(path, signal ? { signal } : {});
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return (await answer.json()) as T;
}

/** null where there is none (404) or it cannot be had now: the page does without. */
export async function findJson<T>(path: string): Promise<T | null> {
  try {
    return await getJson<T>(path);
  } catch {
    return null;
  }
}

export async function listOffices(): Promise<Offices["offices"]> {
  const found: Offices["offices"] = [];
  for (let after: string | null = ""; after !== null; ) {
    const page: Offices | null = await findJson<Offices>(`/v1/offices${after ? `?after=${encodeURIComponent(after)}` : ""}`);
    found.push(...(page?.offices ?? []));
    after = page?.next ?? null;
  }
  return found;
}

export async function listPlaces(
  text: string,
  near: { lat: number; lon: number } | null,
  signal: AbortSignal,
): Promise<Places["places"]> {
  const query = new URLSearchParams({ q: text });
  if (near) query.set("near", `${near.lat.toFixed(3)},${near.lon.toFixed(3)}`);
  return (await getJson<Places>(`/v1/places?${query}`, signal)).places;
}
