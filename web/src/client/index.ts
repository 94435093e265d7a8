/**
 * A client for a running Smart Reiseinfo: departures, suggestions and live boards, in browsers, Node and elsewhere.
 *
 *     const reiseinfo = new Reiseinfo("https://reise.example.org");
 *     for await (const board of reiseinfo.boards("NSR:StopPlace:3609", { limit: 5 })) {
 *       console.log(board.departures.map((departure) => departure.expected));
 *     }
 *
 * What a reader would get wrong: count down from `reiseinfo.now()`, the server's clock, not from the machine's. It is
 * known as soon as something is followed.
 */

import type { SocketLike } from "../core/connection";
import { minutesUntil } from "../core/minutes";
import type {
  AlertItem,
  Board,
  Departure,
  Feeds,
  Mobility,
  OfficeItem,
  Offices,
  OfficeView,
  Place,
  Places,
  Stop,
  StopDetail,
  StopList,
  Suggestion,
  Suggestions,
  Trip,
  Vehicles,
} from "../wire";
import { type LinkState, LiveSide } from "./live";
import { refusalOf, Refused } from "./problems";
import { type BoardParams, type Data, type Params, type SuggestionParams, type Topic, type Where, writeParams } from "./topics";

export type * from "../wire";
export type { LinkState } from "./live";
export type { BoardParams, Data, Instant, List, Params, SuggestionParams, Topic, Topics, Where } from "./topics";
export { decodePolyline } from "../core/polyline";
export { Refused } from "./problems";

export interface Options {
  /** An API key; without one the limit of an address holds. */
  key?: string;
  /** Default: the environment's own. */
  fetch?: typeof fetch;
  /** Default: the environment's own (browsers, Deno, Node 22 and later; before that, for instance that of `ws`). */
  WebSocket?: new (url: string) => unknown;
}

/** What a follower is told. */
export interface Follower<T> {
  data(data: T): void;
  /** The connection was lost, or is there again; it comes back by itself. */
  link?(state: LinkState): void;
  /** The question itself was refused: nothing more will come. */
  refused?(problem: Refused): void;
}

export class Reiseinfo {
  private readonly live: LiveSide;
  private readonly fetch: typeof fetch;

  /** @param server its address, as "https://reise.example.org" */
  constructor(
    private readonly server: string,
    private readonly options: Options = {},
  ) {
    this.fetch = options.fetch ?? ((...all) => globalThis.fetch(...all));
    const url = new URL("/v1/live", server);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    if (options.key !== undefined) url.searchParams.set("key", options.key);
    this.live = new LiveSide(url.href, (address) => {
      const Socket = options.WebSocket ?? globalThis.WebSocket;
      if (!Socket) throw new Error("there is no WebSocket here: give one in the options");
      return new Socket(address) as SocketLike;
    });
  }

  /** The server's time in epoch milliseconds: by its frames while something is or was followed, else this machine's. */
  now(): number {
    return this.live.clock.known ? this.live.clock.now() : Date.now();
  }

  /** Whole minutes left until an instant, rounded down as everywhere in the service: 0 is "now", negative is past. */
  minutesUntil(instant: string): number {
    return minutesUntil(instant, this.now());
  }

  // Ask once.

  departures(stop: string, params: BoardParams = {}): Promise<Board> {
    return this.get(`/v1/stops/${encodeURIComponent(stop)}/departures`, params);
  }

  suggestions(from: Where, to: Where, params: SuggestionParams = {}): Promise<Suggestions> {
    return this.get("/v1/suggestions", { from, to, ...params });
  }

  async stops(query: { q: string } | { near: Where; radius_m?: number }): Promise<Stop[]> {
    return (await this.get<StopList>("/v1/stops", query)).stops;
  }

  stop(id: string): Promise<StopDetail> {
    return this.get(`/v1/stops/${encodeURIComponent(id)}`);
  }

  trip(id: string, params: { service_date?: string } = {}): Promise<Trip> {
    return this.get(`/v1/trips/${encodeURIComponent(id)}`, params);
  }

  async places(q: string, params: { near?: Where } = {}): Promise<Place[]> {
    return (await this.get<Places>("/v1/places", { q, ...params })).places;
  }

