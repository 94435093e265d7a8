/**
 * A display's life: it asks for a code, waits to be claimed, shows its office, and goes back to asking when it is
 * revoked. What a reader would get wrong: only an answer that says so takes a screen away from its office; a server
 * that cannot be reached, or is busy, changes nothing. No DOM: requests, timers and the shelf come from outside.
 */

import type { Shelf } from "../core/held";
import { instant } from "../core/minutes";

export interface Answer {
  status: number;
  body: unknown;
}

export interface Around {
  /** Rejects where there is no answer at all. */
  ask(method: "GET" | "POST", path: string, bearer: string | null, body?: unknown): Promise<Answer>;
  shelf: Shelf;
  setTimer(callback: () => void, ms: number): number;
  clearTimer(id: number): void;
  /** Epoch milliseconds on the server's clock; NaN while unknown. */
  now(): number;
  /** What the heartbeat reports. */
  report(): Record<string, unknown>;
}

export interface Listener {
  changed(state: DisplayState): void;
  /** Somebody asked for it since the last look. */
  reload(): void;
  identify(name: string): void;
}

/** How it is to look where that differs from its office; null: as the office says. */
export interface Looks {
  theme: string | null;
  layout: string | null;
}

export type DisplayState =
  | { kind: "starting"; reached: boolean }
  | { kind: "waiting"; code: string; expiresAt: string; reached: boolean }
  | { kind: "running"; display: string; token: string; office: string; name: string; test: boolean } & Looks;

interface Kept {
  display: string;
  secret: string;
  code: string;
  expires_at: string;
  token?: string;
  office?: string;
  name?: string;
  /** It is being tried out, and says so. */
  test?: boolean;
  theme?: string | null;
  layout?: string | null;
  /** The requests that were already followed, as the server words them. */
  reload?: unknown;
  identify?: unknown;
}

const KEY = "smartreise.display";
const CHECK_MS = 3_000;
const BEAT_MS = 60_000;
/** Whoever has just claimed a screen waits to see it alive. */
const FIRST_BEAT_MS = 5_000;
const LONGEST_RETRY_MS = 60_000;
/** A code is renewed this long before it ends: somebody may be typing it. */
const RENEW_BEFORE_MS = 30_000;
const REVOKED = new Set([401, 403, 404, 410]);

export class Pairing {
  state: DisplayState = { kind: "starting", reached: true };
  private kept: Kept | null = null;
  private timer: number | null = null;
  private failures = 0;
  private beaten = false;
  /** Epoch milliseconds on the server's clock. */
  private renewAt = Infinity;
  private stopped = false;

  constructor(
    private readonly around: Around,
    private readonly listener: Listener,
  ) {}

  /** @param wanted the display that the page's address names: only its own token serves it */
  start(wanted: string | null): void {
    this.kept = read(this.around.shelf);
    if (wanted !== null && this.kept?.display !== wanted) this.kept = null;
    const { kept } = this;
    if (kept) this.renewAt = instant(kept.expires_at) - RENEW_BEFORE_MS;
    if (kept?.token && kept.office) this.run(kept, kept.token, kept.office);
    void (kept ? this.check() : this.begin());
  }

  stop(): void {
    this.stopped = true;
    this.plan(null);
  }

  /** Ask the server how things are: its topic said that something changed. */
  async check(): Promise<void> {
    const { kept } = this;
    if (!kept) return this.begin();
    const answer = await this.ask("GET", path(kept.display), kept.token ?? kept.secret);
    if (this.stopped || this.kept !== kept) return;
    if (answer === null) return this.later(() => this.check());
    if (REVOKED.has(answer.status)) return this.forget();
    if (answer.status !== 200) return this.later(() => this.check());
    this.failures = 0;
    const { claimed, token, office, ...more } = answer.body as DisplayAnswer;
    const own = token ?? kept.token;
    if (!claimed && kept.token) return this.forget();
    if (!claimed || !own || !officeId(office)) return this.around.now() >= this.renewAt ? this.begin() : this.wait(kept);
    this.follow(kept, more);
    this.run(this.keep({ ...kept, ...more, token: own, office: officeId(office) }), own, officeId(office));
    this.plan(() => this.beat(), this.beaten ? BEAT_MS : FIRST_BEAT_MS);
  }

