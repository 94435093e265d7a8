/** Hours in which a screen is on: on some days from HH:MM to HH:MM, past midnight where it closes before it opens. */

import { clockDate, clockTime } from "./time";

export interface Hours {
  days: readonly string[];
  opens: string;
  closes: string;
}

const DAYS = ["su", "mo", "tu", "we", "th", "fr", "sa"] as const;

/** No hours at all mean always. Epoch milliseconds on the server's clock, minutes east of UTC. */
export function isOpen(hours: readonly Hours[], now: number, zoneOffsetMin: number): boolean {
  if (hours.length === 0) return true;
  const { weekday } = clockDate(now, zoneOffsetMin);
  const time = clockTime(now, zoneOffsetMin);
  const today = DAYS[weekday]!;
  const yesterday = DAYS[(weekday + 6) % 7]!;
  return hours.some(({ days, opens, closes }) => {
    if (opens < closes) return days.includes(today) && opens <= time && time < closes;
    return (days.includes(today) && opens <= time) || (days.includes(yesterday) && time < closes);
  });
}
