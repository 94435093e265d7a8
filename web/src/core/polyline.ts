/** Encoded polylines (precision 5) to [lon, lat] pairs, the order GeoJSON wants. */
export function decodePolyline(text: string): [number, number][] {
  const points: [number, number][] = [];
  let position = 0;
  let lat = 0;
  let lon = 0;
  const step = (): number => {
    let value = 0;
    let shift = 0;
    let byte: number;
    do {
      byte = text.charCodeAt(position++) - 63;
      value |= (byte & 0x1f) << shift;
      shift += 5;
    } while (byte >= 0x20);
    return value & 1 ? ~(value >> 1) : value >> 1;
  };
  while (position < text.length) {
    lat += step();
    lon += step();
    points.push([lon / 1e5, lat / 1e5]);
  }
  return points;
}
