/** Is the sun up? Good to a few minutes, which is more than a screen needs to choose between light and dark. */

const RAD = Math.PI / 180;
const DAY_MS = 86_400_000;
/** 2000-01-01T12:00Z */
const J2000_MS = 946_728_000_000;
/** The sun's upper edge at the horizon, its light bent by the air. */
const HORIZON_DEG = -0.83;

/** Degrees of the sun's centre above the horizon at an instant (epoch ms). */
export function sunElevation(epochMs: number, lat: number, lon: number): number {
  const days = (epochMs - J2000_MS) / DAY_MS;
  const anomaly = (357.529 + 0.98560028 * days) * RAD;
  const longitude = (280.459 + 0.98564736 * days + 1.915 * Math.sin(anomaly) + 0.02 * Math.sin(2 * anomaly)) * RAD;
  const tilt = (23.439 - 0.00000036 * days) * RAD;
  const ascension = Math.atan2(Math.cos(tilt) * Math.sin(longitude), Math.cos(longitude));
  const declination = Math.asin(Math.sin(tilt) * Math.sin(longitude));
  const sidereal = (280.46061837 + 360.98564736629 * days + lon) * RAD;
  const hour = sidereal - ascension;
  const sine = Math.sin(lat * RAD) * Math.sin(declination) + Math.cos(lat * RAD) * Math.cos(declination) * Math.cos(hour);
  return Math.asin(sine) / RAD;
}

export function isDaylight(epochMs: number, lat: number, lon: number): boolean {
  return sunElevation(epochMs, lat, lon) > HORIZON_DEG;
}
