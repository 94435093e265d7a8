import type { Place } from "../wire";

/** One name for a place wherever it is told. */
export function placeKey(place: Place): string {
  return place.station_id ?? place.stop_id ?? `${place.lat},${place.lon}`;
}
