import type { Feeds } from "../wire";

/** Whose data these are, each once. */
export function creditsOf(feeds: Feeds | null): string {
  return [...new Set((feeds?.feeds ?? []).map((feed) => feed.attribution).filter(Boolean))].join(" · ");
}
