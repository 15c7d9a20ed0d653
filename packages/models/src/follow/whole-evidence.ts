import {
  areaAround,
  type Box,
  type MaskEvidence,
  type Picture,
  resizeMatte,
  resizePicture,
  toArea,
  toGrid,
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
  return { shares: toGrid(resizeMatte(matte, width, height), toArea(frame, region)), weight: WEIGHT };
}
