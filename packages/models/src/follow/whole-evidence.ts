import {
  areaAround,
  type Box,
  type Grid,
  type MaskEvidence,
  type Matte,
  type Picture,
  readGrid,
  resizeMatte,
  resizePicture,
  toArea,
  toRegion,
} from '@focal/core';
import type { RunOptions, Session } from '../ports.ts';
import { MATTE_SIDE, runMatte } from '../tasks/matte.ts';

/** Room around the box, as a share of its longer side. */
const ROOM = 0.3;
const GRID_SIDE = 160;
const WEIGHT = 2;

/** What stands out around a subject's box, whatever it is, by IS-Net: some 2 s. The session stays the caller's. */
export async function lookAtWhole(
  session: Session,
  frame: Picture,
  box: Box,
  options: RunOptions = {},
): Promise<MaskEvidence> {
  const region = toRegion(frame, areaAround(frame, box, ROOM));
  const matte = await runMatte(session, resizePicture(frame, MATTE_SIDE, MATTE_SIDE, { region }), options);
  const scale = GRID_SIDE / Math.max(region.width, region.height);
  const width = Math.max(1, Math.round(region.width * scale));
  const height = Math.max(1, Math.round(region.height * scale));
  const area = toArea(frame, region);
  const small = resizeMatte(matte, width, height);
  return {
    shares: { area, width, height, values: Float32Array.from(small.data, (value) => value / 255) },
    weight: WEIGHT,
  };
}

/** Of what stands out, so much must lie in the box: others beside the subject stand out too. */
const LEAST_INSIDE = 0.5;
const SURELY_INSIDE = 0.75;
/** How much what stands out counts where others do too: it still tells the subject from the ground. */
const CROWDED = 0.5;
/** Of the box, so much at least must stand out: else it is not the subject that does. */
const LEAST_FILL = 0.1;
const SURE_FILL = 0.2;
/** Overlap with the mask that was carried here. */
const LEAST_OVERLAP = 0.2;
const SURE_OVERLAP = 0.4;
/** What lies just outside of the box may be the subject's all the same, as a share of its sides. */
const MARGIN = 0.08;

/**
 * The mask of a key frame: what stands out as far as that is likely to be the subject and nothing else, else the mask
 * that was carried there.
 */
export function chooseKey({ shares }: MaskEvidence, carried: Matte, box: Box): Grid {
  const whole = { x: 0, y: 0, width: 1, height: 1 };
  const values = Float32Array.from(carried.data, (value) => value / 255);
  const before = readGrid({ ...carried, area: whole, values }, shares, whole, whole);
  const belief = believe(shares, before, box);
  return { ...shares, values: shares.values.map((share, i) => mix(before[i] as number, share, belief)) };
}

function believe({ area, width, height, values }: Grid, before: Float32Array, box: Box): number {
  let [all, inside, both, either] = [0, 0, 0, 0];
  for (let y = 0, i = 0; y < height; y++) {
    const v = (area.y + ((y + 0.5) / height) * area.height - box.y) / box.height;
    for (let x = 0; x < width; x++, i++) {
      const u = (area.x + ((x + 0.5) / width) * area.width - box.x) / box.width;
      const share = values[i] as number;
      all += share;
      if (Math.min(u, v) > -MARGIN && Math.max(u, v) < 1 + MARGIN) inside += share;
      both += Math.min(share, before[i] as number);
      either += Math.max(share, before[i] as number);
    }
  }
  const fill = ((inside / values.length) * area.width * area.height) / (box.width * box.height);
  return (
    (CROWDED + (1 - CROWDED) * between(inside / Math.max(1e-6, all), LEAST_INSIDE, SURELY_INSIDE)) *
    between(fill, LEAST_FILL, SURE_FILL) *
    between(both / Math.max(1e-6, either), LEAST_OVERLAP, SURE_OVERLAP)
  );
}

function mix(a: number, b: number, share: number): number {
  return a + (b - a) * share;
}

function between(value: number, none: number, full: number): number {
  return Math.max(0, Math.min(1, (value - none) / (full - none)));
}
