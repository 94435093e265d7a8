/** What can be asked and followed, by name: the parameters of each question and the type of its answer. */

import type { AlertList, Board, Feeds, Mobility, OfficeView, Suggestions, Trip, Vehicles } from "../wire";

/** "lat,lon", the id of a stop, station or office, or a point. */
export type Where = string | { lat: number; lon: number };
/** Lists are joined by commas. */
export type List = string | readonly string[];
/** ISO 8601 with an offset. */
export type Instant = string;

export interface BoardParams {
  limit?: number;
  lines?: List;
  modes?: List;
  directions?: List;
  at?: Instant;
}

export interface SuggestionParams {
  at?: Instant;
  arrive_by?: boolean;
  window_s?: number;
  /** The vehicles that may be used; walking always may. */
  modes?: List;
  max_transfers?: number;
  max_walk_m?: number;
  /** Metres a second. */
  walk_speed?: number;
  wheelchair?: boolean;
  limit?: number;
}

export interface Topics {
  board: { params: BoardParams & { stop: string }; data: Board };
  suggestions: { params: SuggestionParams & { from: Where; to: Where }; data: Suggestions };
  office: { params: { office: string }; data: OfficeView };
  vehicles: { params: { bbox: string }; data: Vehicles };
  mobility: { params: { near: Where; radius_m?: number }; data: Mobility };
  alerts: { params: Record<string, never>; data: AlertList };
  feeds: { params: Record<string, never>; data: Feeds };
  trip: { params: { trip_id: string; service_date?: string }; data: Trip };
}

export type Topic = keyof Topics;
export type Params<T extends Topic> = Topics[T]["params"];
export type Data<T extends Topic> = Topics[T]["data"];

type Value = string | number | boolean;

/** Parameters as the wire has them: lists joined, points written, what is undefined left out. */
export function writeParams(params: object): Record<string, Value> {
  const entries = Object.entries(params as Record<string, unknown>).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(entries.map(([name, value]) => [name, writeValue(value)]));
}

function writeValue(value: unknown): Value {
  if (Array.isArray(value)) return value.join(",");
  if (typeof value === "object") {
    const { lat, lon } = value as { lat: number; lon: number };
    return `${lat},${lon}`;
  }
  return value as Value;
}
