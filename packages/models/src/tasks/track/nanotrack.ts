import {
  clampTarget,
  FocalError,
  type Picture,
  type Rgb,
  type Target,
  type Tracker,
  type TrackStep,
  targetBox,
  toTarget,
  warpPicture,
} from '@focal/core';
import { SEARCH_SIDE, TEMPLATE_SIDE, TRACKER_NAMES } from '../../onnx/join-tracker.ts';
import type { Session, Tensor } from '../../ports.ts';
import { takeFloats } from '../outputs.ts';

export interface NanotrackOptions {
  /** How much a change of size or shape counts against a place. */
  readonly changePenalty?: number;
  /** How much nearness to the last place counts, 0..1. */
  readonly windowInfluence?: number;
  /** How fast the size follows, 0..1. */
  readonly sizeRate?: number;
}

/** The head's map: so many places on a side, so many pixels of the search part apart. */
const MAP_SIDE = 16;
const STRIDE = 16;
const PLACES = MAP_SIDE * MAP_SIDE;
/** How much of what surrounds it belongs to the picture of a subject, in its mean side on each axis. */
const CONTEXT = 0.5;
/** The net is above .97 on nine frames in ten of its subject, and above .73 on nine in ten without it: this parts them. */
const SURENESS = 5;

/**
 * Follows a subject with NanoTrack v2, a Siamese net: the part of a frame around the last place is compared with the
 * subject's first picture, and each of 16² places says how likely it is and which box it sees. Large jumps of place,
 * size and shape count against a place; see Li et al., "High Performance Visual Tracking with Siamese Region Proposal
 * Network" (CVPR 2018), and Xu et al., "SiamFC++" (AAAI 2020). The session stays the caller's.
 */
export function createNanotrack(session: Session, options: NanotrackOptions = {}): Tracker {
  const { changePenalty = 0.138, windowInfluence = 0.455, sizeRate = 0.348 } = options;
  const window = createHann();
  let template: Tensor | undefined;
  let outside: Rgb = [0, 0, 0];
  let target: Target | undefined;
  let size = { width: 1, height: 1 };

  return {
    async start(frame, box) {
      size = { width: frame.width, height: frame.height };
      target = toTarget(box, size);
      outside = meanColor(frame);
      template = cropTensor(frame, target, padded(target.width, target.height), TEMPLATE_SIDE, outside);
    },
    async step(frame): Promise<TrackStep> {
      if (template === undefined || target === undefined) {
        throw new FocalError('invalid-argument', 'Expected a subject to follow, got none.', {
          hint: 'Start with a frame and a box first.',
        });
      }
      const exemplar = padded(target.width, target.height);
      const side = (exemplar * SEARCH_SIDE) / TEMPLATE_SIDE;
      const search = cropTensor(frame, target, side, SEARCH_SIDE, outside);
      const outputs = await session.run({ [TRACKER_NAMES.template]: template, [TRACKER_NAMES.search]: search });
      const scores = takeFloats(outputs, TRACKER_NAMES.scores, 2 * PLACES);
      const boxes = takeFloats(outputs, TRACKER_NAMES.boxes, 4 * PLACES);
      const scale = TEMPLATE_SIDE / exemplar;
      const seen = choose(scores, boxes, { width: target.width * scale, height: target.height * scale });
      const rate = seen.penalty * seen.score * sizeRate;
      target = clampTarget(
        {
          x: target.x + seen.x / scale,
          y: target.y + seen.y / scale,
          width: target.width * (1 - rate) + (seen.width / scale) * rate,
          height: target.height * (1 - rate) + (seen.height / scale) * rate,
        },
        size,
      );
      return { box: targetBox(target, size), confidence: seen.score ** SURENESS };
    },
    moveTo(box) {
      target = toTarget(box, size);
    },
  };

  function choose(scores: Float32Array, boxes: Float32Array, before: { width: number; height: number }) {
    const paddedBefore = padded(before.width, before.height);
    const shapeBefore = before.width / before.height;
    let best = { rank: Number.NEGATIVE_INFINITY, score: 0, penalty: 0, x: 0, y: 0, width: 1, height: 1 };
    for (let i = 0; i < PLACES; i++) {
      const score = 1 / (1 + Math.exp((scores[i] as number) - (scores[PLACES + i] as number)));
      const left = boxes[i] as number;
      const top = boxes[PLACES + i] as number;
      const right = boxes[2 * PLACES + i] as number;
      const bottom = boxes[3 * PLACES + i] as number;
      const width = Math.max(1, left + right);
      const height = Math.max(1, top + bottom);
      const sizeChange = overOne(padded(width, height) / paddedBefore);
      const shapeChange = overOne(shapeBefore / (width / height));
      const penalty = Math.exp(-(sizeChange * shapeChange - 1) * changePenalty);
      const rank = penalty * score * (1 - windowInfluence) + (window[i] as number) * windowInfluence;
      if (rank <= best.rank) continue;
      const x = ((i % MAP_SIDE) - MAP_SIDE / 2) * STRIDE + (right - left) / 2;
      const y = (Math.floor(i / MAP_SIDE) - MAP_SIDE / 2) * STRIDE + (bottom - top) / 2;
      best = { rank, score, penalty, x, y, width, height };
    }
    return best;
  }
}

/** The side of a square that holds a subject with what surrounds it. */
function padded(width: number, height: number): number {
  const more = (width + height) * CONTEXT;
  return Math.sqrt((width + more) * (height + more));
}

function overOne(ratio: number): number {
  return Math.max(ratio, 1 / ratio);
}

function createHann(): Float32Array {
  const line = Float32Array.from(
    { length: MAP_SIDE },
    (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / (MAP_SIDE - 1)),
  );
  return Float32Array.from(
    { length: PLACES },
    (_, i) => (line[i % MAP_SIDE] ?? 0) * (line[Math.floor(i / MAP_SIDE)] ?? 0),
  );
}

/** A square part of a frame as the net takes it: B, G, R in 0..255; beyond the frame, its mean colour. */
function cropTensor(frame: Picture, { x, y }: Target, side: number, pixels: number, outside: Rgb): Tensor {
  const step = side / pixels;
  const toSource = { xx: step, xy: 0, x0: x - side / 2, yx: 0, yy: step, y0: y - side / 2 };
  const { data: crop } = warpPicture(frame, toSource, pixels, pixels, { outside });
  const plane = pixels * pixels;
  const data = new Float32Array(3 * plane);
  for (let i = 0, at = 0; i < plane; i++, at += 4) {
    data[i] = crop[at + 2] as number;
    data[plane + i] = crop[at + 1] as number;
    data[2 * plane + i] = crop[at] as number;
  }
  return { type: 'float32', data, dims: [1, 3, pixels, pixels] };
}

function meanColor({ data }: Picture): Rgb {
  let [r, g, b] = [0, 0, 0];
  for (let i = 0; i < data.length; i += 4) {
    r += data[i] as number;
    g += data[i + 1] as number;
    b += data[i + 2] as number;
  }
  const pixels = data.length / 4;
  return [Math.round(r / pixels), Math.round(g / pixels), Math.round(b / pixels)];
}
