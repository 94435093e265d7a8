/**
 * What the lines are drawn on: land and water of the region's own, or the tiles that the region names (pictures, or a
 * PMTiles archive of pictures or vector tiles). Vector tiles are drawn without names: names need glyphs from somewhere.
 */

import type { FeatureCollection } from "geojson";
import { addProtocol, type LayerSpecification, type Map as MapLibre } from "maplibre-gl";
import { findJson } from "../api";

interface Tiles {
  tiles: string | null;
  pmtiles: string | null;
  attribution: string | null;
}

/** A colour of the page's theme in a layer. */
export interface Paint {
  layer: string;
  property: string;
  color: string;
}

/** Layers of vector tiles by what they hold, in the words of OpenMapTiles and of Protomaps. */
const AREAS: readonly [string, readonly string[]][] = [
  ["--map-green", ["landcover", "park", "landuse"]],
  ["--map-water", ["water"]],
  ["--map-building", ["building", "buildings"]],
];
const STROKES: readonly [string, readonly string[], number][] = [
  ["--map-water", ["waterway"], 1],
  ["--map-road", ["transportation", "roads"], 1.2],
];
const GREEN = ["in", ["coalesce", ["get", "class"], ["get", "kind"], ""], ["literal", ["wood", "forest", "park", "grass", "garden", "cemetery", "nature_reserve", "recreation_ground", "golf_course", "pitch", "wetland"]]];
const MVT = 1;

/** Draws it; returns the colours to repaint with another theme, and who is to be named. */
export async function addGround(map: MapLibre, colorOf: (name: string) => string): Promise<{ paints: Paint[]; attribution: string }> {
  const tiles = await findJson<Tiles>("/v1/map");
  const attribution = tiles?.attribution ?? "";
  try {
    if (tiles?.tiles) return { paints: addPictures(map, { tiles: [tiles.tiles] }), attribution };
    if (tiles?.pmtiles) return { paints: await addArchive(map, new URL(tiles.pmtiles, location.href).href, colorOf), attribution };
  } catch (fault) {
    console.warn("tiles cannot be shown", fault); // the region's own land and water still can
  }
  return { paints: await addBasemap(map, colorOf), attribution: "" };
}

async function addBasemap(map: MapLibre, colorOf: (name: string) => string): Promise<Paint[]> {
  const data = (await findJson<FeatureCollection>("/v1/basemap")) ?? { type: "FeatureCollection", features: [] };
  map.addSource("basemap", { type: "geojson", data });
  const filter: ["==", ...unknown[]] = ["==", ["geometry-type"], "Polygon"];
  map.addLayer({ id: "water", type: "fill", source: "basemap", filter, paint: { "fill-color": colorOf("--map-water") } } as LayerSpecification);
  return [{ layer: "water", property: "fill-color", color: "--map-water" }];
}

/** Pictures come in one set of colours: in the dark they are dimmed, in daylight paled, so that the lines stand out. */
function addPictures(map: MapLibre, source: { tiles: string[] } | { url: string }): Paint[] {
  const dark = document.documentElement.dataset["theme"] === "dark";
  map.addSource("tiles", { type: "raster", tileSize: 256, ...source });
  map.addLayer({
    id: "tiles",
    type: "raster",
    source: "tiles",
    paint: { "raster-saturation": -0.4, "raster-brightness-max": dark ? 0.45 : 1, "raster-opacity": 0.85 },
  });
  return [];
}

async function addArchive(map: MapLibre, address: string, colorOf: (name: string) => string): Promise<Paint[]> {
  const { PMTiles, Protocol } = await import("pmtiles");
  const archive = new PMTiles(address);
  const { tileType } = await archive.getHeader();
  const protocol = new Protocol();
  protocol.add(archive);
  addProtocol("pmtiles", protocol.tile);
  const url = `pmtiles://${address}`;
  if (tileType !== MVT) return addPictures(map, { url });
  const { vector_layers: held } = (await archive.getMetadata()) as { vector_layers?: { id: string }[] };
  map.addSource("tiles", { type: "vector", url });
  return addVectors(map, new Set((held ?? []).map(({ id }) => id)), colorOf);
}

function addVectors(map: MapLibre, held: ReadonlySet<string>, colorOf: (name: string) => string): Paint[] {
  const paints: Paint[] = [];
  const add = (id: string, type: "fill" | "line", color: string, more: object): void => {
    const property = `${type}-color`;
    const { paint, ...rest } = more as { paint?: object };
    const layer = { id: `tiles-${id}`, type, source: "tiles", "source-layer": id, paint: { [property]: colorOf(color), ...paint }, ...rest };
    map.addLayer(layer as unknown as LayerSpecification);
    paints.push({ layer: `tiles-${id}`, property, color });
  };
  for (const [color, ids] of AREAS) {
    for (const id of ids.filter((name) => held.has(name))) {
      const filter = color === "--map-green" ? { filter: ["all", ["==", ["geometry-type"], "Polygon"], GREEN] } : { filter: ["==", ["geometry-type"], "Polygon"] };
      add(id, "fill", color, { ...filter, ...(color === "--map-building" ? { minzoom: 14 } : {}) });
    }
  }
  for (const [color, ids, width] of STROKES) {
    const wide = ["interpolate", ["exponential", 1.6], ["zoom"], 8, width * 0.4, 14, width * 2, 17, width * 8];
    for (const id of ids.filter((name) => held.has(name))) add(id, "line", color, { paint: { "line-width": wide } });
  }
  return paints;
}
