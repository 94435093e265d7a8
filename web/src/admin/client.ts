/**
 * The administration's requests. What a reader would get wrong: the token is not stored. While the page is open it
 * goes with each request; after that the session cookie made from it does, which no script can read.
 */

import type { OfficeView } from "../wire";

export interface Fault {
  field: string;
  message: string;
}

/** The server said no; `message` is its own words. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly faults: readonly Fault[] = [],
  ) {
    super(message);
  }
}

export interface Destination {
  name: string;
  stop_id?: string | null;
  lat?: number | null;
  lon?: number | null;
}

export const DAYS = ["mo", "tu", "we", "th", "fr", "sa", "su"] as const;
export type Day = (typeof DAYS)[number];

export interface Hours {
  days: Day[];
  opens: string;
  closes: string;
}

export interface Office {
  id: string;
  name: string;
  lat: number;
  lon: number;
  languages: string[];
  theme: string;
  destinations: Destination[];
  stops?: string[];
  hidden_stops?: string[];
  lines?: string[];
  hidden_lines?: string[];
  modes?: string[];
  providers?: string[];
  walk_speed?: number | null;
  max_walk_m?: number | null;
  accent?: string | null;
  logo?: string | null;
  layout?: string;
  opening_hours?: Hours[];
  after_hours?: string;
  warnings?: string[];
}

export interface OfficeName {
  id: string;
  name: string;
}

export interface Version {
  version: number;
  at: string;
  by: string;
  office: Office | null;
  /** The import that made it, with others at once. */
  import_id?: string | null;
}

/** Which part of a list is wanted. */
export interface Query {
  q: string;
  limit: number;
  after: string | null;
}

export interface Page<T> {
  rows: T[];
  /** Where the next page begins; null: this was the last. */
  next: string | null;
}

export const FORMATS = ["csv", "toml", "json"] as const;
export type FileFormat = (typeof FORMATS)[number];

export interface Imported {
  id: string;
  name: string;
  change: "made" | "changed" | "same" | "removed";
}

export interface ImportOutcome {
  offices: Imported[];
  /** Undoes all of it. */
  import_id?: string | null;
}

export type Role = "admin" | "partner" | "reader";

export interface Session {
  name: string;
  role: Role;
  offices: string[];
}

export interface Token {
  id: string;
  name: string;
  role: Role;
  offices: string[];
  /** Only in the answer that made it. */
  token?: string;
}

export interface Webhook {
  id: string;
  name: string;
  url: string;
  last: { at: string; error: string | null } | null;
  /** Only in the answer that made it. */
  secret?: string;
}

export interface Notice {
  id: string;
  text: Record<string, string>;
  from: string | null;
  to: string | null;
  offices: string[];
}

export interface Entry {
  entry: string;
  at: string;
  who: string;
  what: string;
  id: string;
}

export interface Display {
  id?: string;
  display?: string;
  name?: string | null;
  office?: string | null;
  group?: string;
  layout?: string | null;
  theme?: string | null;
  /** It is being tried out. */
  test?: boolean;
  /** It has yet to fetch its next token. */
  turning?: boolean;
  health?: "green" | "amber" | "red";
  claimed?: boolean;
  /** When its last heartbeat came (ISO), and what that said. */
  last_seen?: string | null;
  version?: string | null;
  uptime_s?: number | null;
  last_data?: string | null;
  errors?: string[] | null;
}

