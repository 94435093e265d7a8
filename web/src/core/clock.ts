/**
 * What time the server has. The device's own clock may be minutes wrong, so it is never asked while frames come:
 * the offset is measured between each frame's `server_time` and a monotonic timer.
 */

import { zoneOffsetAt } from "./time";

/** A sample older than this no longer counts: two clocks drift. */
const SAMPLE_LIFE_MS = 5 * 60_000;
/** A jump larger than this is a new truth (the machine slept, the server's clock was set), not delay on the wire. */
const JUMP_MS = 3_000;

interface Sample {
  offset: number;
  at: number;
}

export class ServerClock {
  /** IANA name of the region's zone; null until something told it. */
  timezone: string | null = null;
  /** Wall time minus UTC in the region as the last server time had it, minutes, and when that was. */
  private told = { offsetMin: 0, at: Number.NaN };
  private samples: Sample[] = [];
  private offset: number | null = null;

  /** @param monotonic milliseconds that only ever grow, whatever the device's clock does */
  constructor(private readonly monotonic: () => number) {}

  get known(): boolean {
    return this.offset !== null;
  }

  /** Epoch milliseconds on the server's clock; NaN until anything is known. */
  now(): number {
    return this.offset === null ? Number.NaN : this.monotonic() + this.offset;
  }

  /** Learn from a frame. A frame is late by its way here, so the largest recent offset is nearest the truth. */
  observe(serverTime: string): void {
    const at = this.monotonic();
    const offset = Date.parse(serverTime) - at;
    if (Number.isNaN(offset)) return;
    this.told = { offsetMin: zoneOffsetMinutes(serverTime), at: Date.parse(serverTime) };
    if (this.offset !== null && Math.abs(offset - this.offset) > JUMP_MS) this.samples = [];
    this.samples = this.samples.filter((sample) => at - sample.at < SAMPLE_LIFE_MS && sample.offset > offset);
    this.samples.push({ offset, at });
    this.offset = this.samples[0]?.offset ?? offset;
  }

  /** Before the first frame: go on from what was held, corrected by how wrong the device was then. */
  assume(epochMs: number, zoneOffsetMin: number, timezone: string | null = null): void {
    if (this.known) return;
    this.offset = epochMs - this.monotonic();
    this.told = { offsetMin: zoneOffsetMin, at: Number.NaN };
    this.timezone = timezone;
  }

  /** Wall time minus UTC in the region now, minutes. */
  get zoneOffsetMin(): number {
    return this.offsetAt(this.now());
  }

  /**
   * Wall time minus UTC in the region at an instant, minutes: without a connection clocks change all the same. A
   * device whose own tables do not agree with what the server last said knows an older law: then the server's word
   * stands.
   */
  offsetAt(epochMs: number): number {
    const { offsetMin, at } = this.told;
    if (this.timezone === null || Number.isNaN(epochMs)) return offsetMin;
    if (!Number.isNaN(at) && zoneOffsetAt(at, this.timezone) !== offsetMin) return offsetMin;
    return zoneOffsetAt(epochMs, this.timezone) ?? offsetMin;
  }

  /** Learn the zone from an answer that names it. */
  learn(answer: unknown): void {
    const { timezone } = (answer ?? {}) as { timezone?: unknown };
    if (typeof timezone === "string") this.timezone = timezone;
  }
}

/** The offset that an ISO instant is written with, minutes east of UTC. */
export function zoneOffsetMinutes(iso: string): number {
  const match = /([+-])(\d\d):?(\d\d)$/.exec(iso);
  if (!match) return 0;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  return match[1] === "-" ? -minutes : minutes;
}
