import { type Box, clampBox, type FaceQuality, type Picture, type Point, resizePicture } from '@focal/core';

/** The points that a pose is told from. With the corners of the mouth instead of its middle, that is between them. */
export interface QualityPoints {
  readonly rightEye: Point;
  readonly leftEye: Point;
  readonly nose: Point;
  readonly mouth?: Point;
  readonly mouthRight?: Point;
  readonly mouthLeft?: Point;
}

/** Height of a face in pixels that is of no use, and that is as good as it gets. */
const TOO_SMALL_PX = 16;
const LARGE_ENOUGH_PX = 128;
/** Sharpness is measured with the face at its own size, but at no more pixels than this to a side. */
const SHARPNESS_PX = 64;
/** Share of the variance that the finest detail has in a face out of focus, and in a sharp one. */
const BLURRED = 0.0006;
const SHARP = 0.02;
/** How far the nose of a face in profile is off the middle between the eyes, in distances from eyes to mouth. */
const PROFILE = 0.75;
/** Where the nose lies on the way from eyes to mouth when the face looks straight ahead, and when far up or down. */
const STRAIGHT = 0.55;
const NODDING = 0.45;

/**
 * How well a face can be seen, whoever it is: large enough, sharp, towards the camera. Every part is a ramp from
 * useless to good; `overall` is the geometric mean of the worst part and the mean of all.
 */
export function measureFaceQuality(
  picture: Picture,
  face: { readonly box: Box; readonly points: QualityPoints },
): FaceQuality {
  const { width, height } = picture;
  const size = measureSize(face.box.height * height);
  const sharpness = measureSharpness(picture, face.box);
  const pose = measurePose(face.points, width, height);
  const least = Math.min(size, sharpness, pose);
  return { overall: Math.sqrt((least * (size + sharpness + pose)) / 3), size, sharpness, pose };
}

/** On a scale of doublings. */
function measureSize(heightPx: number): number {
  return ramp(Math.log2(TOO_SMALL_PX), Math.log2(LARGE_ENOUGH_PX), Math.log2(Math.max(1, heightPx)));
}

/**
 * Energy of the finest detail as a share of all variance in the face: both grow alike with contrast and brightness. The
 * Laplacian tells detail, less what noise gives to it, as the smooth parts tell (Immerkær 1996, "Fast Noise Variance
 * Estimation", with the median instead of the mean, since a face has edges).
 */
function measureSharpness(picture: Picture, box: Box): number {
  const grey = readGrey(picture, box);
  if (grey === undefined) return 0;
  const { columns, rows, data } = grey;
  let sum = 0;
  let squares = 0;
  for (const value of data) {
    sum += value;
    squares += value * value;
  }
  const variance = squares / data.length - (sum / data.length) ** 2;
  if (variance < 1) return 0;
  let laplacian = 0;
  const noise = new Float32Array((columns - 2) * (rows - 2));
  for (let y = 1, o = 0; y < rows - 1; y++) {
    for (let x = 1, i = y * columns + 1; x < columns - 1; x++, i++, o++) {
      const at = (offset: number): number => data[i + offset] as number;
      const sides = at(-1) + at(1) + at(-columns) + at(columns);
      const corners = at(-columns - 1) + at(-columns + 1) + at(columns - 1) + at(columns + 1);
      laplacian += (4 * at(0) - sides) ** 2;
      noise[o] = Math.abs(4 * at(0) - 2 * sides + corners);
    }
  }
  const middle = noise.sort()[noise.length >> 1] as number;
  // Noise of deviation 1 has a median of .6745, and gives the two filters variances of 36 and 20.
  const noiseVariance = (middle / 0.6745) ** 2 / 36;
  const detail = Math.max(0, laplacian / noise.length / 20 - noiseVariance);
  return ramp(Math.log2(BLURRED), Math.log2(SHARP), Math.log2(Math.max(1e-6, detail / variance)));
}

interface Grey {
  readonly columns: number;
  readonly rows: number;
  readonly data: Float32Array;
}

/**
 * The face in grey, by the means of squares of whole pixels: noise of neighbours stays independent. Nothing where it
 * lies outside of the picture or is not three pixels large.
 */
function readGrey(picture: Picture, box: Box): Grey | undefined {
  const { width, height } = picture;
  const inside = clampBox(box);
  const pixels = Math.max(inside.width * width, inside.height * height);
  const step = Math.max(1, Math.ceil(pixels / SHARPNESS_PX));
  const x = Math.round(inside.x * width);
  const y = Math.round(inside.y * height);
  const columns = Math.min(Math.round((inside.width * width) / step), Math.floor((width - x) / step));
  const rows = Math.min(Math.round((inside.height * height) / step), Math.floor((height - y) / step));
  if (columns < 3 || rows < 3) return undefined;
  const region = { x, y, width: columns * step, height: rows * step };
  const { data } = resizePicture(picture, columns, rows, { region, filter: 'area' });
  const grey = new Float32Array(columns * rows);
  for (let i = 0, o = 0; o < grey.length; i += 4, o++) {
    grey[o] = 0.299 * (data[i] as number) + 0.587 * (data[i + 1] as number) + 0.114 * (data[i + 2] as number);
  }
  return { columns, rows, data: grey };
}

/** From where the nose lies between eyes and mouth, in the face's own axes: turns in the plane do not count. */
function measurePose(points: QualityPoints, width: number, height: number): number {
  const toPixels = ({ x, y }: Point): Point => ({ x: x * width, y: y * height });
  const right = toPixels(points.rightEye);
  const left = toPixels(points.leftEye);
  const nose = toPixels(points.nose);
  const mouth = toPixels(middleOfMouth(points));
  const eyes = { x: (right.x + left.x) / 2, y: (right.y + left.y) / 2 };
  const down = { x: mouth.x - eyes.x, y: mouth.y - eyes.y };
  const length = Math.hypot(down.x, down.y);
  // Less than a thousandth of a pixel is no face.
  if (!(length > 1e-3)) return 0;
  const toNose = { x: nose.x - eyes.x, y: nose.y - eyes.y };
  const aside = (toNose.x * down.y - toNose.y * down.x) / length ** 2;
  const along = (toNose.x * down.x + toNose.y * down.y) / length ** 2;
  const turned = Math.hypot(aside / PROFILE, (along - STRAIGHT) / NODDING);
  return Math.max(0, 1 - turned);
}

function middleOfMouth({ mouth, mouthRight, mouthLeft, nose }: QualityPoints): Point {
  if (mouthRight !== undefined && mouthLeft !== undefined) {
    return { x: (mouthRight.x + mouthLeft.x) / 2, y: (mouthRight.y + mouthLeft.y) / 2 };
  }
  return mouth ?? nose;
}

/** 0 up to `low`, 1 from `high`. */
function ramp(low: number, high: number, value: number): number {
  return Math.min(1, Math.max(0, (value - low) / (high - low)));
}
