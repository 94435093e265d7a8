/** The map on the screen: where the walk goes and what comes. Its code is loaded only where an office wants a map. */

import type { ReactiveController, ReactiveControllerHost } from "lit";
import { type Live, TopicController } from "../live";
import type { OfficeItem, OfficeView, Vehicles } from "../wire";
import type { LobbyMap, Walk } from "./map";
import { type DestinationRows, isTimetabled } from "./model";

/** Vehicles this far around the office are asked for, degrees. */
const AROUND_LAT = 0.03;
const AROUND_LON = 0.06;

export class MapPanel implements ReactiveController {
  private readonly vehicles: TopicController<Vehicles>;
  private readonly holder = document.createElement("div");
  private map: LobbyMap | null = null;
  private loading = false;
  private theme = "";
  private drawn = "";
  private shownVehicles: Vehicles | null = null;

  constructor(
    private readonly host: ReactiveControllerHost & HTMLElement,
    live: Live,
  ) {
    this.vehicles = new TopicController<Vehicles>(host, live);
    this.holder.slot = "map";
    this.holder.className = "lobby-map";
    host.addController(this);
  }

  hostConnected(): void {}

  hostDisconnected(): void {
    this.end();
  }

  /** @param view null where there is to be no map; @param cards whose walks are drawn */
  follow(view: OfficeView | null, cards: readonly DestinationRows[], theme: string): void {
    if (!view || (this.theme !== "" && this.theme !== theme)) this.end();
    if (!view) return;
    this.theme = theme;
    const { office } = view;
    if (!this.holder.isConnected) this.host.append(this.holder);
    this.vehicles.watch("vehicles", { bbox: around(office) });
    if (!this.map) return void this.load(office);
    const walks = walksOf(cards);
    const stops = view.boards.map(({ stop }) => stop);
    const drawn = JSON.stringify([walks.map(({ id }) => id), stops.map(({ id }) => id)]);
    if (drawn !== this.drawn) this.map.show(walks, stops);
    this.drawn = drawn;
    const { data } = this.vehicles;
    // Where vehicles are is real time: without a connection nobody knows.
    const known = this.vehicles.state.link === "open" ? data : null;
    if (known !== this.shownVehicles) this.map.showVehicles(known?.vehicles ?? []);
    this.shownVehicles = known;
  }

  private async load(office: OfficeItem): Promise<void> {
    if (this.loading) return;
    this.loading = true;
    try {
      const { LobbyMap } = await import("./map");
      if (!this.holder.isConnected) return;
      this.map = new LobbyMap(this.holder, office);
      this.drawn = "";
      this.shownVehicles = null;
      this.host.requestUpdate();
    } catch {
      // No network now, or no graphics: the panel stays empty, all else is there. The next minute tries again.
      await new Promise((resolve) => setTimeout(resolve, 60_000));
    } finally {
      this.loading = false;
    }
  }

  private end(): void {
    this.map?.remove();
    this.map = null;
    this.theme = "";
    this.holder.remove();
    this.vehicles.watch("vehicles", null);
  }
}

/** The ways on foot or wheels from the office to the first vehicle of each best suggestion. */
function walksOf(cards: readonly DestinationRows[]): Walk[] {
  return cards.flatMap((card) => {
    const best = card.options.find((option) => option.suggestion.legs.some(isTimetabled))?.suggestion;
    if (!best) return [];
    const ride = best.legs.findIndex(isTimetabled);
    const boarding = best.legs[ride]!;
    return [{ id: `${best.id}`, legs: best.legs.slice(0, ride), stop: boarding.from, line: boarding.line ?? null }];
  });
}

function around({ lat, lon }: OfficeItem): string {
  const round = (value: number): string => value.toFixed(2);
  return [lon - AROUND_LON, lat - AROUND_LAT, lon + AROUND_LON, lat + AROUND_LAT].map(round).join();
}
