import type { Bounds } from '../api/types.ts';

/** A place on the map after Mercator: 0 to 1 from west to east and from north to south. */
export interface WorldPoint {
  readonly x: number;
  readonly y: number;
}

/** What the map shows: its middle, and how often it was doubled. */
export interface MapView extends WorldPoint {
  readonly zoom: number;
}

export interface MapSize {
  readonly width: number;
  readonly height: number;
}

/** The earth at zoom 0, in CSS pixels. */
const WORLD_PX = 256;
const LEAST_ZOOM = 0;
const MOST_ZOOM = 15;
const FIT_ZOOM = 5.5;
/** Farther north and south the map ends. */
const MOST_LATITUDE = 85.05;

export function toWorld(longitude: number, latitude: number): WorldPoint {
  const clipped = Math.max(-MOST_LATITUDE, Math.min(MOST_LATITUDE, latitude));
  const y = Math.log(Math.tan(Math.PI / 4 + (clipped * Math.PI) / 360)) / (2 * Math.PI);
  return { x: longitude / 360 + 0.5, y: 0.5 - y };
}

export function toDegrees({ x, y }: WorldPoint): { readonly longitude: number; readonly latitude: number } {
  const latitude = (Math.atan(Math.exp((0.5 - y) * 2 * Math.PI)) * 360) / Math.PI - 90;
  return { longitude: (x - 0.5) * 360, latitude };
}

/** CSS pixels of the whole earth. */
export function worldPx(zoom: number): number {
  return WORLD_PX * 2 ** zoom;
}

/** Where a place stands in the view, in CSS pixels; of the copies of the earth side by side, in the nearest one. */
export function toScreen(view: MapView, { width, height }: MapSize, point: WorldPoint): WorldPoint {
  const scale = worldPx(view.zoom);
  let across = point.x - view.x;
  across -= Math.round(across);
  return { x: width / 2 + across * scale, y: height / 2 + (point.y - view.y) * scale };
}

/** The view with its middle on the earth, no farther out than it fills the height. */
export function settle({ x, y, zoom }: MapView, { height }: MapSize): MapView {
  const least = Math.max(LEAST_ZOOM, Math.log2(Math.max(1, height) / WORLD_PX));
  const settled = Math.max(least, Math.min(MOST_ZOOM, zoom));
  const half = height / 2 / worldPx(settled);
  return { x: x - Math.floor(x), y: Math.max(half, Math.min(1 - half, y)), zoom: settled };
}

export function panMap(view: MapView, size: MapSize, dx: number, dy: number): MapView {
  const scale = worldPx(view.zoom);
  return settle({ ...view, x: view.x - dx / scale, y: view.y - dy / scale }, size);
}

/** What is at this pixel stays there. */
export function zoomMap(view: MapView, size: MapSize, by: number, at?: WorldPoint): MapView {
  const { x, y } = at ?? { x: size.width / 2, y: size.height / 2 };
  const next = settle({ ...view, zoom: view.zoom + by }, size);
  const [before, after] = [worldPx(view.zoom), worldPx(next.zoom)];
  const across = (x - size.width / 2) * (1 / before - 1 / after);
  const down = (y - size.height / 2) * (1 / before - 1 / after);
  return settle({ ...next, x: view.x + across, y: view.y + down }, size);
}

/** All of these in sight, with some space around, and no closer than that outlines of countries tell where it is. */
export function fitMap(all: Bounds, size: MapSize): MapView {
  const [a, b] = [toWorld(all.west, all.north), toWorld(all.east, all.south)];
  const wide = b.x < a.x ? b.x + 1 - a.x : b.x - a.x;
  const share = 0.72;
  const zoom = Math.min(
    Math.log2((size.width * share) / WORLD_PX / Math.max(wide, 1e-9)),
    Math.log2((size.height * share) / WORLD_PX / Math.max(b.y - a.y, 1e-9)),
    FIT_ZOOM,
  );
  return settle({ x: a.x + wide / 2, y: (a.y + b.y) / 2, zoom }, size);
}

/** What is in sight, and so much of it beyond each side. */
export function boundsOf(view: MapView, { width, height }: MapSize, beyond = 0): Bounds {
  const scale = worldPx(view.zoom);
  const [across, down] = [(width / scale) * (0.5 + beyond), (height / scale) * (0.5 + beyond)];
  const north = toDegrees({ x: 0, y: Math.max(0, view.y - down) }).latitude;
  const south = toDegrees({ x: 0, y: Math.min(1, view.y + down) }).latitude;
  if (across >= 0.5) return { south, west: -180, north, east: 180 };
  const turn = (x: number): number => toDegrees({ x: x - Math.floor(x), y: 0 }).longitude;
  return { south, west: turn(view.x - across), north, east: turn(view.x + across) };
}

export function joinBounds(a: Bounds, b: Bounds): Bounds {
  return {
    south: Math.min(a.south, b.south),
    west: Math.min(a.west, b.west),
    north: Math.max(a.north, b.north),
    east: Math.max(a.east, b.east),
  };
}

/** As a chip: a little wider than the bounds, so that what lies on them is in it. */
export function toBoxChip({ south, west, north, east }: Bounds): string {
  const down = (value: number): number => Math.floor(value * 1e4) / 1e4;
  const up = (value: number): number => Math.ceil(value * 1e4) / 1e4;
  const numbers = [
    Math.max(-90, down(south)),
    Math.max(-180, down(west)),
    Math.min(90, south === north ? up(north) + 1e-4 : up(north)),
    Math.min(180, up(east)),
  ];
  return `box:${numbers.map((each) => Number(each.toFixed(4))).join(',')}`;
}
