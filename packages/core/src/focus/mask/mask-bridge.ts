import { createThreadCache } from '../../async/thread-cache.ts';
import { guidedFilter } from '../../filters/guided.ts';
import { fitSize } from '../../picture/fit-size.ts';
import type { Matte } from '../../picture/matte.ts';
import type { Picture } from '../../picture/picture.ts';
import { resizePicture } from '../../picture/resize.ts';
import type { Box } from '../../scene/geometry.ts';
import { estimateFlow, FLOW_STEP, type Flow } from './flow.ts';
import {
  areaAround,
  type Grid,
  readAt,
  readGrid,
  toArea,
  toFrameMatte,
  toGrid,
  toRegion,
  WHOLE_FRAME,
} from './view.ts';

/**
 * Masks of one subject through frames of which a model has looked at some, the key frames: masks between two of them are
 * carried there from both sides along the motion of the pixels, and mixed by how near either is. So masks come late,
 * by at most {@link MOST_BRIDGED} frames.
 */
export interface MaskBridge {
  /** The next frame, with the subject's box. Gives the masks that are settled, in order. */
  next(frame: Picture, box: Box, looks?: BridgeLooks): readonly Matte[];
  /** The masks of the frames that are left; the bridge begins anew. */
  end(): readonly Matte[];
}

/** What was seen of the subject in a frame by itself. */
export interface BridgeLooks {
  /** Its mask, on a key frame. */
  readonly key?: Grid;
  /** A mask in which models looked at this very frame: it counts half between key frames. */
  readonly own?: Matte;
}

/** Frames that wait for their masks at most. */
export const MOST_BRIDGED = 10;
/** Long sides of what is kept of a frame, of the part in which motion is looked for, and of the mattes that are given. */
const KEPT_SIDE = 960;
const FLOW_SIDE = 224;
const MATTE_SIDE = 320;
/** Room around the box, as a share of its longer side. */
const ROOM = 0.3;
/** How far a mask is brought to the frame's edges after each step, and how much crisper it becomes there. */
const EDGE = { radius: 4, epsilon: 4e-4, subsample: 2 };
const EDGE_SHARE = 0.7;
const CRISPER = 1.6;
/** How much a frame's own mask counts from so far from either key frame on, as a share of the way between them. */
const OWN_SHARE = 0.5;
const OWN_FADES = 0.25;

interface Seen {
  readonly picture: Picture;
  readonly size: { readonly width: number; readonly height: number };
  readonly box: Box;
  readonly own: Matte | undefined;
  /** What is carried here from the key frame before. */
  mask: Grid;
}

export function createMaskBridge(): MaskBridge {
  const cache = createThreadCache();
  /** From the last key frame on, which comes first and whose own mask has been given. */
  let seen: Seen[] = [];

  /** Gives what lies after the first, and begins a new span at the last. */
  function settle(last: Grid): readonly Matte[] {
    const end = seen.length - 1;
    const masks = seen.map(({ mask }) => mask);
    masks[end] = last;
    let back = last;
    for (let i = end - 1; i > 0; i--) {
      const [here, from] = [seen[i] as Seen, seen[i + 1] as Seen];
      back = carry(back, from, here);
      const carried = mix(here.mask, back, i / end);
      const away = Math.min(1, Math.min(i, end - i) / (end * OWN_FADES));
      masks[i] = here.own === undefined ? carried : mix(carried, fitOwn(carried, here.own), OWN_SHARE * away);
    }
    const mattes = seen.slice(1).map((each, i) => toMatte(each, masks[i + 1] as Grid));
    seen = [{ ...(seen[end] as Seen), mask: last }];
    return mattes;
  }

  return {
    next(frame, box, { key, own } = {}) {
      const kept = fitSize(frame, Math.min(KEPT_SIDE, Math.max(frame.width, frame.height)));
      const picture =
        kept.width === frame.width ? copyOf(frame) : resizePicture(frame, kept.width, kept.height, { cache });
      const here = { picture, size: frame, box, own };
      const before = seen.at(-1);
      if (before === undefined) {
        if (key === undefined) return [];
        const first = { ...here, mask: fitKey(here, key) };
        seen = [first];
        return [toMatte(first, first.mask)];
      }
      const mask = carry(before.mask, before, here);
      seen.push({ ...here, mask });
      if (key === undefined) return seen.length > MOST_BRIDGED ? settle(mask) : [];
      return settle(fitKey(here, key));
    },
    end() {
      const last = seen.at(-1);
      const mattes = last === undefined || seen.length === 1 ? [] : settle(last.mask);
      seen = [];
      return mattes;
    },
  };
}

/** Frames may be drawn over once they were looked at. */
function copyOf(frame: Picture): Picture {
  return { ...frame, data: frame.data.slice() };
}

function toMatte({ size }: Seen, mask: Grid): Matte {
  const { width, height } = fitSize(size, MATTE_SIDE);
  return toFrameMatte(mask, width, height);
}

