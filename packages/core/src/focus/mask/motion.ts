import { fitSize } from '../../picture/fit-size.ts';
import type { Picture } from '../../picture/picture.ts';
import { resizePicture } from '../../picture/resize.ts';
import type { Box } from '../../scene/geometry.ts';
import { estimateFlow, FLOW_STEP, type Flow } from './flow.ts';
import { type Grid, readGrid, type SubjectView, WHOLE_FRAME } from './view.ts';

/** Blocks that close to the box, as a share of its sides, may be the subject's. */
const NEAR = 0.03;
/** So many blocks have to tell how the surroundings move. */
const LEAST_AROUND = 20;
/** The subject has to move by so many pixels of the view beside its surroundings, and so many times as far as those do. */
const LEAST_MOTION = 1;
const CLEAR = 3;
/** Between what the surroundings and what the subject does: from there on a place moves with the subject. */
const BETWEEN = 0.4;
const SURE = 0.8;

/** A part of a frame, small; of the frame before that is all that is kept. */
export type ViewBefore = Pick<SubjectView, 'area' | 'picture'>;

/**
 * Whether places of a view move as its subject does beside the surroundings, which cameras move as a whole: 1 for what
 * does, -1 for what moves with the surroundings. Undefined where the subject hardly moves beside them, or they are not
 * clear: then motion says nothing.
 *
 * @param mask whose each pixel of the view is by all that was known before, 0..1
 * @param side long side of the picture in which motion is looked for: 112 costs some 7 ms, 64 some 3
 */
export function readMotion(
  before: ViewBefore,
  now: SubjectView,
  box: Box,
  mask: Float32Array,
  side: number,
): Float32Array | undefined {
  const { width, height } = fitSize(now.picture, side);
  const view = { area: now.area, picture: fit(now.picture, width, height) };
  const flow = estimateFlow(view.picture, fit(before.picture, width, height));
  const paths = toPaths(flow, before.area, view);
  const around = blocksAround(flow, view, box);
  if (around.length < LEAST_AROUND) return undefined;
  const [x, y] = [median(around.map((at) => paths.x[at] as number)), median(around.map((at) => paths.y[at] as number))];
  const beside = paths.x.map((each, at) => Math.hypot(each - x, (paths.y[at] as number) - y));
  const noise = median(around.map((at) => beside[at] as number));
  const { across, down } = flow;
  const covered = { x: 0, y: 0, width: (across * FLOW_STEP) / width, height: (down * FLOW_STEP) / height };
  const grid: Grid = { area: covered, width: across, height: down, values: beside };
  const values = readGrid(
    grid,
    { area: WHOLE_FRAME, width: now.picture.width, height: now.picture.height },
    WHOLE_FRAME,
    WHOLE_FRAME,
  );
  const own = meanWhere(values, mask);
  if (own < Math.max(LEAST_MOTION, CLEAR * noise)) return undefined;
  const middle = BETWEEN * (own + noise);
  return values.map((value) => Math.max(-1, Math.min(1, (value - middle) / middle)));
}

function fit(picture: Picture, width: number, height: number): Picture {
  return picture.width === width && picture.height === height ? picture : resizePicture(picture, width, height);
}

/** How far blocks moved within the frame, in pixels of the view: the view itself was elsewhere before. */
function toPaths(flow: Flow, before: Box, { area, picture: { width, height } }: ViewBefore) {
  const path = (at: number, moved: number, side: number, from: number, length: number, start: number, span: number) =>
    ((start + (at / side) * span - (from + ((at + moved) / side) * length)) / span) * side;
  const middleOf = (index: number): number => (index + 0.5) * FLOW_STEP;
  return {
    x: flow.x.map((moved, at) =>
      path(middleOf(at % flow.across), moved, width, before.x, before.width, area.x, area.width),
    ),
    y: flow.y.map((moved, at) =>
      path(middleOf(Math.floor(at / flow.across)), moved, height, before.y, before.height, area.y, area.height),
    ),
  };
}

/** Blocks of the view outside of the box. */
function blocksAround({ across, down }: Flow, { area, picture }: ViewBefore, box: Box): readonly number[] {
  const blocks: number[] = [];
  for (let j = 0, at = 0; j < down; j++) {
    const v = (area.y + (((j + 0.5) * FLOW_STEP) / picture.height) * area.height - box.y) / box.height;
    for (let i = 0; i < across; i++, at++) {
      const u = (area.x + (((i + 0.5) * FLOW_STEP) / picture.width) * area.width - box.x) / box.width;
      if (u < -NEAR || u > 1 + NEAR || v < -NEAR || v > 1 + NEAR) blocks.push(at);
    }
  }
  return blocks;
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1] as number;
}

/** 0 where nothing is surely the subject's. */
function meanWhere(values: Float32Array, mask: Float32Array): number {
  let [sum, count] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    if ((mask[i] as number) <= SURE) continue;
    sum += values[i] as number;
    count++;
  }
  return count === 0 ? 0 : sum / count;
}