export interface Key {
  id: string;
  name: string;
  per_minute?: number;
  /** Requests answered so far. */
  uses?: number;
  /** Only in the answer that made it. */
  key?: string;
}

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export class AdminClient {
  private token: string | null = null;
  /** Whoever is signed in. */
  session: Session | null = null;

  async signIn(token: string): Promise<void> {
    this.token = token;
    try {
      this.session = await this.call<Session>("POST", "/v1/admin/session", { token });
    } catch (error) {
      this.token = null;
      throw error;
    }
  }

  /** Is there a session from before? */
  async resume(): Promise<void> {
    this.session = await this.call<Session>("GET", "/v1/admin/session");
  }

  /** The server says so too; this only spares people what would be refused. */
  may(role: Role): boolean {
    const rank: Role[] = ["reader", "partner", "admin"];
    return rank.indexOf(this.session?.role ?? "reader") >= rank.indexOf(role);
  }

  async signOut(): Promise<void> {
    await this.call("DELETE", "/v1/admin/session");
    this.token = null;
    this.session = null;
  }

  listOffices(query: Query): Promise<Page<Office>> {
    return this.page("offices", query);
  }

  /** All of them, to choose from. */
  async listOfficeNames(): Promise<OfficeName[]> {
    const found: OfficeName[] = [];
    for (let after: string | null = ""; after !== null; ) {
      const page: Page<OfficeName> = await this.page("offices", { q: "", limit: 1000, after }, "office-names");
      found.push(...page.rows);
      after = page.next;
    }
    return found;
  }

  async putOffice(office: Office, isNew: boolean): Promise<void> {
    if (isNew) await this.call("POST", "/v1/admin/offices", office);
    else await this.call("PUT", `/v1/admin/offices/${encodeURIComponent(office.id)}`, office);
  }

  /** What the screens of an office that is not saved yet would show. */
  previewOffice(office: Office): Promise<OfficeView> {
    return this.call("POST", "/v1/admin/preview", office);
  }

  async deleteOffice(id: string): Promise<void> {
    await this.call("DELETE", `/v1/admin/offices/${encodeURIComponent(id)}`);
  }

  async listVersions(id: string): Promise<Version[]> {
    return (await this.call<{ versions: Version[] }>("GET", `/v1/admin/offices/${encodeURIComponent(id)}/versions`)).versions;
  }

  async undo(id: string): Promise<Version[]> {
    return (await this.call<{ versions: Version[] }>("POST", `/v1/admin/offices/${encodeURIComponent(id)}/undo`)).versions;
  }

  async exportOffices(format: FileFormat): Promise<string> {
    return (await this.call<{ text: string }>("GET", `/v1/admin/export?format=${format}`)).text;
  }

  async importOffices(format: FileFormat, text: string, dryRun: boolean): Promise<ImportOutcome> {
    return this.call("POST", "/v1/admin/import", { format, text, dry_run: dryRun });
  }

  async undoImport(id: string): Promise<ImportOutcome> {
    return this.call("POST", `/v1/admin/import/${encodeURIComponent(id)}/undo`);
  }

  listDisplays(query: Query): Promise<Page<Display>> {
    return this.page("displays", query);
  }

  async claim(code: string, office: string): Promise<void> {
    await this.call("POST", "/v1/admin/displays/claim", { code: code.replaceAll(/[\s-]/g, "").toUpperCase(), office });
  }

  async changeDisplay(id: string, change: Record<string, unknown>): Promise<void> {
    await this.call("PATCH", `/v1/admin/displays/${encodeURIComponent(id)}`, change);
  }

  async revokeDisplay(id: string): Promise<void> {
    await this.call("DELETE", `/v1/admin/displays/${encodeURIComponent(id)}`);
  }

  listKeys(query: Query): Promise<Page<Key>> {
    return this.page("keys", query);
  }

  async makeKey(name: string): Promise<Key> {
    return this.call<Key>("POST", "/v1/admin/keys", { name });
  }

  async revokeKey(id: string): Promise<void> {
    await this.call("DELETE", `/v1/admin/keys/${encodeURIComponent(id)}`);
  }

  listTokens(query: Query): Promise<Page<Token>> {
    return this.page("tokens", query);
  }

  async makeToken(name: string, role: string, offices: string[]): Promise<Token> {
    return this.call<Token>("POST", "/v1/admin/tokens", { name, role, offices });
  }

  async revokeToken(id: string): Promise<void> {
    await this.call("DELETE", `/v1/admin/tokens/${encodeURIComponent(id)}`);
  }

  listWebhooks(query: Query): Promise<Page<Webhook>> {
    return this.page("webhooks", query);
  }

  async makeWebhook(name: string, url: string): Promise<Webhook> {
    return this.call<Webhook>("POST", "/v1/admin/webhooks", { name, url });
  }

  async removeWebhook(id: string): Promise<void> {
    await this.call("DELETE", `/v1/admin/webhooks/${encodeURIComponent(id)}`);
  }

  listNotices(query: Query): Promise<Page<Notice>> {
    return this.page("alerts", query);
  }

  async makeNotice(notice: Omit<Notice, "id">): Promise<void> {
    await this.call("POST", "/v1/admin/alerts", notice);
  }

  async removeNotice(id: string): Promise<void> {
    await this.call("DELETE", `/v1/admin/alerts/${encodeURIComponent(id)}`);
  }

  async listLog(before: string | null): Promise<{ entries: Entry[]; next: string | null }> {
    const query = before === null ? "" : `&before=${encodeURIComponent(before)}`;
    return this.call("GET", `/v1/admin/audit?limit=50${query}`);
  }

  /** `name`: of the rows in the answer; `address`: where they are, if that is another. */
  private async page<T>(name: string, query: Query, address = name): Promise<Page<T>> {
    const asked = new URLSearchParams({ limit: String(query.limit) });
    if (query.q) asked.set("q", query.q);
    if (query.after) asked.set("after", query.after);
    const answer = await this.call<Record<string, unknown>>("GET", `/v1/admin/${address}?${asked}`);
    return { rows: answer[name] as T[], next: (answer["next"] ?? null) as string | null };
  }

  private async call<T>(method: Method, path: string, body?: unknown): Promise<T> {
    const headers: Record<string, string> = this.token === null ? {} : { Authorization: `Bearer ${this.token}` };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await fetch(path, { method, headers, cache: "no-store", credentials: "same-origin", ...sent });
    const text = await answer.text();
    if (!answer.ok) throw refusal(answer.status, text);
    return (text ? JSON.parse(text) : null) as T;
  }
}

function refusal(status: number, text: string): Refused {
  try {
    const problem = JSON.parse(text) as { title?: string; detail?: string; errors?: Fault[] };
    return new Refused(status, problem.detail ?? problem.title ?? String(status), problem.errors ?? []);
  } catch {
    return new Refused(status, String(status)); // something between us and the service answered
  }
}
