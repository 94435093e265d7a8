/**
 * The map: the feed's own line shapes on a hand-drawn ground, the chosen journey, vehicles and a few names. No tiles,
 * no glyphs, no sprites: nothing is asked of any other server. Names are HTML, vehicles are drawn on canvases.
 */

import "maplibre-gl/dist/maplibre-gl.css";
import type { FeatureCollection } from "geojson";
import { type GeoJSONSource, LngLatBounds, Map as MapLibre, Marker, type PointLike, setWorkerUrl, type SymbolLayerSpecification } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import { findJson } from "../api";
import { badgeColors } from "../core/color";
import { decodePolyline } from "../core/polyline";
import { addGround, type Paint } from "./ground";
import { VehicleNote } from "./vehicle-note";
import type { Leg, OfficeItem, Suggestion, Vehicle } from "../wire";

setWorkerUrl(workerUrl);

type Features = FeatureCollection;

export interface MapEnds {
  from: { lat: number; lon: number; name: string } | null;
  to: { lat: number; lon: number; name: string } | null;
}

export interface MapTold {
  picked(lat: number, lon: number): void;
  moved(bbox: string): void;
  office(id: string): void;
}

export interface MapWords {
  map: string;
  zoomIn: string;
  zoomOut: string;
  /** a vehicle in words, where the map shows any */
  vehicle?: (vehicle: Vehicle) => string;
}

const EMPTY: Features = { type: "FeatureCollection", features: [] };
const START: [number, number] = [10.66, 59.912];
const RATIO = 2;

export class JourneyMap {
  private readonly map: MapLibre;
  private readonly ready: Promise<void>;
  private readonly names: Marker[] = [];
  private readonly offices: Marker[] = [];
  private readonly note: VehicleNote;
  private ends: Marker[] = [];
  private shown = "";
  private readonly paints: Paint[] = [
    { layer: "ground", property: "background-color", color: "--map-ground" },
    { layer: "journey-casing", property: "line-color", color: "--map-casing" },
    { layer: "journey-own", property: "line-color", color: "--map-own" },
  ];

  constructor(
    private readonly container: HTMLElement,
    private readonly told: MapTold,
    words: MapWords,
    private readonly padding: () => { top: number; bottom: number; left: number; right: number },
  ) {
    this.map = new MapLibre({
      container,
      center: START,
      zoom: 11,
      minZoom: 4,
      maxZoom: 17,
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      fadeDuration: 0,
      style: { version: 8, sources: {}, layers: [{ id: "ground", type: "background", paint: { "background-color": color("--map-ground") } }] },
    });
    this.map.getCanvas().setAttribute("aria-label", words.map);
    this.map.getCanvas().addEventListener("keydown", (event) => {
      if (event.key === "Enter") {
        const { lat, lng } = this.map.getCenter();
        this.told.picked(lat, lng);
      } else if (event.key.toLowerCase() === "v") this.note.step(event.shiftKey ? -1 : 1);
      else if (event.key === "Escape") this.note.close();
    });
    this.note = new VehicleNote(this.map, container, words.vehicle ?? (({ line }) => line?.name ?? ""));
    this.addButtons(words);
    this.map.touchZoomRotate.disableRotation();
    this.container.dataset.state = "busy";
    this.map.on("idle", () => {
      if (this.map.getSource("journey")) this.container.dataset.state = "idle";
    });
    this.map.on("click", (event) => {
      const id = this.vehicleAt(event.point);
      if (id !== null) return this.note.choose(id);
      this.note.close();
      this.told.picked(event.lngLat.lat, event.lngLat.lng);
    });
    this.map.on("moveend", () => this.told.moved(this.bbox()));
    this.ready = new Promise<void>((resolve) => this.map.once("load", () => resolve())).then(() => this.prepare());
  }

  /** west,south,east,north, rounded outwards so that small moves ask for the same. */
  private bbox(): string {
    const bounds = this.map.getBounds();
    const [west, south, east, north] = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
    const down = (value: number): string => (Math.floor(value * 50) / 50).toFixed(2);
    const up = (value: number): string => (Math.ceil(value * 50) / 50).toFixed(2);
    return [down(west), down(south), up(east), up(north)].join(",");
  }

