/**
 * How a screen looks: what its address asks for, else what the display was told, else what its office says. A pure
 * function, but for the one that paints.
 */

import { contrast } from "../core/color";
import { isDaylight } from "../core/daylight";
import { isOpen } from "../core/hours";
import type { OfficeItem } from "../wire";

/** What is on the screen: all; the ways alone; the departures alone; all, with a map. */
export const LAYOUTS = ["standard", "ways", "departures", "map"] as const;
export type Layout = (typeof LAYOUTS)[number];

/** What a display is told beside its office; null: as the office says. */
export interface Told {
  theme: string | null;
  layout: string | null;
}

export interface Looks {
  theme: "dark" | "light";
  layout: Layout;
  /** "#rrggbb" that can be seen on the theme's ground; null: the product's own */
  accent: string | null;
  logo: string | null;
  /** Outside opening hours a screen goes dark, or dims. */
  rest: "on" | "dim" | "dark";
}

const GROUNDS = { dark: "#0b1722", light: "#e9eff3" } as const;
/** Of a coloured edge on its ground, as WCAG has it for what is not text. */
const SEEN = 3;
const LOGO = /^data:image\/(png|jpeg|webp|svg\+xml);base64,[A-Za-z0-9+/]+={0,2}$/;

export function chooseLooks(
  query: URLSearchParams,
  told: Told,
  office: OfficeItem | null,
  now: number,
  zoneOffsetMin: number,
): Looks {
  const theme = chooseTheme([query.get("theme"), told.theme, office?.theme], office, now);
  const layout = [query.get("layout"), told.layout, office?.layout].find(isLayout) ?? "standard";
  const hours = office?.opening_hours ?? [];
  const awake = Number.isNaN(now) || isOpen(hours, now, zoneOffsetMin);
  const logo = office?.logo ?? null;
  return {
    theme,
    layout,
    accent: seenOn(office?.accent ?? null, GROUNDS[theme]),
    logo: logo !== null && LOGO.test(logo) ? logo : null,
    rest: awake ? "on" : office?.after_hours === "dim" ? "dim" : "dark",
  };
}

function chooseTheme(wanted: (string | null | undefined)[], office: OfficeItem | null, now: number): "dark" | "light" {
  const name = wanted.find((theme) => theme === "dark" || theme === "light" || theme === "daylight") ?? "dark";
  if (name !== "daylight") return name as "dark" | "light";
  return office && !Number.isNaN(now) && isDaylight(now, office.lat, office.lon) ? "light" : "dark";
}

function isLayout(name: string | null | undefined): name is Layout {
  return LAYOUTS.some((layout) => layout === name);
}

/** The colour mixed with white or black until it can be seen. */
function seenOn(color: string | null, ground: string): string | null {
  if (color === null || !/^#[0-9a-f]{6}$/i.test(color)) return null;
  const toward = contrast("#ffffff", ground) > contrast("#000000", ground) ? 255 : 0;
  const parts = [1, 3, 5].map((start) => Number.parseInt(color.slice(start, start + 2), 16));
  for (let share = 0; share < 1; share += 0.1) {
    const mixed = parts.map((part) => Math.round(part + (toward - part) * share));
    const text = `#${mixed.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
    if (contrast(text, ground) >= SEEN) return text;
  }
  return null;
}
