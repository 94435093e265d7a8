/**
 * The administration's requests. What a reader would get wrong: the token is not stored. While the page is open it
 * goes with each request; after that the session cookie made from it does, which no script can read.
 */

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

export interface Version {
  version: number;
  at: string;
  by: string;
  office: Office | null;
}

export const FORMATS = ["csv", "toml", "json"] as const;
export type FileFormat = (typeof FORMATS)[number];

export interface Imported {
  id: string;
  name: string;
  change: "made" | "changed" | "same";
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

  async listOffices(): Promise<Office[]> {
    return (await this.call<{ offices: Office[] }>("GET", "/v1/admin/offices")).offices;
  }

  async putOffice(office: Office, isNew: boolean): Promise<void> {
    if (isNew) await this.call("POST", "/v1/admin/offices", office);
    else await this.call("PUT", `/v1/admin/offices/${encodeURIComponent(office.id)}`, office);
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

  async importOffices(format: FileFormat, text: string, dryRun: boolean): Promise<Imported[]> {
    const order = { format, text, dry_run: dryRun };
    return (await this.call<{ offices: Imported[] }>("POST", "/v1/admin/import", order)).offices;
  }

  async listDisplays(): Promise<Display[]> {
    const found: Display[] = [];
    for (let after: string | null = ""; after !== null; ) {
      const query: string = after ? `?after=${encodeURIComponent(after)}` : "";
      const page = await this.call<{ displays: Display[]; next?: string | null }>("GET", `/v1/admin/displays${query}`);
      found.push(...page.displays);
      after = page.next ?? null;
    }
    return found;
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

  async listKeys(): Promise<Key[]> {
    return (await this.call<{ keys: Key[] }>("GET", "/v1/admin/keys")).keys;
  }

  async makeKey(name: string): Promise<Key> {
    return this.call<Key>("POST", "/v1/admin/keys", { name });
  }

  async revokeKey(id: string): Promise<void> {
    await this.call("DELETE", `/v1/admin/keys/${encodeURIComponent(id)}`);
  }

  async listTokens(): Promise<Token[]> {
    return (await this.call<{ tokens: Token[] }>("GET", "/v1/admin/tokens")).tokens;
  }

  async makeToken(name: string, role: string, offices: string[]): Promise<Token> {
    return this.call<Token>("POST", "/v1/admin/tokens", { name, role, offices });
  }

  async revokeToken(id: string): Promise<void> {
    await this.call("DELETE", `/v1/admin/tokens/${encodeURIComponent(id)}`);
  }

  async listWebhooks(): Promise<Webhook[]> {
    return (await this.call<{ webhooks: Webhook[] }>("GET", "/v1/admin/webhooks")).webhooks;
  }

  async makeWebhook(name: string, url: string): Promise<Webhook> {
    return this.call<Webhook>("POST", "/v1/admin/webhooks", { name, url });
  }

  async removeWebhook(id: string): Promise<void> {
    await this.call("DELETE", `/v1/admin/webhooks/${encodeURIComponent(id)}`);
  }

  async listNotices(): Promise<Notice[]> {
    return (await this.call<{ alerts: Notice[] }>("GET", "/v1/admin/alerts")).alerts;
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