  private async prepare(): Promise<void> {
    const { map } = this;
    const [ground, network] = await Promise.all([addGround(map, color), findJson<Features>("/v1/network")]);
    this.paints.push(...ground.paints);
    if (ground.attribution) this.credit(ground.attribution);
    map.addSource("network", { type: "geojson", data: painted(network ?? EMPTY) });
    map.addSource("journey", { type: "geojson", data: EMPTY });
    map.addSource("vehicles", { type: "geojson", data: EMPTY });
    map.addLayer({
      id: "network",
      type: "line",
      source: "network",
      layout: { "line-cap": "round", "line-join": "round" },
      paint: {
        "line-color": ["get", "paint"],
        "line-width": ["interpolate", ["linear"], ["zoom"], 9, 1, 13, 3, 16, 5],
        "line-opacity": 0.5,
      },
    });
    map.addLayer({
      id: "journey-casing",
      type: "line",
      source: "journey",
      filter: ["!=", ["get", "own"], true],
      layout: { "line-cap": "round", "line-join": "round" },
      paint: { "line-color": color("--map-casing"), "line-width": 12 },
    });
    map.addLayer({
      id: "journey-own",
      type: "line",
      source: "journey",
      filter: ["==", ["get", "own"], true],
      layout: { "line-cap": "round", "line-join": "round" },
      paint: { "line-color": color("--map-own"), "line-width": 5, "line-dasharray": [0.01, 1.9] },
    });
    map.addLayer({
      id: "journey-ride",
      type: "line",
      source: "journey",
      filter: ["!=", ["get", "own"], true],
      layout: { "line-cap": "round", "line-join": "round" },
      paint: { "line-color": ["get", "paint"], "line-width": 7 },
    });
    map.addLayer(vehicleLayer("vehicles", false));
    map.addLayer(vehicleLayer("ridden", true));
    if (network && this.shown === "" && this.offices.length === 0) this.fit(boundsOf(network), false);
    this.told.moved(this.bbox());
  }

  /** @param rides the chosen journey's; vehicles of its lines alone are drawn then, and the ones it rides stand out */
  async showVehicles(vehicles: readonly Vehicle[], rides: readonly Leg[]): Promise<void> {
    await this.ready;
    const lines = new Set(rides.map((leg) => leg.line?.id));
    const trips = new Set(rides.map((leg) => leg.trip_id).filter(Boolean));
    const shown = rides.length > 0 ? vehicles.filter((vehicle) => lines.has(vehicle.line?.id)) : vehicles;
    const features = shown.map((vehicle) => ({
      type: "Feature" as const,
      properties: {
        id: vehicle.id,
        image: this.vehicleImage(vehicle),
        faint: rides.length > 0,
        ridden: vehicle.trip_id !== null && trips.has(vehicle.trip_id),
      },
      geometry: { type: "Point" as const, coordinates: [vehicle.lon, vehicle.lat] },
    }));
    this.source("vehicles").setData({ type: "FeatureCollection", features });
    this.note.follow(shown);
  }

  /** Id of the vehicle whose picture is there. */
  private vehicleAt(point: PointLike): string | null {
    if (!this.map.getLayer("ridden")) return null;
    const [feature] = this.map.queryRenderedFeatures(point, { layers: ["ridden", "vehicles"] });
    return (feature?.properties["id"] as string | undefined) ?? null;
  }

  async showOffices(offices: readonly OfficeItem[]): Promise<void> {
    await this.ready;
    const bounds = new LngLatBounds();
    for (const marker of this.offices.splice(0)) marker.remove();
    for (const office of offices) {
      bounds.extend([office.lon, office.lat]);
      const button = document.createElement("button");
      button.type = "button";
      button.className = "map-office";
      button.textContent = office.name;
      button.addEventListener("click", (event) => {
        event.stopPropagation();
        this.told.office(office.id);
      });
      button.hidden = this.shown !== "";
      this.offices.push(new Marker({ element: button, anchor: "left", offset: [-6, 0] }).setLngLat([office.lon, office.lat]).addTo(this.map));
    }
    if (this.shown === "") this.fit(bounds, false);
  }

  async showEnds(ends: MapEnds): Promise<void> {
    await this.ready;
    for (const marker of this.ends) marker.remove();
    this.ends = (["from", "to"] as const).flatMap((end) => {
      const place = ends[end];
      if (!place) return [];
      const dot = document.createElement("span");
      dot.className = `map-end ${end}`;
      return [new Marker({ element: dot }).setLngLat([place.lon, place.lat]).addTo(this.map)];
    });
  }

  /** Draws a journey; the view moves only when it is another one than before. */
  async showJourney(suggestion: Suggestion | null): Promise<void> {
    await this.ready;
    const legs = suggestion?.legs ?? [];
    const features = legs.map((leg) => ({
      type: "Feature" as const,
      properties: { own: leg.line === undefined, paint: legColor(leg) },
      geometry: { type: "LineString" as const, coordinates: legPath(leg) },
    }));
    const data: Features = { type: "FeatureCollection", features };
    this.container.dataset.state = "busy"; // until the map comes to rest with it
    this.source("journey").setData(data);
    this.showNames(legs);
    for (const marker of this.offices) marker.getElement().hidden = suggestion !== null;
    this.map.setPaintProperty("network", "line-opacity", suggestion ? 0.22 : 0.55);
    if (suggestion && suggestion.id !== this.shown) this.fit(boundsOf(data), true);
    this.shown = suggestion?.id ?? "";
  }

  /** The colours of another theme. */
  repaint(): void {
    void this.ready.then(() => {
      for (const { layer, property, color: name } of this.paints) {
        this.map.setPaintProperty(layer, property as "line-color", color(name));
      }
    });
  }

  /** Whose tiles these are. */
  private credit(text: string): void {
    const note = document.createElement("small");
    note.className = "map-credit";
    note.textContent = text;
    this.container.append(note);
  }

