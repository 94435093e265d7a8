/** What a page shows on its map, drawn when it has changed. The map is heavy and comes after the page. */

import type { Leg, OfficeItem, Suggestion, Vehicle } from "../wire";
import type { JourneyMap, MapEnds, MapTold, MapWords } from "./map";

export interface Scene {
  journey: Suggestion | null;
  /** null while none have come */
  vehicles: readonly Vehicle[] | null;
  ends: MapEnds;
  offices: readonly OfficeItem[];
}

const NOTHING_DRAWN = { journey: undefined, vehicles: null, focus: "", ends: "", offices: null };

export class MapView {
  private map: JourneyMap | null = null;
  private drawn: { journey: unknown; vehicles: unknown; focus: string; ends: string; offices: unknown } = { ...NOTHING_DRAWN };

  /** Without WebGL there is no map: its place is hidden, and the page does without. */
  async load(container: HTMLElement, told: MapTold, words: MapWords): Promise<void> {
    try {
      const { JourneyMap } = await import("./map");
      this.map = new JourneyMap(container, told, words, padding);
    } catch {
      container.hidden = true;
    }
  }

  async draw(scene: Scene): Promise<void> {
    const { map, drawn } = this;
    if (!map) return;
    const { journey, vehicles, ends, offices } = scene;
    if (offices !== drawn.offices) {
      drawn.offices = offices;
      await map.showOffices(offices);
    }
    if (journey !== drawn.journey) {
      drawn.journey = journey;
      await map.showJourney(journey);
    }
    const rides = (journey?.legs ?? []).filter((leg) => leg.line);
    const focus = rides.map(focusOf).join();
    if (vehicles && (vehicles !== drawn.vehicles || focus !== drawn.focus)) {
      Object.assign(drawn, { vehicles, focus });
      await map.showVehicles(vehicles, rides);
    }
    const text = JSON.stringify(ends);
    if (text !== drawn.ends) {
      drawn.ends = text;
      await map.showEnds(ends);
    }
  }

  /** Another theme has other colours. */
  repaint(): void {
    this.map?.repaint();
  }

  remove(): void {
    this.map?.remove();
    this.map = null;
  }
}

function focusOf(leg: Leg): string {
  return `${leg.line?.id}/${leg.trip_id}`;
}

function padding(): { top: number; bottom: number; left: number; right: number } {
  const phone = matchMedia("(max-width: 699px)").matches;
  return phone ? { top: 64, bottom: 110, left: 48, right: 132 } : { top: 80, bottom: 80, left: 80, right: 140 };
}