  private async begin(): Promise<void> {
    const answer = await this.ask("POST", "/v1/displays", null);
    if (this.stopped) return;
    if (answer === null || answer.status < 200 || answer.status > 299) return this.later(() => this.begin());
    this.failures = 0;
    const kept = this.keep(answer.body as Kept);
    this.renewAt = renewal(kept, this.around.now());
    this.wait(kept);
  }

  private wait(kept: Kept): void {
    this.tell({ kind: "waiting", code: kept.code, expiresAt: kept.expires_at, reached: true });
    this.plan(() => this.check(), CHECK_MS);
  }

  private run(kept: Kept, token: string, office: string): void {
    const { name = "", theme = null, layout = null, test = false } = kept;
    const next: DisplayState = { kind: "running", display: kept.display, token, office, name, test, theme, layout };
    if (JSON.stringify(next) !== JSON.stringify(this.state)) this.tell(next);
  }

  private async beat(): Promise<void> {
    const { kept } = this;
    if (!kept?.token) return;
    this.beaten = true;
    const answer = await this.ask("POST", `${path(kept.display)}/heartbeat`, kept.token, this.around.report());
    if (this.stopped || this.kept !== kept) return;
    if (answer && REVOKED.has(answer.status)) return this.forget();
    // The topic tells of changes at once; this look is for when it could not.
    return this.check();
  }

  private forget(): void {
    this.kept = null;
    this.beaten = false;
    write(this.around.shelf, null);
    this.tell({ kind: "starting", reached: true });
    void this.begin();
  }

  /** A request is a value that differs from the one followed last; the first one seen was not for us. */
  private follow(kept: Kept, seen: Pick<Kept, "reload" | "identify" | "name">): void {
    const asked = (name: "reload" | "identify"): boolean =>
      kept.token !== undefined && seen[name] != null && JSON.stringify(seen[name]) !== JSON.stringify(kept[name]);
    if (asked("identify")) this.listener.identify(seen.name ?? kept.display);
    if (!asked("reload")) return;
    this.keep({ ...kept, reload: seen.reload });
    this.listener.reload();
  }

  private later(again: () => Promise<void>): void {
    this.failures += 1;
    const { state } = this;
    if (state.kind !== "running" && state.reached) this.tell({ ...state, reached: false });
    this.plan(again, Math.min(LONGEST_RETRY_MS, CHECK_MS * 2 ** Math.min(this.failures - 1, 5)));
  }

  private async ask(method: "GET" | "POST", to: string, bearer: string | null, body?: unknown): Promise<Answer | null> {
    this.plan(null);
    try {
      return await this.around.ask(method, to, bearer, body);
    } catch {
      return null; // no answer: told as such, and asked again
    }
  }

  private keep(kept: Kept): Kept {
    this.kept = kept;
    write(this.around.shelf, kept);
    return kept;
  }

  private tell(state: DisplayState): void {
    this.state = state;
    this.listener.changed(state);
  }

  private plan(next: (() => Promise<void>) | null, ms = 0): void {
    if (this.timer !== null) this.around.clearTimer(this.timer);
    this.timer = next && !this.stopped ? this.around.setTimer(() => void next(), ms) : null;
  }
}

interface DisplayAnswer {
  claimed: boolean;
  token?: string | null;
  office?: string | { id: string } | null;
  name?: string;
  test?: boolean;
  theme?: string | null;
  layout?: string | null;
  reload?: unknown;
  identify?: unknown;
}

function officeId(office: DisplayAnswer["office"]): string {
  return (typeof office === "string" ? office : office?.id) ?? "";
}

/** A code that never was valid by the server's clock, as we know it, is left to the server to end. */
function renewal(kept: Kept, now: number): number {
  const expires = instant(kept.expires_at);
  if (Number.isNaN(now)) return expires - RENEW_BEFORE_MS;
  return expires > now ? expires - Math.min(RENEW_BEFORE_MS, (expires - now) / 4) : Infinity;
}

function path(display: string): string {
  return `/v1/displays/${encodeURIComponent(display)}`;
}

function read(shelf: Shelf): Kept | null {
  try {
    const kept = JSON.parse(shelf.getItem(KEY) ?? "null") as Kept | null;
    return kept && typeof kept.display === "string" && typeof kept.secret === "string" ? kept : null;
  } catch {
    return null; // no storage, or what lies there is not ours: pair anew
  }
}

function write(shelf: Shelf, kept: Kept | null): void {
  try {
    if (kept) shelf.setItem(KEY, JSON.stringify(kept));
    else shelf.removeItem(KEY);
  } catch {
    // Without storage the display works until it is switched off, and is then paired again.
  }
}