  remove(): void {
    this.map.remove();
  }

  private addButtons(words: MapWords): void {
    const box = document.createElement("div");
    box.className = "map-zoom";
    const steps = [
      ["+", words.zoomIn, () => this.map.zoomIn()],
      ["−", words.zoomOut, () => this.map.zoomOut()],
    ] as const;
    for (const [sign, label, act] of steps) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = sign;
      button.setAttribute("aria-label", label);
      button.addEventListener("click", act);
      box.append(button);
    }
    this.container.append(box);
  }

  private showNames(legs: readonly Leg[]): void {
    for (const marker of this.names.splice(0)) marker.remove();
    const seen = new Set<string>();
    for (const leg of legs.filter((ride) => ride.line !== undefined)) {
      for (const place of [leg.from, leg.to]) {
        if (seen.has(place.name)) continue;
        seen.add(place.name);
        const name = document.createElement("span");
        name.className = "map-name";
        name.textContent = place.name;
        name.ariaHidden = "true"; // the list beside the map says it in its order
        this.names.push(new Marker({ element: name, anchor: "left" }).setLngLat([place.lon, place.lat]).addTo(this.map));
      }
    }
  }

  private fit(bounds: LngLatBounds, calm: boolean): void {
    if (bounds.isEmpty()) return;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches || !calm;
    this.map.fitBounds(bounds, { padding: this.padding(), maxZoom: 14.5, duration: still ? 0 : 700 });
  }

  private source(id: string): GeoJSONSource {
    return this.map.getSource(id) as GeoJSONSource;
  }

  /** A line's badge as a picture, drawn once per line: names need no glyphs from anywhere. */
  private vehicleImage(vehicle: Vehicle): string {
    const colors = badgeColors(vehicle.line?.color ?? null, vehicle.line?.text_color ?? null, vehicle.line?.mode ?? "bus");
    const name = vehicle.line?.name ?? "";
    const id = `vehicle-${name}-${colors.ground}`;
    if (this.map.hasImage(id)) return id;
    const picture = drawBadge(name, colors.ground, colors.ink);
    if (picture) this.map.addImage(id, picture, { pixelRatio: RATIO });
    return id;
  }
}

/** One's own vehicles lie above all; the others give way to each other. */
function vehicleLayer(id: string, ridden: boolean): SymbolLayerSpecification {
  return {
    id,
    type: "symbol",
    source: "vehicles",
    filter: ["==", ["get", "ridden"], ridden],
    layout: {
      "icon-image": ["get", "image"],
      "icon-allow-overlap": ridden,
      "icon-ignore-placement": ridden,
      "icon-padding": 0,
      "icon-size": ridden ? 1.15 : ["interpolate", ["linear"], ["zoom"], 10, 0.62, 13, 0.9],
    },
    paint: { "icon-opacity": ridden ? 1 : ["case", ["get", "faint"], 0.55, 1] },
  };
}

/** @param ratio pixels of the picture for one of the page */
export function drawBadge(name: string, ground: string, ink: string, ratio = RATIO): ImageData | null {
  const context = document.createElement("canvas").getContext("2d");
  if (!context) return null;
  const font = `700 ${13 * ratio}px "Inter Variable", sans-serif`;
  context.font = font;
  const height = 22 * ratio;
  const width = Math.ceil(Math.max(height, context.measureText(name).width + 12 * ratio));
  context.canvas.width = width;
  context.canvas.height = height;
  context.font = font; // a resized canvas forgets
  context.fillStyle = "#ffffff";
  context.beginPath();
  context.roundRect(0, 0, width, height, height / 2);
  context.fill();
  context.fillStyle = ground;
  context.beginPath();
  context.roundRect(2 * ratio, 2 * ratio, width - 4 * ratio, height - 4 * ratio, height / 2);
  context.fill();
  context.fillStyle = ink;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(name, width / 2, height / 2 + ratio * 0.7);
  return context.getImageData(0, 0, width, height);
}

function legPath(leg: Leg): [number, number][] {
  if (leg.geometry) return decodePolyline(leg.geometry);
  return [
    [leg.from.lon, leg.from.lat],
    [leg.to.lon, leg.to.lat],
  ];
}

function legColor(leg: Leg): string {
  return badgeColors(leg.line?.color ?? null, null, leg.mode).ground;
}

export function painted(network: Features): Features {
  const features = network.features.map((feature) => {
    const { color: given, mode } = (feature.properties ?? {}) as { color?: string | null; mode?: string };
    return { ...feature, properties: { paint: badgeColors(given ?? null, null, mode ?? "bus").ground } };
  });
  return { ...network, features };
}

function boundsOf(data: Features): LngLatBounds {
  const bounds = new LngLatBounds();
  const extend = (value: unknown): void => {
    if (!Array.isArray(value)) return;
    if (typeof value[0] === "number") bounds.extend(value as [number, number]);
    else value.forEach(extend);
  };
  for (const feature of data.features) extend((feature.geometry as { coordinates?: unknown }).coordinates);
  return bounds;
}

function color(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
