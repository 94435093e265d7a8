/**
 * What a page holds of a topic and how its connection fares: a pure reducer, times in server epoch milliseconds.
 * Held data from an earlier visit is data too, until the server speaks.
 */

export type Link = "connecting" | "open" | "lost";

export interface Held<T> {
  data: T;
  rev: string;
  /** Server's time when it was last known to be true. */
  at: number;
}

export interface TopicState<T> {
  link: Link;
  /** When the connection was first found lost; null while there is one. */
  lostAt: number | null;
  held: Held<T> | null;
  /** The server has spoken about this topic since the page was opened. */
  confirmed: boolean;
  problem: { code: string; title: string; detail: string } | null;
}

export type TopicEvent<T> =
  | { type: "opened" }
  | { type: "lost"; at: number }
  | { type: "alive"; at: number }
  | { type: "recalled"; held: Held<T> }
  | { type: "data"; data: T; rev: string; at: number }
  | { type: "failed"; problem: { code: string; title: string; detail: string } };

export function initialState<T>(): TopicState<T> {
  return { link: "connecting", lostAt: null, held: null, confirmed: false, problem: null };
}

export function reduce<T>(state: TopicState<T>, event: TopicEvent<T>): TopicState<T> {
  switch (event.type) {
    case "opened":
      return { ...state, link: "open", lostAt: null };
    case "lost":
      return { ...state, link: "lost", lostAt: state.lostAt ?? event.at };
    case "alive":
      if (state.link !== "open" || !state.held || !state.confirmed) return state;
      return { ...state, held: { ...state.held, at: event.at } };
    case "recalled":
      return state.held ? state : { ...state, held: event.held };
    case "data":
      return {
        link: "open",
        lostAt: null,
        held: { data: event.data, rev: event.rev, at: event.at },
        confirmed: true,
        problem: null,
      };
    case "failed":
      return { ...state, problem: event.problem };
  }
}

/** A connection may blink this long before a page speaks of it. */
const GRACE_MS = 3_000;

/** Is there no connection, for so long that it is to be told? `now` in the server's time. */
export function isOffline({ link, lostAt }: Pick<TopicState<unknown>, "link" | "lostAt">, now: number): boolean {
  if (link !== "lost") return false;
  return lostAt === null || Number.isNaN(lostAt) || now - lostAt >= GRACE_MS;
}
