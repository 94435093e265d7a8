/** Widgets on one page that ask the same server share its connection; the last one to leave closes it. */

import { Live } from "../live";

const held = new Map<string, { live: Live; users: number }>();

/** Throws where the page may not connect there at all (a bad address, or http from https). */
export function takeLive(server: string): Live {
  const entry = held.get(server) ?? { live: new Live(server), users: 0 };
  entry.users += 1;
  held.set(server, entry);
  return entry.live;
}

export function releaseLive(server: string): void {
  const entry = held.get(server);
  if (!entry) return;
  entry.users -= 1;
  if (entry.users > 0) return;
  held.delete(server);
  entry.live.stop();
}
