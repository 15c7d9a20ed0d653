import { type Allocate, type Bytes, createPicture, type Picture, resizePicture } from '@focal/core';
import type { VideoSample } from 'mediabunny';
import { createToRgba, type YcbcrPlanes } from '../color/to-rgba.ts';
import { turnPicture } from '../color/turn.ts';
import { toYcbcrSpace, type YcbcrSpace } from '../color/ycbcr.ts';

// The option is younger than its declaration.
const AS_RGBA: object = { format: 'RGBA' };

type ToldColors = Parameters<typeof toYcbcrSpace>[0];

/**
 * Turns decoded frames into upright pictures with square pixels. All have the size of the first: one of another size is
 * brought to it. What frames do not say of their colours is taken from the track. Keeps the conversion's tables and its scratch memory from frame to frame.
 */
export function createPictureReader(track: ToldColors, allocate?: Allocate): (sample: VideoSample) => Promise<Picture> {
  let scratch = new Uint8Array(0);
  let space: YcbcrSpace | undefined;
  let toRgba: ReturnType<typeof createToRgba> | undefined;
  let size: { readonly width: number; readonly height: number } | undefined;

  async function readStored(sample: VideoSample): Promise<Picture> {
    const { width, height } = sample.visibleRect;
    const form = toPlanar(sample.format);
    const picture = createPicture(width, height, form && allocate ? { allocate } : {});
    const { data } = picture;
    if (form === undefined) {
      await sample.copyTo(data, AS_RGBA);
      if (sample.hasAlpha !== true) makeOpaque(data);
      return picture;
    }
    const length = sample.allocationSize();
    if (scratch.length < length) scratch = new Uint8Array(length);
    const layout = await sample.copyTo(scratch);
    const { matrix, fullRange } = sample.colorSpace;
    const told = toYcbcrSpace({ matrix: matrix ?? track.matrix, fullRange: fullRange ?? track.fullRange }, height);
    if (toRgba === undefined || told.matrix !== space?.matrix || told.full !== space.full) {
      space = told;
      toRgba = createToRgba(told);
    }
    toRgba(toPlanes(scratch, layout, form, width, height), data);
    return picture;
  }

  return async (sample) => {
    const stored = await readStored(sample);
    const { squarePixelWidth, squarePixelHeight } = sample;
    const isSquare = sample.pixelAspectRatio.num === sample.pixelAspectRatio.den;
    const square = isSquare ? stored : resizePicture(stored, squarePixelWidth, squarePixelHeight);
    const picture = turnPicture(square, sample.rotation, sample.flip);
    size ??= { width: picture.width, height: picture.height };
    const isSame = picture.width === size.width && picture.height === size.height;
    return isSame ? picture : resizePicture(picture, size.width, size.height);
  };
}

/** How a frame of luma and chroma is stored. */
interface Planar {
  readonly shiftX: 0 | 1;
  readonly shiftY: 0 | 1;
  readonly hasAlpha: boolean;
  readonly depth: 8 | 10 | 12;
  readonly isInterleaved: boolean;
}

/** Nothing for RGB, and where the format is not known. */
function toPlanar(format: string | null): Planar | undefined {
  if (format === 'NV12') return { shiftX: 1, shiftY: 1, hasAlpha: false, depth: 8, isInterleaved: true };
  const match = /^I(420|422|444)(A?)(?:P(10|12))?$/.exec(format ?? '');
  if (match === null) return undefined;
  const [, chroma, alpha, depth] = match;
  return {
    shiftX: chroma === '444' ? 0 : 1,
    shiftY: chroma === '420' ? 1 : 0,
    hasAlpha: alpha === 'A',
    depth: depth === '10' ? 10 : depth === '12' ? 12 : 8,
    isInterleaved: false,
  };
}

interface PlanePlace {
  readonly offset: number;
  readonly stride: number;
}

function toPlanes(
  bytes: Uint8Array,
  layout: readonly PlanePlace[],
  form: Planar,
  width: number,
  height: number,
): YcbcrPlanes {
  const plane = (index: number, rows: number) => {
    const { offset, stride } = layout[index] as PlanePlace;
    const data = bytes.subarray(offset, offset + stride * rows);
    return form.depth === 8 ? { data, stride } : { data: toBytes(data, form.depth), stride: stride >> 1 };
  };
  const rows = (height + form.shiftY) >> form.shiftY;
  const y = plane(0, height);
  const u = plane(1, rows);
  const v = form.isInterleaved ? { ...u, data: u.data.subarray(1) } : plane(2, rows);
  const alpha = form.hasAlpha ? plane(3, height) : undefined;
  return {
    width,
    height,
    y: y.data,
    yStride: y.stride,
    u: u.data,
    v: v.data,
    chromaStride: u.stride,
    chromaStep: form.isInterleaved ? 2 : 1,
    shiftX: form.shiftX,
    shiftY: form.shiftY,
    ...(alpha && { alpha: alpha.data, alphaStride: alpha.stride }),
  };
}

/** Values of more than 8 bits, little-endian, rounded to 8. */
function toBytes(data: Uint8Array, depth: 10 | 12): Uint8Array {
  const shift = depth - 8;
  const half = 1 << (shift - 1);
  const result = new Uint8Array(data.length >> 1);
  for (let i = 0, o = 0; o < result.length; i += 2, o++) {
    const value = (data[i] as number) | ((data[i + 1] as number) << 8);
    result[o] = Math.min(255, (value + half) >> shift);
  }
  return result;
}

function makeOpaque(data: Bytes): void {
  for (let i = 3; i < data.length; i += 4) data[i] = 255;
}
