import { type Box } from '@focal/core';
import { LOOK_SIDE, type Look } from './looks.ts';

/** Of pixels or cells; the last cells may be cut, so that a picture of 5 pixels is 2.5 cells of 2 wide. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A rectangle of whole pixels, or cells, of the picture that people are told apart in. */
export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A number for each pixel or cell of an area. */
export interface Plane {
  readonly area: Area;
  readonly values: Float32Array;
}

/** The pixels that the box touches, with a share of its sides as room around; empty where it lies outside. */
export function toArea({ width, height }: Size, box: Box, room: number): Area {
  const left = Math.max(0, Math.floor((box.x - room * box.width) * width + 1e-6));
  const top = Math.max(0, Math.floor((box.y - room * box.height) * height + 1e-6));
  const right = Math.min(Math.ceil(width), Math.ceil((box.x + (1 + room) * box.width) * width - 1e-6));
  const bottom = Math.min(Math.ceil(height), Math.ceil((box.y + (1 + room) * box.height) * height - 1e-6));
  return { x: left, y: top, width: Math.max(0, right - left), height: Math.max(0, bottom - top) };
}

/** The look read between its values at each pixel of the area; `outside` where it does not reach. */
export function readLook({ width, height }: Size, look: Look, area: Area, outside: number): Float32Array {
  const columns = toPlaces(look.box.x, look.box.width, area.x, area.width, width);
  const rows = toPlaces(look.box.y, look.box.height, area.y, area.height, height);
  const read = new Float32Array(area.width * area.height);
  const { values } = look;
  for (let y = 0, i = 0; y < area.height; y++) {
    const row = rows[y] as number;
    if (row < 0) {
      read.fill(outside, i, i + area.width);
      i += area.width;
      continue;
    }
    const top = Math.min(LOOK_SIDE - 2, row | 0);
    const shareY = row - top;
    const start = top * LOOK_SIDE;
    for (let x = 0; x < area.width; x++, i++) {
      const column = columns[x] as number;
      if (column < 0) {
        read[i] = outside;
        continue;
      }
      const left = Math.min(LOOK_SIDE - 2, column | 0);
      const shareX = column - left;
      const at = start + left;
      const above = (values[at] as number) * (1 - shareX) + (values[at + 1] as number) * shareX;
      const below = (values[at + LOOK_SIDE] as number) * (1 - shareX) + (values[at + LOOK_SIDE + 1] as number) * shareX;
      read[i] = above * (1 - shareY) + below * shareY;
    }
  }
  return read;
}

/** Where the middles of these pixels lie among the 256 values, 0..255; -1 outside. */
function toPlaces(start: number, length: number, from: number, count: number, size: number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => {
    const place = (((from + i + 0.5) / size - start) / length) * LOOK_SIDE - 0.5;
    return place < -0.5 || place > LOOK_SIDE - 0.5 ? -1 : Math.min(LOOK_SIDE - 1, Math.max(0, place));
  });
}

/** A part of a plane; where the area reaches beyond it, 0. */
export function cropPlane({ area: from, values }: Plane, area: Area): Float32Array {
  return cropRows(from, values, area, 1);
}

/** Of values that may be several for each place. */
export function cropRows(from: Area, values: Float32Array, area: Area, channels: number): Float32Array {
  const cropped = new Float32Array(area.width * area.height * channels);
  const left = Math.max(from.x, area.x);
  const right = Math.min(from.x + from.width, area.x + area.width);
  if (right <= left) return cropped;
  for (let y = Math.max(from.y, area.y); y < Math.min(from.y + from.height, area.y + area.height); y++) {
    const start = (y - from.y) * from.width - from.x;
    const part = values.subarray((start + left) * channels, (start + right) * channels);
    cropped.set(part, ((y - area.y) * area.width + left - area.x) * channels);
  }
  return cropped;
}
