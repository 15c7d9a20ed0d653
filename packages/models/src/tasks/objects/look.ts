import { type FeatureMap, type Picture, type Region, type ThreadCache, throwIfAborted, toTensor } from '@focal/core';
import type { RunOptions, Session, Tensor } from '../../ports.ts';
import { mirrorRows } from '../mirror.ts';
import { takeFloats } from '../outputs.ts';
import { COCO_NAMES } from './coco-names.ts';
import { type ClassBox, type Content, findPeaks, INPUT_SIDE, STRIDE } from './peaks.ts';

export const SCORES = 'tower_0/keypoints';
export const SIDES = 'tower_0/wh';
const FEATURES = 'tower_0/MobilenetV3/expanded_conv_9/add';
const GRADIENT = 'gradient';
/** Input pixels to one cell of the features. */
const FEATURE_STRIDE = 16;
const FEATURE_CHANNELS = 64;
/** The coarsest step of the net: sides of what it is fed are multiples of it. */
const COARSEST = 32;

/** How the detector is shown a picture. */
export interface View {
  /** `letterbox`: whole, with black borders around it to a square. `trim`: with as few as can be, for nets of any size. */
  readonly fit: 'letterbox' | 'stretch' | 'trim';
  readonly isMirrored: boolean;
  /** The part that is shown; all of it where left out. */
  readonly region?: Region;
  /** Whether what the net makes of the picture on its way is wanted too, where it tells. */
  readonly withFeatures?: boolean;
}

/** The picture as it is, with black borders. */
export const PLAIN_VIEW: View = { fit: 'letterbox', isMirrored: false };

/** What the detector gave for one view. */
export interface DetectorLook {
  /** Rows × columns × 80, 0..1. */
  readonly scores: Float32Array;
  /** Rows × columns × 4: left, top, right, bottom from the cell, in input pixels. */
  readonly sides: Float32Array;
  /** Columns of the maps. */
  readonly columns: number;
  /** Of the strongest score by the input, [512, 512, 3]: from the model that `toSaliencyOnnx` makes. */
  readonly gradient?: Float32Array;
  /** Of what was shown, where it was wanted. */
  readonly features?: FeatureMap;
  /** Where the picture lies in the input. */
  readonly content: Content;
  readonly isMirrored: boolean;
}

/**
 * Runs the detector once. The session is that of `centernet`, with its gradient or without, or for `trim` that of
 * `loadFrameDetector`, and stays the caller's.
 */
export async function lookOnce(
  session: Session,
  picture: Picture,
  { fit, isMirrored, region, withFeatures = false }: View,
  { cache, ...options }: RunOptions & { readonly cache?: ThreadCache | undefined },
): Promise<DetectorLook> {
  throwIfAborted(options.signal);
  const shown = region ?? picture;
  const [width, height] = fit === 'trim' ? toTrimmed(shown) : [INPUT_SIDE, INPUT_SIDE];
  const { data: plain, content } = toTensor(picture, width, height, {
    fit: fit === 'trim' ? 'letterbox' : fit,
    layout: 'nhwc',
    scale: [1, 1, 1],
    cache,
    ...(region === undefined ? {} : { region }),
  });
  const data = isMirrored ? mirrorRows(plain, width, 3) : plain;
  const [input = ''] = session.inputNames;
  const tensor: Tensor = { type: 'float32', data, dims: [1, height, width, 3] };
  const hasGradient = session.outputNames.includes(GRADIENT);
  const hasFeatures = withFeatures && session.outputNames.includes(FEATURES);
  const wanted = [SCORES, SIDES, ...(hasGradient ? [GRADIENT] : []), ...(hasFeatures ? [FEATURES] : [])];
  const outputs = await session.run({ [input]: tensor }, { ...options, outputs: wanted });
  const columns = width / STRIDE;
  const cells = columns * (height / STRIDE);
  return {
    scores: takeFloats(outputs, SCORES, cells * COCO_NAMES.length),
    sides: takeFloats(outputs, SIDES, cells * 4),
    columns,
    ...(hasGradient ? { gradient: takeFloats(outputs, GRADIENT, data.length) } : {}),
    ...(hasFeatures ? { features: toFeatureMap(outputs, content, width, height) } : {}),
    content: isMirrored ? { ...content, x: width - content.x - content.width } : content,
    isMirrored,
  };
}

/** The input for a picture of this shape: its longer side as large as the square's. */
function toTrimmed({ width, height }: Pick<Picture, 'width' | 'height'>): readonly [width: number, height: number] {
  const scale = INPUT_SIDE / Math.max(width, height);
  const toSide = (side: number): number =>
    Math.min(INPUT_SIDE, Math.ceil(Math.max(1, Math.round(side * scale)) / COARSEST) * COARSEST);
  return [toSide(width), toSide(height)];
}

function toFeatureMap(
  outputs: Readonly<Record<string, Tensor>>,
  { x, y, width, height }: Content,
  inputWidth: number,
  inputHeight: number,
): FeatureMap {
  const [scale, channels] = [FEATURE_STRIDE, FEATURE_CHANNELS];
  const cells = inputWidth / scale;
  // The borders around the picture tell nothing of it.
  const [left, top] = [Math.floor(x / scale), Math.floor(y / scale)];
  const [right, bottom] = [Math.ceil((x + width) / scale), Math.ceil((y + height) / scale)];
  const all = takeFloats(outputs, FEATURES, cells * (inputHeight / scale) * channels);
  const values = new Float32Array((right - left) * (bottom - top) * channels);
  for (let row = top; row < bottom; row++) {
    const from = (row * cells + left) * channels;
    values.set(all.subarray(from, from + (right - left) * channels), (row - top) * (right - left) * channels);
  }
  const area = {
    x: (left * scale - x) / width,
    y: (top * scale - y) / height,
    width: ((right - left) * scale) / width,
    height: ((bottom - top) * scale) / height,
  };
  return { area, width: right - left, height: bottom - top, channels, values };
}

/** The boxes of a look, in fractions of what was shown. */
export function boxesOf(
  { scores, sides, columns, content, isMirrored }: DetectorLook,
  minScore: number,
): readonly ClassBox[] {
  const boxes = findPeaks(scores, sides, COCO_NAMES.length, minScore, content, columns);
  if (!isMirrored) return boxes;
  return boxes.map((each) => ({ ...each, box: { ...each.box, x: 1 - each.box.x - each.box.width } }));
}
