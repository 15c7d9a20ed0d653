import type { ThreadCache } from '../../async/thread-cache.ts';
import { createMatte, type Matte } from '../../picture/matte.ts';
import type { Picture } from '../../picture/picture.ts';
import { type Region, resizePicture } from '../../picture/resize.ts';
import { type Box, clampBox } from '../../scene/geometry.ts';

/** The part of a frame around a subject, small. */
export interface SubjectView {
  /** The part, in fractions of the frame. */
  readonly area: Box;
  readonly picture: Picture;
  /** Its colours as RGB 0..1, three numbers a pixel. */
  readonly colors: Float32Array;
}

/** Long side of the view in pixels. */
const SIDE = 112;
/** Room around the box, as a share of its longer side. */
const ROOM = 0.3;
const LEAST_SIDE = 8;

/** The box with so much room on each side, as a share of its longer one, as far as that lies in the frame. */
export function areaAround(frame: Picture, box: Box, room: number): Box {
  const roomPx = room * Math.max(box.width * frame.width, box.height * frame.height);
  const [roomX, roomY] = [roomPx / frame.width, roomPx / frame.height];
  return clampBox({ x: box.x - roomX, y: box.y - roomY, width: box.width + 2 * roomX, height: box.height + 2 * roomY });
}

/** The whole pixels that an area covers, at least one. */
export function toRegion(frame: Picture, { x, y, width, height }: Box): Region {
  const left = Math.max(0, Math.min(frame.width - 1, Math.floor(x * frame.width)));
  const top = Math.max(0, Math.min(frame.height - 1, Math.floor(y * frame.height)));
  return {
    x: left,
    y: top,
    width: Math.max(1, Math.min(frame.width, Math.ceil((x + width) * frame.width)) - left),
    height: Math.max(1, Math.min(frame.height, Math.ceil((y + height) * frame.height)) - top),
  };
}

/** The same in fractions of the frame. */
export function toArea({ width, height }: Picture, region: Region): Box {
  return { x: region.x / width, y: region.y / height, width: region.width / width, height: region.height / height };
}

export function viewSubject(frame: Picture, box: Box, cache?: ThreadCache): SubjectView {
  const region = toRegion(frame, areaAround(frame, box, ROOM));
  const scale = SIDE / Math.max(region.width, region.height);
  const across = Math.max(LEAST_SIDE, Math.round(region.width * scale));
  const down = Math.max(LEAST_SIDE, Math.round(region.height * scale));
  const picture = resizePicture(frame, across, down, { region, cache });
  const colors = new Float32Array(across * down * 3);
  for (let i = 0, at = 0; i < colors.length; i += 3, at += 4) {
    colors[i] = (picture.data[at] as number) / 255;
    colors[i + 1] = (picture.data[at + 1] as number) / 255;
    colors[i + 2] = (picture.data[at + 2] as number) / 255;
  }
  return { area: toArea(frame, region), picture, colors };
}

/** Values on a grid that covers `area`. */
export interface Grid {
  readonly area: Box;
  readonly width: number;
  readonly height: number;
  readonly values: Float32Array;
}

/** All of a frame. */
export const WHOLE_FRAME: Box = { x: 0, y: 0, width: 1, height: 1 };

/** A matte as shares, 0..1, of what it covers. */
export function toGrid({ width, height, data }: Matte, area = WHOLE_FRAME): Grid {
  const values = new Float32Array(data.length);
  for (let i = 0; i < values.length; i++) values[i] = (data[i] as number) / 255;
  return { area, width, height, values };
}

/**
 * Reads a grid at the pixels of another, bilinearly: 0 outside of it. A place in the one's `toBox` is read at the same
 * place in the other's `fromBox`.
 */
