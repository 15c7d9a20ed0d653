import { type Box, type Picture } from '@focal/core';
import { LOOK_SIDE, type Look } from './looks.ts';

/** A rectangle of whole pixels of the picture that people are told apart in. */
export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A number for each pixel of an area. */
export interface Plane {
  readonly area: Area;
  readonly values: Float32Array;
}

/** The pixels that the box touches, with a share of its sides as room around; empty where it lies outside. */
export function toArea({ width, height }: Picture, box: Box, room: number): Area {
  const left = Math.max(0, Math.floor((box.x - room * box.width) * width + 1e-6));
  const top = Math.max(0, Math.floor((box.y - room * box.height) * height + 1e-6));
  const right = Math.min(width, Math.ceil((box.x + (1 + room) * box.width) * width - 1e-6));
  const bottom = Math.min(height, Math.ceil((box.y + (1 + room) * box.height) * height - 1e-6));
  return { x: left, y: top, width: Math.max(0, right - left), height: Math.max(0, bottom - top) };
}

/** The look read between its values at each pixel of the area; `outside` where it does not reach. */
export function readLook({ width, height }: Picture, look: Look, area: Area, outside: number): Float32Array {
  const columns = toPlaces(look.box.x, look.box.width, area.x, area.width, width);
  const rows = toPlaces(look.box.y, look.box.height, area.y, area.height, height);
  const read = new Float32Array(area.width * area.height);
  const { values } = look;
  for (let y = 0, i = 0; y < area.height; y++) {
    const row = rows[y] as number;
    const top = Math.min(LOOK_SIDE - 2, Math.floor(row));
    const shareY = row - top;
    for (let x = 0; x < area.width; x++, i++) {
      const column = columns[x] as number;
      if (row < 0 || column < 0) {
        read[i] = outside;
        continue;
      }
      const left = Math.min(LOOK_SIDE - 2, Math.floor(column));
      const shareX = column - left;
      const at = top * LOOK_SIDE + left;
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
  const cropped = new Float32Array(area.width * area.height);
  const left = Math.max(from.x, area.x);
  const right = Math.min(from.x + from.width, area.x + area.width);
  for (let y = Math.max(from.y, area.y); y < Math.min(from.y + from.height, area.y + area.height); y++) {
    const start = (y - from.y) * from.width - from.x;
    if (right > left)
      cropped.set(values.subarray(start + left, start + right), (y - area.y) * area.width + left - area.x);
  }
  return cropped;
}

/** RGB 0..1 of the area, three numbers a pixel. */
export function readColours(picture: Picture, area: Area): Float32Array {
  const colours = new Float32Array(area.width * area.height * 3);
  for (let y = 0, o = 0; y < area.height; y++) {
    let i = ((y + area.y) * picture.width + area.x) * 4;
    for (let x = 0; x < area.width; x++, i += 4, o += 3) {
      colours[o] = (picture.data[i] as number) / 255;
      colours[o + 1] = (picture.data[i + 1] as number) / 255;
      colours[o + 2] = (picture.data[i + 2] as number) / 255;
    }
  }
  return colours;
}
