/**
 * The manners of a screen that nobody touches: it stays awake while it is on, spares its pixels, and starts anew once
 * a night. What a reader would get wrong: it loads itself again only when the server has just answered; a screen that
 * reloads into an error page is worse than an old one.
 */

import type { ReactiveController, ReactiveControllerHost } from "lit";
import { drift, isQuietTime } from "../core/pace";

const SCREEN_KEY = "smartreise.screen";
/** It has not been started anew within this time: do it at the next quiet minute. */
const LONG_MS = 2 * 3_600_000;
/** How far the picture moves, and how often: too little to notice, enough for the pixels. */
const SHIFT_PX = 3;
const SHIFT_MS = 3 * 60_000;
const ASK_MS = 60_000;
const ANSWER_MS = 8_000;

interface Lock {
  release(): Promise<void>;
}

export class Kiosk implements ReactiveController {
  private readonly screen = screenId();
  private lock: Lock | null = null;
  private locking = false;
  private awake = true;
  private asked = -Infinity;

  constructor(
    private readonly host: ReactiveControllerHost & HTMLElement,
    private readonly clock: { now(): number; zoneOffsetMin: number },
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    document.addEventListener("visibilitychange", this.relock);
    this.relock();
  }

  hostDisconnected(): void {
    document.removeEventListener("visibilitychange", this.relock);
    this.stayAwake(false);
  }

  /** Once a second. @param awake within the screen's hours */
  tick(awake: boolean): void {
    const now = this.clock.now();
    this.stayAwake(awake);
    const { x, y } = drift(now, SHIFT_MS);
    this.host.style.setProperty("--drift-x", `${x * SHIFT_PX}px`);
    this.host.style.setProperty("--drift-y", `${y * SHIFT_PX}px`);
    if (performance.now() > LONG_MS && isQuietTime(this.screen, now, this.clock.zoneOffsetMin)) void this.startAnew();
  }

  private async startAnew(): Promise<void> {
    if (performance.now() - this.asked < ASK_MS) return;
    this.asked = performance.now();
    try {
      const answer = await fetch("/readyz", { cache: "no-store", signal: AbortSignal.timeout(ANSWER_MS) });
      if (answer.ok) location.reload();
    } catch {
      // No answer: the old page goes on, and asks again in a minute.
    }
  }

  private stayAwake(awake: boolean): void {
    if (awake === this.awake) return;
    this.awake = awake;
    if (awake) return this.relock();
    void this.lock?.release();
    this.lock = null;
  }

  /** A lock ends whenever the page is hidden. */
  private readonly relock = (): void => {
    const { wakeLock } = navigator as Navigator & { wakeLock?: { request(kind: "screen"): Promise<Lock> } };
    if (!this.awake || this.locking || !wakeLock || document.visibilityState !== "visible") return;
    this.locking = true;
    wakeLock
      .request("screen")
      .then((lock) => (this.lock = lock))
      .catch(() => null) // low battery, or a policy: the device's own settings decide
      .finally(() => (this.locking = false));
  };
}

/** Which screen this is, for as long as its storage lasts. */
function screenId(): string {
  try {
    const known = localStorage.getItem(SCREEN_KEY);
    if (known) return known;
    const made = Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, "0")).join("");
    localStorage.setItem(SCREEN_KEY, made);
    return made;
  } catch {
    return ""; // no storage: one minute for all of them
  }
}
