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

export interface Office {
  id: string;
  name: string;
  lat: number;
  lon: number;
  languages: string[];
  theme: string;
  destinations: unknown[];
  [setting: string]: unknown;
}

export interface Display {
  id?: string;
  display?: string;
  name?: string | null;
  office?: string | null;
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
  /** Only in the answer that made it. */
  key?: string;
}

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export class AdminClient {
  private token: string | null = null;

  async signIn(token: string): Promise<void> {
    this.token = token;
    try {
      await this.call("POST", "/v1/admin/session", { token });
    } catch (error) {
      this.token = null;
      throw error;
    }
  }

  async signOut(): Promise<void> {
    await this.call("DELETE", "/v1/admin/session");
    this.token = null;
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

  async listDisplays(): Promise<Display[]> {
    return (await this.call<{ displays: Display[] }>("GET", "/v1/admin/displays")).displays;
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
