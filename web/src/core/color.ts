/** Badge colours from a feed, repaired: the line's colour stays, its text becomes one that can be read (≥ 4.5:1). */

export interface BadgeColors {
  ground: string;
  ink: string;
}

const NEEDED = 4.5;
const INKS = ["#ffffff", "#0b1620"] as const;
const BY_MODE: Record<string, string> = {
  bus: "#b5121b",
  coach: "#5c6b00",
  tram: "#0b6fb8",
  metro: "#c75300",
  rail: "#8a1f4b",
  ferry: "#5b2c88",
  funicular: "#6a5011",
  gondola: "#6a5011",
  air: "#2f4858",
  taxi: "#3a3a3a",
};

export function badgeColors(color: string | null, textColor: string | null, mode: string): BadgeColors {
  const ground = hex(color) ?? BY_MODE[mode] ?? "#3d5567";
  const wanted = hex(textColor);
  const inks = wanted ? [wanted, ...INKS] : [...INKS];
  const ink = inks.find((candidate) => contrast(candidate, ground) >= NEEDED);
  return { ground, ink: ink ?? best(ground) };
}

function best(ground: string): string {
  return contrast("#ffffff", ground) >= contrast("#000000", ground) ? "#ffffff" : "#000000";
}

function hex(text: string | null): string | null {
  const match = /^#?([0-9a-f]{6})$/i.exec(text ?? "");
  return match ? `#${match[1]!.toLowerCase()}` : null;
}

/** WCAG contrast ratio of two `#rrggbb` colours, 1–21. */
export function contrast(left: string, right: string): number {
  const [light, dark] = [luminance(left), luminance(right)].sort((a, b) => b - a) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(color: string): number {
  const [red, green, blue] = [1, 3, 5].map((start) => {
    const value = Number.parseInt(color.slice(start, start + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