/** The grid of the masks of a frame. */
function gridOf({ picture, box }: Pick<Seen, 'picture' | 'box'>): Omit<Grid, 'values'> {
  const region = toRegion(picture, areaAround(picture, box, ROOM));
  return { area: toArea(picture, region), ...sizeFor(region) };
}

function sizeFor(region: { readonly width: number; readonly height: number }) {
  const scale = FLOW_SIDE / Math.max(region.width, region.height);
  return {
    width: Math.max(8, Math.round(region.width * scale)),
    height: Math.max(8, Math.round(region.height * scale)),
  };
}

function fitKey(here: Pick<Seen, 'picture' | 'box'>, key: Grid): Grid {
  const grid = gridOf(here);
  return { ...grid, values: readGrid(key, grid, key.area, key.area) };
}

function fitOwn(grid: Grid, own: Matte): Grid {
  return { ...grid, values: readGrid(toGrid(own), grid, WHOLE_FRAME, WHOLE_FRAME) };
}

/** A mask in the next frame, or the one before: along the motion there, and to the edges there. */
function carry(mask: Grid, from: Pick<Seen, 'picture' | 'box'>, to: Pick<Seen, 'picture' | 'box'>): Grid {
  const grid = gridOf(to);
  const region = toRegion(to.picture, areaAround(to.picture, around(from.box, to.box), ROOM));
  const area = toArea(to.picture, region);
  const { width, height } = sizeFor(region);
  const [now, then] = [to, from].map(({ picture }) =>
    resizePicture(picture, width, height, { region, filter: 'area' }),
  );
  const flow = estimateFlow(now as Picture, then as Picture);
  const values = new Float32Array(grid.width * grid.height);
  for (let y = 0, i = 0; y < grid.height; y++) {
    const placeY = grid.area.y + ((y + 0.5) / grid.height) * grid.area.height;
    const flowY = ((placeY - area.y) / area.height) * height;
    for (let x = 0; x < grid.width; x++, i++) {
      const placeX = grid.area.x + ((x + 0.5) / grid.width) * grid.area.width;
      const flowX = ((placeX - area.x) / area.width) * width;
      const thenX = placeX + (readPlane(flow, flow.x, flowX, flowY) / width) * area.width;
      const thenY = placeY + (readPlane(flow, flow.y, flowX, flowY) / height) * area.height;
      values[i] = readAt(
        mask,
        ((thenX - mask.area.x) / mask.area.width) * mask.width - 0.5,
        ((thenY - mask.area.y) / mask.area.height) * mask.height - 0.5,
      );
    }
  }
  return { ...grid, values: alongEdges(to.picture, grid, values) };
}

/** A value of the flow at a place in pixels, between the blocks around it. */
function readPlane({ across, down }: Flow, plane: Float32Array, x: number, y: number): number {
  const u = Math.max(0, Math.min(across - 1, x / FLOW_STEP - 0.5));
  const v = Math.max(0, Math.min(down - 1, y / FLOW_STEP - 0.5));
  const [left, top] = [Math.floor(u), Math.floor(v)];
  const right = Math.min(across - 1, left + 1);
  const below = Math.min(down - 1, top + 1) * across;
  const above = top * across;
  const share = u - left;
  const upper = (plane[above + left] as number) * (1 - share) + (plane[above + right] as number) * share;
  const lower = (plane[below + left] as number) * (1 - share) + (plane[below + right] as number) * share;
  return upper + (lower - upper) * (v - top);
}

function alongEdges(picture: Picture, { area, width, height }: Omit<Grid, 'values'>, values: Float32Array) {
  const { data } = resizePicture(picture, width, height, { region: toRegion(picture, area), filter: 'area' });
  const guide = new Float32Array(width * height * 3);
  for (let i = 0, at = 0; i < guide.length; i += 3, at += 4) {
    for (let c = 0; c < 3; c++) guide[i + c] = (data[at + c] as number) / 255;
  }
  const smooth = guidedFilter(guide, values, width, height, EDGE);
  return smooth.map((share, i) => {
    const crisp = Math.max(0, Math.min(1, 0.5 + (share - 0.5) * CRISPER));
    return crisp * EDGE_SHARE + (values[i] as number) * (1 - EDGE_SHARE);
  });
}

function around(a: Box, b: Box): Box {
  const [x, y] = [Math.min(a.x, b.x), Math.min(a.y, b.y)];
  return {
    x,
    y,
    width: Math.max(a.x + a.width, b.x + b.width) - x,
    height: Math.max(a.y + a.height, b.y + b.height) - y,
  };
}

/** Both masks are of one frame and so have one grid. */
function mix(one: Grid, other: Grid, share: number): Grid {
  const values = one.values.map((value, i) => value + ((other.values[i] as number) - value) * share);
  return { ...one, values };
}