export function readGrid(from: Grid, to: Omit<Grid, 'values'>, fromBox: Box, toBox: Box): Float32Array {
  const values = new Float32Array(to.width * to.height);
  const scaleX = fromBox.width / toBox.width;
  const scaleY = fromBox.height / toBox.height;
  const columns = Float64Array.from({ length: to.width }, (_, x) => {
    const frameX = to.area.x + ((x + 0.5) / to.width) * to.area.width;
    return ((fromBox.x + (frameX - toBox.x) * scaleX - from.area.x) / from.area.width) * from.width - 0.5;
  });
  for (let y = 0, i = 0; y < to.height; y++) {
    const frameY = to.area.y + ((y + 0.5) / to.height) * to.area.height;
    const v = ((fromBox.y + (frameY - toBox.y) * scaleY - from.area.y) / from.area.height) * from.height - 0.5;
    for (let x = 0; x < to.width; x++, i++) values[i] = readAt(from, columns[x] as number, v);
  }
  return values;
}

/** The value at a place in cells from the middle of the first; 0 outside. */
export function readAt({ values, width, height }: Grid, u: number, v: number): number {
  if (u <= -1 || v <= -1 || u >= width || v >= height) return 0;
  const left = Math.floor(u);
  const top = Math.floor(v);
  const shareX = u - left;
  const shareY = v - top;
  if (left >= 0 && top >= 0 && left + 1 < width && top + 1 < height) {
    const i = top * width + left;
    const above = (values[i] as number) * (1 - shareX) + (values[i + 1] as number) * shareX;
    const below = (values[i + width] as number) * (1 - shareX) + (values[i + width + 1] as number) * shareX;
    return above * (1 - shareY) + below * shareY;
  }
  const at = (x: number, y: number): number =>
    x < 0 || y < 0 || x >= width || y >= height ? 0 : (values[y * width + x] as number);
  const upper = at(left, top) * (1 - shareX) + at(left + 1, top) * shareX;
  const lower = at(left, top + 1) * (1 - shareX) + at(left + 1, top + 1) * shareX;
  return upper * (1 - shareY) + lower * shareY;
}

/** A grid as a matte of the whole frame; 0 outside of it. */
export function toFrameMatte({ area, values, ...grid }: Grid, width: number, height: number): Matte {
  const matte = createMatte(width, height);
  const { data } = matte;
  const columns = between(area.x, area.width, grid.width, width);
  const rows = between(area.y, area.height, grid.height, height);
  const across = columns.before.length;
  for (let row = 0; row < rows.before.length; row++) {
    const upper = (rows.before[row] as number) * grid.width;
    const lower = (rows.after[row] as number) * grid.width;
    const shareY = rows.share[row] as number;
    for (let i = 0, to = (rows.first + row) * width + columns.first; i < across; i++, to++) {
      const left = columns.before[i] as number;
      const right = columns.after[i] as number;
      const shareX = columns.share[i] as number;
      const above = (values[upper + left] as number) * (1 - shareX) + (values[upper + right] as number) * shareX;
      const below = (values[lower + left] as number) * (1 - shareX) + (values[lower + right] as number) * shareX;
      data[to] = 255 * (above * (1 - shareY) + below * shareY) + 0.5;
    }
  }
  return matte;
}

/**
 * For each pixel along one side of a frame that lies over a grid, from the `first` on: the two cells between whose
 * centres it lies, at the ends the same one twice, and the share of the second.
 */
function between(start: number, length: number, cells: number, pixels: number) {
  const first = Math.max(0, Math.floor(start * pixels));
  const count = Math.max(0, Math.min(pixels, Math.ceil((start + length) * pixels)) - first);
  const [before, after, share] = [new Int32Array(count), new Int32Array(count), new Float64Array(count)];
  for (let i = 0; i < count; i++) {
    const cell = (((first + i + 0.5) / pixels - start) / length) * cells - 0.5;
    const at = Math.max(0, Math.min(cells - 1, cell));
    before[i] = Math.floor(at);
    after[i] = Math.min(cells - 1, Math.floor(at) + 1);
    share[i] = at - Math.floor(at);
  }
  return { first, before, after, share };
}
