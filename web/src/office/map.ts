/**
 * The neighbourhood: the lines' own shapes on a hand-drawn ground, the walks to the next vehicles, and the vehicles
 * themselves. Nobody touches it, and it asks nothing of any other server.
 */

import "maplibre-gl/dist/maplibre-gl.css";
import "../styles/map.css";
import "./map.css";
import type { FeatureCollection } from "geojson";
import { type GeoJSONSource, LngLatBounds, Map as MapLibre, Marker, setWorkerUrl } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import { findJson } from "../api";
import { drawBadge, painted } from "../commuter/map";
import { badgeColors } from "../core/color";
import { decodePolyline } from "../core/polyline";
import type { Leg, Line, OfficeItem, Place, Stop, Vehicle } from "../wire";

setWorkerUrl(workerUrl);

export interface Walk {
  id: string;
  legs: readonly Leg[];
  /** where the first vehicle is boarded */
  stop: Place;
  line: Line | null;
}

const EMPTY: FeatureCollection = { type: "FeatureCollection", features: [] };
const RATIO = 3;
/** No nearer and no farther than one can walk. */
const NEAREST = 15.4;
const FARTHEST = 12.5;

export class LobbyMap {
  private readonly map: MapLibre;
  private readonly ready: Promise<void>;
  private names: Marker[] = [];
  /** The bare ground is idle too, before there is anything on it. */
  private isShown = false;

  constructor(
    private readonly container: HTMLElement,
    private readonly office: OfficeItem,
  ) {
    this.map = new MapLibre({
      container,
      center: [office.lon, office.lat],
      zoom: 14,
      interactive: false,
      attributionControl: false,
      fadeDuration: 0,
      style: { version: 8, sources: {}, layers: [{ id: "ground", type: "background", paint: { "background-color": color("--map-ground") } }] },
    });
    const canvas = this.map.getCanvas();
    canvas.removeAttribute("tabindex");
    this.container.setAttribute("aria-hidden", "true"); // all of it stands in words beside it
    this.container.dataset["state"] = "busy";
    this.map.on("idle", () => {
      if (this.isShown) this.container.dataset["state"] = "idle";
    });
    this.ready = new Promise<void>((resolve) => this.map.once("load", () => resolve())).then(() => this.prepare());
    const here = document.createElement("span");
    here.className = "map-here";
    new Marker({ element: here }).setLngLat([office.lon, office.lat]).addTo(this.map);
  }

  async show(walks: readonly Walk[], stops: readonly Stop[]): Promise<void> {
    await this.ready;
    const features = walks.flatMap(({ legs }) =>
      legs.map((leg) => ({
        type: "Feature" as const,
        properties: {},
        geometry: { type: "LineString" as const, coordinates: path(leg) },
      })),
    );
    this.source("walks").setData({ type: "FeatureCollection", features });
    this.isShown = true;
    this.name(walks, stops);
    const bounds = new LngLatBounds([this.office.lon, this.office.lat], [this.office.lon, this.office.lat]);
    for (const stop of stops.slice(0, 2)) bounds.extend([stop.lon, stop.lat]);
    for (const { stop, legs } of walks) if (legs.every(({ mode }) => mode === "walk")) bounds.extend([stop.lon, stop.lat]);
    const camera = this.map.cameraForBounds(bounds, { padding: { top: 60, bottom: 60, left: 60, right: 160 } });
    const zoom = Math.min(NEAREST, Math.max(FARTHEST, camera?.zoom ?? 14));
    this.map.jumpTo({ center: camera?.center ?? [this.office.lon, this.office.lat], zoom });
  }

  async showVehicles(vehicles: readonly Vehicle[]): Promise<void> {
    await this.ready;
    const features = vehicles.map((vehicle) => ({
      type: "Feature" as const,
      properties: { image: this.image(vehicle.line) },
      geometry: { type: "Point" as const, coordinates: [vehicle.lon, vehicle.lat] },
    }));
    this.source("vehicles").setData({ type: "FeatureCollection", features });
  }

  remove(): void {
    this.map.remove();
  }

  private async prepare(): Promise<void> {
    const [ground, network] = await Promise.all([
      findJson<FeatureCollection>("/v1/basemap"),
      findJson<FeatureCollection>("/v1/network"),
    ]);
    const { map } = this;
    map.addSource("basemap", { type: "geojson", data: ground ?? EMPTY });
    map.addSource("network", { type: "geojson", data: painted(network ?? EMPTY) });
    map.addSource("walks", { type: "geojson", data: EMPTY });
    map.addSource("vehicles", { type: "geojson", data: EMPTY });
    map.addLayer({
      id: "water",
      type: "fill",
      source: "basemap",
      filter: ["==", ["geometry-type"], "Polygon"],
      paint: { "fill-color": color("--map-water") },
    });
    map.addLayer({
      id: "network",
      type: "line",
      source: "network",
      layout: { "line-cap": "round", "line-join": "round" },
      paint: { "line-color": ["get", "paint"], "line-width": 4, "line-opacity": 0.6 },
    });
    map.addLayer({
      id: "walks",
      type: "line",
      source: "walks",
      layout: { "line-cap": "round", "line-join": "round" },
      paint: { "line-color": color("--map-own"), "line-width": 8, "line-dasharray": [0.01, 1.9] },
    });
    map.addLayer({
      id: "vehicles",
      type: "symbol",
      source: "vehicles",
      layout: { "icon-image": ["get", "image"], "icon-allow-overlap": true },
    });
  }

  private name(walks: readonly Walk[], stops: readonly Stop[]): void {
    for (const marker of this.names.splice(0)) marker.remove();
    const places = new Map<string, { lat: number; lon: number }>();
    for (const stop of stops) places.set(stop.name, stop);
    for (const { stop } of walks) if (!places.has(stop.name)) places.set(stop.name, stop);
    for (const [text, { lat, lon }] of places) {
      const name = document.createElement("span");
      name.className = "map-name";
      name.textContent = text;
      this.names.push(new Marker({ element: name, anchor: "left" }).setLngLat([lon, lat]).addTo(this.map));
    }
  }

  private source(id: string): GeoJSONSource {
    return this.map.getSource(id) as GeoJSONSource;
  }

  private image(line: Line | null): string {
    const colors = badgeColors(line?.color ?? null, line?.text_color ?? null, line?.mode ?? "bus");
    const id = `vehicle-${line?.name ?? ""}-${colors.ground}`;
    if (this.map.hasImage(id)) return id;
    const picture = drawBadge(line?.name ?? "", colors.ground, colors.ink, RATIO);
    // Drawn at three to one and shown at two: large enough to be read from three metres.
    if (picture) this.map.addImage(id, picture, { pixelRatio: RATIO / 1.7 });
    return id;
  }
}

function path(leg: Leg): [number, number][] {
  if (leg.geometry) return decodePolyline(leg.geometry);
  return [
    [leg.from.lon, leg.from.lat],
    [leg.to.lon, leg.to.lat],
  ];
}

function color(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
