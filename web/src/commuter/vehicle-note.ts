/**
 * The vehicle on the map that somebody asked about, named beside its picture and for screen readers: by a click on it,
 * or from the keyboard. What a reader would get wrong: pictures on a map cannot be tabbed to, and hundreds of them
 * should not be; one key goes from each to the next nearest the middle.
 */

import { type Map as MapLibre, Marker } from "maplibre-gl";
import type { Vehicle } from "../wire";

export class VehicleNote {
  private readonly bubble = document.createElement("span");
  private readonly spoken = document.createElement("p");
  private readonly marker: Marker;
  private vehicles: readonly Vehicle[] = [];
  private chosen: string | null = null;

  constructor(
    private readonly map: MapLibre,
    container: HTMLElement,
    private readonly words: (vehicle: Vehicle) => string,
  ) {
    this.bubble.className = "map-vehicle";
    this.bubble.setAttribute("aria-hidden", "true"); // said by the live region
    this.marker = new Marker({ element: this.bubble, anchor: "bottom", offset: [0, -14] });
    this.spoken.className = "map-spoken";
    this.spoken.setAttribute("role", "status");
    container.append(this.spoken);
  }

  /** The vehicles as they now stand: the note goes with its own, and goes away with it. */
  follow(vehicles: readonly Vehicle[]): void {
    this.vehicles = vehicles;
    if (this.chosen === null) return;
    const vehicle = vehicles.find(({ id }) => id === this.chosen);
    if (vehicle) this.marker.setLngLat([vehicle.lon, vehicle.lat]);
    else this.close();
  }

  choose(id: string): void {
    const vehicle = this.vehicles.find((each) => each.id === id);
    if (!vehicle) return;
    const text = this.words(vehicle);
    this.chosen = id;
    this.bubble.textContent = text;
    this.spoken.textContent = text;
    this.marker.setLngLat([vehicle.lon, vehicle.lat]).addTo(this.map);
  }

  /** @param by 1: the next one, from the middle of the map outwards; -1: the one before */
  step(by: 1 | -1): void {
    const { lat, lng } = this.map.getCenter();
    const narrow = Math.cos((lat * Math.PI) / 180);
    const away = ({ lat: y, lon: x }: Vehicle): number => Math.hypot(y - lat, (x - lng) * narrow);
    const seen = this.vehicles.filter(({ lat: y, lon: x }) => this.map.getBounds().contains([x, y]));
    const order = seen.sort((left, right) => away(left) - away(right));
    const at = order.findIndex(({ id }) => id === this.chosen);
    const next = at < 0 ? (by > 0 ? 0 : order.length - 1) : (at + by + order.length) % order.length;
    if (order[next]) this.choose(order[next].id);
  }

  close(): void {
    this.chosen = null;
    this.spoken.textContent = "";
    this.marker.remove();
  }
}
