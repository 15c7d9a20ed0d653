import type { Bounds, MapCell } from '../api/types.ts';
import { joinBounds, type MapSize, type MapView, toScreen, toWorld } from './mercator.ts';

/** Photos that stand as one on the map. */
export interface Cluster {
  readonly count: number;
  /** CSS pixels in the view. */
  readonly x: number;
  readonly y: number;
  readonly bounds: Bounds;
  readonly coverId: number;
}

/** Pictures on the map stand so far apart, in CSS pixels. */
export const APART_PX = 58;

/** Cells of the server as they stand in the view; those that would lie on each other are one. */
export function toClusters(cells: readonly MapCell[], view: MapView, size: MapSize): readonly Cluster[] {
  const clusters: Cluster[] = [];
  for (const { count, latitude, longitude, bounds, coverId } of cells) {
    const { x, y } = toScreen(view, size, toWorld(longitude, latitude));
    if (x < -APART_PX || y < -APART_PX || x > size.width + APART_PX || y > size.height + APART_PX) continue;
    const at = clusters.findIndex((each) => (each.x - x) ** 2 + (each.y - y) ** 2 < APART_PX ** 2);
    const near = clusters[at];
    if (near === undefined) clusters.push({ count, x, y, bounds, coverId });
    else clusters[at] = { ...near, count: near.count + count, bounds: joinBounds(near.bounds, bounds) };
  }
  return clusters;
}
