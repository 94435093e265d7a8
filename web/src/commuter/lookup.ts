/** Places for what is being typed: asked for once the typing rests, the last question alone answered. */

import type { ReactiveController, ReactiveControllerHost } from "lit";
import { listPlaces } from "../api";
import type { Place } from "../wire";

const TYPING_MS = 150;

export class LookupController implements ReactiveController {
  places: { end: "from" | "to"; found: Place[] } | null = null;
  private typing = 0;
  private asked: AbortController | null = null;

  constructor(private readonly host: ReactiveControllerHost) {
    host.addController(this);
  }

  hostDisconnected(): void {
    this.clear();
  }

  /** @param near what is nearer to it comes first */
  typed(end: "from" | "to", text: string, near: { lat: number; lon: number } | null): void {
    clearTimeout(this.typing);
    this.asked?.abort();
    if (text.trim() === "") this.show(null);
    else this.typing = window.setTimeout(() => void this.ask(end, text.trim(), near), TYPING_MS);
  }

  clear(): void {
    clearTimeout(this.typing);
    this.asked?.abort();
    this.show(null);
  }

  private async ask(end: "from" | "to", text: string, near: { lat: number; lon: number } | null): Promise<void> {
    const asked = new AbortController();
    this.asked = asked;
    try {
      const found = await listPlaces(text, near, asked.signal);
      if (!asked.signal.aborted) this.show({ end, found });
    } catch {
      if (!asked.signal.aborted) this.show(null); // no connection: the page says so above the list
    }
  }

  private show(places: { end: "from" | "to"; found: Place[] } | null): void {
    if (places === this.places) return;
    this.places = places;
    this.host.requestUpdate();
  }
}