  /** All of them, page by page; `q`: only those with this text in their id or name. */
  async offices(params: { q?: string } = {}): Promise<OfficeItem[]> {
    const found: OfficeItem[] = [];
    for (let after: string | null = ""; after !== null; ) {
      const page: Offices = await this.get<Offices>("/v1/offices", after ? { ...params, after } : params);
      found.push(...page.offices);
      after = page.next ?? null;
    }
    return found;
  }

  officeView(id: string): Promise<OfficeView> {
    return this.get(`/v1/offices/${encodeURIComponent(id)}/view`);
  }

  vehicles(bbox: string): Promise<Vehicles> {
    return this.get("/v1/vehicles", { bbox });
  }

  mobility(near: Where, params: { radius_m?: number } = {}): Promise<Mobility> {
    return this.get("/v1/mobility", { near, ...params });
  }

  async alerts(): Promise<AlertItem[]> {
    return (await this.get<{ alerts: AlertItem[] }>("/v1/alerts")).alerts;
  }

  feeds(): Promise<Feeds> {
    return this.get("/v1/feeds");
  }

  // Follow.

  /** The board of a stop, whole, each time that it changes. */
  boards(stop: string, params: BoardParams = {}): AsyncGenerator<Board, void> {
    return this.states("board", { stop, ...params });
  }

  /** Suggestions, each time that they change; without `at` they mean now and move on by themselves. */
  journeys(from: Where, to: Where, params: SuggestionParams = {}): AsyncGenerator<Suggestions, void> {
    return this.states("suggestions", { from, to, ...params });
  }

  /** All that an office's screen shows, each time that it changes. */
  office(id: string): AsyncGenerator<OfficeView, void> {
    return this.states("office", { office: id });
  }

  /** The next departures of a stop that are not cancelled. Once, by the server's clock. */
  async nextDepartures(stop: string, params: BoardParams = {}): Promise<Departure[]> {
    const board = await first(this.boards(stop, params));
    return board.departures.filter((departure) => !departure.cancelled);
  }

  /** The first way that can still be caught with ease, else the first that can be caught at all; null: none. */
  async whenToLeave(from: Where, to: Where, params: SuggestionParams = {}): Promise<Suggestion | null> {
    const { suggestions } = await first(this.journeys(from, to, params));
    const usable = suggestions.filter(({ status }) => status !== "broken");
    return usable.find(({ reach }) => reach === "go") ?? usable.find(({ reach }) => reach === "hurry") ?? null;
  }

  /**
   * Any topic, with what happens to its connection. Returns what ends it; with the last one ended the connection is
   * closed.
   */
  follow<T extends Topic>(topic: T, params: Params<T>, follower: Follower<Data<T>>): () => void {
    return this.live.follow(topic, writeParams(params), {
      data: (data) => follower.data(data as Data<T>),
      link: (state) => follower.link?.(state),
      refused: (problem) => follower.refused?.(problem),
    });
  }

  /** Any topic as its states. Whoever is slow gets the newest; leaving the loop ends it; a refusal is thrown. */
  async *states<T extends Topic>(topic: T, params: Params<T>): AsyncGenerator<Data<T>, void> {
    let newest: { data: Data<T> } | null = null;
    let refusal: Refused | null = null;
    let wake = (): void => {};
    const end = this.follow(topic, params, {
      data: (data) => {
        newest = { data };
        wake();
      },
      refused: (problem) => {
        refusal = problem;
        wake();
      },
    });
    try {
      for (;;) {
        if (refusal) throw refusal as Refused;
        if (newest) {
          const { data } = newest as { data: Data<T> };
          newest = null;
          yield data;
        } else {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
    } finally {
      end();
    }
  }

  /** Ends all that is followed. */
  close(): void {
    this.live.close();
  }

  private async get<T>(path: string, params: object = {}): Promise<T> {
    const url = new URL(path, this.server);
    for (const [name, value] of Object.entries(writeParams(params))) url.searchParams.set(name, String(value));
    const headers: Record<string, string> = { Accept: "application/json" };
    if (this.options.key !== undefined) headers["X-API-Key"] = this.options.key;
    const answer = await this.fetch(url.href, { headers });
    if (!answer.ok) throw await refusalOf(answer);
    return (await answer.json()) as T;
  }
}

async function first<T>(states: AsyncGenerator<T, void>): Promise<T> {
  for await (const state of states) return state;
  throw new Error("closed before anything came");
}
