import url from 'world-atlas/countries-50m.json?url';
import { toWorld } from './mercator.ts';

/** Coasts and borders, as paths over a world of this many units a side. */
export interface Outlines {
  readonly land: Path2D;
  readonly borders: Path2D;
}

export const WORLD_UNITS = 1000;

type Arcs = readonly number[];
type Geometry =
  | { readonly type: 'Polygon'; readonly arcs: readonly Arcs[] }
  | { readonly type: 'MultiPolygon'; readonly arcs: readonly (readonly Arcs[])[] };

/** TopoJSON as world-atlas has it. */
interface Topology {
  readonly arcs: readonly (readonly (readonly [number, number])[])[];
  readonly transform: { readonly scale: readonly [number, number]; readonly translate: readonly [number, number] };
  readonly objects: Readonly<Record<'countries' | 'land', { readonly geometries: readonly Geometry[] }>>;
}

let reading: Promise<Outlines> | undefined;

/** From the server that this page came from; read once. */
export function readOutlines(): Promise<Outlines> {
  reading ??= read().catch((error: unknown) => {
    reading = undefined;
    throw error;
  });
  return reading;
}

async function read(): Promise<Outlines> {
  const response = await fetch(url);
  if (!response.ok) throw new Error('The outlines could not be read.');
  return toOutlines((await response.json()) as Topology);
}

type Line = readonly (readonly [longitude: number, latitude: number])[];

function toOutlines({ arcs, transform, objects }: Topology): Outlines {
  const { scale, translate } = transform;
  const lines = arcs.map((arc): Line => {
    let [x, y] = [0, 0];
    return arc.map(([dx, dy]) => {
      x += dx;
      y += dy;
      return [x * scale[0] + translate[0], y * scale[1] + translate[1]];
    });
  });
  const land = new Path2D();
  const coasts = new Set<number>();
  for (const ring of ringsOf(objects.land.geometries)) {
    const line = ring.flatMap((index) => {
      coasts.add(index < 0 ? ~index : index);
      return index < 0 ? (lines[~index] ?? []).toReversed() : (lines[index] ?? []);
    });
    addLine(land, line);
    land.closePath();
  }
  const borders = new Path2D();
  for (const [index, line] of lines.entries()) if (!coasts.has(index)) addLine(borders, line);
  return { land, borders };
}

/** Lines go on where they cross the date line, but for the edge of the map at the south pole. */
function addLine(path: Path2D, line: Line): void {
  let turns = 0;
  for (const [at, [longitude, latitude]] of line.entries()) {
    const before = line[at - 1]?.[0] ?? longitude;
    if (Math.abs(longitude - before) > 180 && latitude > -85) turns += longitude < before ? 1 : -1;
    const { x, y } = toWorld(longitude, latitude);
    const place = [(x + turns) * WORLD_UNITS, y * WORLD_UNITS] as const;
    if (at === 0) path.moveTo(...place);
    else path.lineTo(...place);
  }
}

function ringsOf(geometries: readonly Geometry[]): readonly Arcs[] {
  return geometries.flatMap((geometry) => (geometry.type === 'Polygon' ? geometry.arcs : geometry.arcs.flat()));
}
