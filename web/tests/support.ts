/** Drawn suggestions and departures, and a socket that the test holds the other end of. */

import type { SocketLike, Surroundings } from "../src/core/connection";
import type { ClientFrame, ServerFrame } from "../src/core/frames";
import type { Departure, Leg, OfficeView, Place, Suggestion } from "../src/wire";

/** "16:04" or "16:04:30" on the day of all tests, as the wire has it. */
export function at(time: string): string {
  return `2026-11-23T${time.length === 5 ? `${time}:00` : time}+01:00`;
}

export function ms(time: string): number {
  return Date.parse(at(time));
}

export function place(name: string): Place {
  return { name, lat: 59.9, lon: 10.6 };
}

export function ride(line: string, depart: string, arrive: string, mode = "bus"): Leg {
  return {
    ...walk(depart, arrive),
    mode,
    line: { id: line, name: line, mode, color: null, text_color: null },
  };
}

export function walk(depart: string, arrive: string): Leg {
  return {
    mode: "walk",
    from: place("her"),
    to: place("der"),
    depart: { scheduled: at(depart), expected: at(depart) },
    arrive: { scheduled: at(arrive), expected: at(arrive) },
    distance_m: 300,
    geometry: null,
  };
}

export function suggestion(id: string, legs: Leg[], change: Partial<Suggestion> = {}): Suggestion {
  const [leave, arrive] = [legs[0]!.depart.expected, legs.at(-1)!.arrive.expected];
  return {
    id,
    leave_at: leave,
    arrive_at: arrive,
    duration_s: (Date.parse(arrive) - Date.parse(leave)) / 1000,
    transfers: 0,
    walk_m: 300,
    bike_m: 0,
    co2_g: 100,
    car_co2_g: 2000,
    modes: legs.map((leg) => leg.mode),
    reach: "go",
    status: "ok",
    reason: null,
    legs,
    ...change,
  };
}

export function departure(id: string, scheduled: string, change: Partial<Departure> = {}): Departure {
  return {
    id,
    trip_id: id,
    service_date: "2026-11-23",
    line: { id: "31", name: "31", mode: "bus", color: "e60000", text_color: "ffffff" },
    headsign: "Grorud",
    stop_id: "q",
    quay: "A",
    scheduled: at(scheduled),
    expected: at(scheduled),
    delay_s: 0,
    realtime: true,
    cancelled: false,
    added: false,
    platform_changed: false,
    occupancy: null,
    wheelchair: null,
    alerts: [],
    walk_s: 300,
    leave_at: at(scheduled),
    reach: "go",
    ...change,
  };
}

export function officeView(departures: Departure[], suggestions: Suggestion[]): OfficeView {
  const stop = { id: "s", name: "IT Fornebu", lat: 59.9, lon: 10.6, platform: null, parent: null, modes: ["bus"], wheelchair: null };
  return {
    office: { id: "o", name: "Kontoret", lat: 59.9, lon: 10.6, languages: ["nb"], theme: "dark", destinations: [] },
    suggestions: [{ destination: place("Oslo S"), suggestions }],
    boards: [{ stop, departures, alerts: [], realtime: "fresh" }],
    mobility: [],
    alerts: [],
    feeds: [{ id: "rt", kind: "realtime", state: "fresh", since: null }],
    demo: true,
    attribution: [],
    region: "demo",
    timezone: "Europe/Oslo",
    public_url: null,
  };
}

/** A socket and timers under the test's hand. */
export class Bench implements Surroundings {
  sockets: FakeSocket[] = [];
  time = 0;
  private timers = new Map<number, { due: number; callback: () => void }>();
  private ids = 0;

  open(): SocketLike {
    const socket = new FakeSocket();
    this.sockets.push(socket);
    return socket;
  }

  setTimer(callback: () => void, delay: number): number {
    this.ids += 1;
    this.timers.set(this.ids, { due: this.time + delay, callback });
    return this.ids;
  }

  clearTimer(id: number): void {
    this.timers.delete(id);
  }

  random(): number {
    return 0.5;
  }

  /** Lets time pass, timers in their order. */
  pass(delay: number): void {
    const end = this.time + delay;
    for (;;) {
      const next = [...this.timers].filter(([, timer]) => timer.due <= end).sort((a, b) => a[1].due - b[1].due)[0];
      if (!next) break;
      this.timers.delete(next[0]);
      this.time = next[1].due;
      next[1].callback();
    }
    this.time = end;
  }

  get socket(): FakeSocket {
    return this.sockets.at(-1)!;
  }
}

export class FakeSocket implements SocketLike {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  onerror: (() => void) | null = null;
  sent: ClientFrame[] = [];
  closed = false;

  send(text: string): void {
    this.sent.push(JSON.parse(text) as ClientFrame);
  }

  close(): void {
    this.closed = true;
  }

  say(frame: ServerFrame): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }

  greet(): void {
    this.onopen?.();
    this.say({ type: "hello", server_time: at("16:00"), heartbeat_s: 10 });
  }

  asked(type: ClientFrame["type"]): ClientFrame[] {
    return this.sent.filter((frame) => frame.type === type);
  }
}
