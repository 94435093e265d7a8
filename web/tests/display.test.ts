import { beforeEach, describe, expect, it } from "vitest";
import { type Answer, type Around, type DisplayState, Pairing } from "../src/display/pairing";
import { DISPLAY_TEXTS } from "../src/display/texts";
import { at, Bench, ms } from "./support";

/** A server of one display, as the contract words it. */
class Server {
  asked: string[] = [];
  bodies: unknown[] = [];
  codes = 0;
  away = false;
  status = 200;
  display: Record<string, unknown> = { claimed: false };

  answer(method: string, path: string, bearer: string | null, body: unknown): Answer {
    this.asked.push(`${method} ${path} ${bearer ?? "-"}`);
    this.bodies.push(body);
    if (this.away) throw new TypeError("no network");
    if (method === "POST" && path === "/v1/displays") {
      this.codes += 1;
      return { status: 201, body: { display: "d1", code: `ABC12${this.codes}`, secret: `s${this.codes}`, expires_at: at(`16:${this.codes}0`) } };
    }
    return { status: this.status, body: this.status === 200 ? { display: "d1", ...this.display } : null };
  }
}

describe("a display", () => {
  let bench: Bench;
  let server: Server;
  let store: Map<string, string>;
  let states: DisplayState[];
  let requests: string[];

  beforeEach(() => {
    bench = new Bench();
    server = new Server();
    store = new Map();
    states = [];
    requests = [];
  });

  function switchOn(wanted: string | null = null): Pairing {
    const around: Around = {
      ask: async (method, path, bearer, body) => server.answer(method, path, bearer, body),
      shelf: {
        getItem: (key) => store.get(key) ?? null,
        setItem: (key, value) => void store.set(key, value),
        removeItem: (key) => void store.delete(key),
      },
      setTimer: (callback, delay) => bench.setTimer(callback, delay),
      clearTimer: (id) => bench.clearTimer(id),
      now: () => ms("16:00") + bench.time,
      report: () => ({ version: "1" }),
    };
    const pairing = new Pairing(around, {
      changed: (state) => states.push(state),
      reload: () => requests.push("reload"),
      identify: (name) => requests.push(`identify ${name}`),
    });
    pairing.start(wanted);
    return pairing;
  }

  async function pass(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second += 1) {
      bench.pass(1000);
      for (let turn = 0; turn < 8; turn += 1) await Promise.resolve();
    }
  }

  async function claimed(): Promise<Pairing> {
    const pairing = switchOn();
    await pass(1);
    server.display = { claimed: true, token: "t", office: "fornebu", name: "Resepsjonen" };
    await pass(4);
    return pairing;
  }

  it("shows a code, waits with its secret, and renews it before it ends", async () => {
    switchOn();
    await pass(4);
    expect(states.at(-1)).toMatchObject({ kind: "waiting", code: "ABC121", reached: true });
    expect(server.asked).toEqual(["POST /v1/displays -", "GET /v1/displays/d1 s1"]);
    await pass(9 * 60 + 40);
    expect(states.at(-1)).toMatchObject({ kind: "waiting", code: "ABC122" });
  });

  it("shows its office once it is claimed, and asks with its own token from then on", async () => {
    await claimed();
    expect(states.at(-1)).toEqual({ kind: "running", display: "d1", token: "t", office: "fornebu", name: "Resepsjonen", test: false, theme: null, layout: null });
    server.display = { claimed: true, office: { id: "oslo" }, theme: "light", layout: "map" };
    await pass(6);
    expect(server.asked.slice(-2)).toEqual(["POST /v1/displays/d1/heartbeat t", "GET /v1/displays/d1 t"]);
    await pass(60);
    expect(server.asked.slice(-2)).toEqual(["POST /v1/displays/d1/heartbeat t", "GET /v1/displays/d1 t"]);
    expect(server.bodies).toContainEqual({ version: "1" });
    expect(states.at(-1)).toMatchObject({ kind: "running", office: "oslo", theme: "light", layout: "map" });
  });

  it("starts with its office at once, with no network even", async () => {
    (await claimed()).stop();
    server.away = true;
    states = [];
    switchOn("d1");
    expect(states).toEqual([{ kind: "running", display: "d1", token: "t", office: "fornebu", name: "Resepsjonen", test: false, theme: null, layout: null }]);
    await pass(300);
    expect(states).toHaveLength(1);
  });

  it("does not leave its office because the server is busy or gone", async () => {
    await claimed();
    for (const status of [500, 503, 429]) {
      server.status = status;
      await pass(130);
    }
    server.away = true;
    await pass(130);
    expect(states.at(-1)).toMatchObject({ kind: "running" });
  });

  it.each([401, 403, 404])("goes back to pairing when it is revoked (%i)", async (status) => {
    await claimed();
    server.status = status;
    await pass(6);
    expect(states.at(-1)).toMatchObject({ kind: "waiting", code: "ABC122" });
    expect(store.get("smartreise.display")).not.toContain('"t"');
  });

  it("says when it cannot reach the service, and goes on when it can", async () => {
    server.away = true;
    switchOn();
    await pass(1);
    expect(states.at(-1)).toEqual({ kind: "starting", reached: false });
    server.away = false;
    await pass(60);
    expect(states.at(-1)).toMatchObject({ kind: "waiting", reached: true });
  });

  it("follows a request once, and none that was made before it was claimed", async () => {
    const pairing = switchOn();
    await pass(1);
    server.display = { claimed: true, token: "t", office: "fornebu", name: "Her", reload: 1, identify: null };
    await pass(4);
    expect(requests).toEqual([]);
    server.display = { ...server.display, reload: 2, identify: at("16:01") };
    await pairing.check();
    await pairing.check();
    expect(requests).toEqual(["identify Her", "reload"]);
  });

  it("does not take another display's token", async () => {
    (await claimed()).stop();
    server.display = { claimed: false };
    switchOn("d2");
    await pass(2);
    expect(states.at(-1)).toMatchObject({ kind: "waiting", code: "ABC122" });
  });

  it("speaks every language", () => {
    for (const texts of Object.values(DISPLAY_TEXTS)) expect(Object.keys(texts)).toEqual(Object.keys(DISPLAY_TEXTS.nb));
  });
});
