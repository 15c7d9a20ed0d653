import { FocalError } from '../../errors.ts';
import type { Picture } from '../../picture/picture.ts';
import { clampTarget, type Target, targetBox, toTarget } from '../target.ts';
import type { Tracker, TrackStep } from '../tracker.ts';
import { createColorLikelihood } from './color-likelihood.ts';
import { CELL, CHANNELS, describeCells } from './features.ts';
import { createCorrelationFilter } from './filter.ts';
import { takePatch } from './patch.ts';
import { findPeak, meanInBoxes } from './place.ts';
import { createScaleFilter, SCALE_SIDE } from './scale.ts';

/** Cells on a side of what is searched. */
const SIDE = 32;
const PIXELS = SIDE * CELL;
/** Side of what is searched, in mean sides of the subject. */
const REACH = 2.5;
/** Width of the wanted answer, in mean sides of the subject. */
const SIGMA = 0.1;
/** Share of the colours in where the subject is. */
const COLOR_SHARE = 0.5;
/** How much of the newest frame each lesson takes on. */
const FILTER_RATE = 0.06;
const COLOR_RATE = 0.08;
const SCALE_RATE = 0.05;
/** Of what the box holds, how far it counts whatever its colour. */
const LEAST_RELIABILITY = 0.3;

export interface CorrelationTrackerOptions {
  /**
   * Takes what only the next step needs, to run it after the answer: the same steps come sooner. That step runs it itself
   * where nobody has by then. Until it has run, the frame's pixels must stay. Default: at once.
   */
  readonly defer?: ((lesson: () => void) => void) | undefined;
}

/**
 * Follows a subject by correlation, without a net: a filter over edges and colours that knows where its subject is and
 * which of its channels to trust (see {@link createCorrelationFilter}) and the colours of subject and surroundings find
 * the place, a filter over sizes the size. Place and size are learned in turns. Some 7 ms a frame of any size.
 */
export function createCorrelationTracker({ defer }: CorrelationTrackerOptions = {}): Tracker {
  const colors = createColorLikelihood();
  const filter = createCorrelationFilter({ side: SIDE, channels: CHANNELS, sigma: (SIGMA * SIDE) / REACH });
  const scale = createScaleFilter();
  const both = new Float32Array(SIDE * SIDE);
  let target: Target | undefined;
  let steps = 0;
  let size = { width: 1, height: 1 };
  let owed: (() => void) | undefined;

  function learn(frame: Picture, at: Target): void {
    const picture = takeSurroundings(frame, at);
    const inside = fillBox(boxInPatch(at));
    colors.learn(picture, inside, COLOR_RATE);
    filter.learn(describeCells(picture), reliability(inside, colors.of(picture)), FILTER_RATE);
  }

  function settle(): void {
    const lesson = owed;
    owed = undefined;
    lesson?.();
  }

  return {
    async start(frame, box) {
      size = { width: frame.width, height: frame.height };
      target = toTarget(box, size);
      steps = 0;
      owed = undefined;
      colors.forget();
      filter.forget();
      scale.forget();
      learn(frame, target);
      scale.learn(sizesOf(frame, target), SCALE_RATE);
    },
    async step(frame): Promise<TrackStep> {
      if (target === undefined) {
        throw new FocalError('invalid-argument', 'Expected a subject to follow, got none.', {
          hint: 'Start with a frame and a box first.',
        });
      }
      settle();
      const picture = takeSurroundings(frame, target);
      const answer = filter.respond(describeCells(picture));
      const color = meanInBoxes(colors.of(picture), SIDE, boxInPatch(target));
      for (let i = 0; i < both.length; i++) {
        both[i] = (answer[i] as number) * (1 - COLOR_SHARE) + (color[i] as number) * COLOR_SHARE;
      }
      const peak = findPeak(both, SIDE);
      const confidence = Math.min(1, Math.max(0, answer[peak.index] as number));
      const cell = (sideOf(target) * REACH) / SIDE;
      const moved = { ...target, x: target.x + (peak.x - SIDE / 2) * cell, y: target.y + (peak.y - SIDE / 2) * cell };
      const factor = scale.find(sizesOf(frame, moved));
      const found = { ...moved, width: moved.width * factor, height: moved.height * factor };
      const now = clampTarget(found, size);
      target = now;
      steps++;
      const isPlaceDue = steps % 2 === 0;
      owed = () => {
        if (isPlaceDue) learn(frame, now);
        else scale.learn(sizesOf(frame, now), SCALE_RATE, isSame(now, found));
      };
      if (defer === undefined) settle();
      else defer(settle);
      return { box: targetBox(now, size), confidence };
    },
    moveTo(box) {
      target = toTarget(box, size);
    },
  };
}

function isSame(a: Target, b: Target): boolean {
  return a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height;
}

/** The mean side of a subject. */
function sideOf({ width, height }: Target): number {
  return Math.sqrt(width * height);
}

/** What is searched, and what is learned from: a subject with what surrounds it. */
function takeSurroundings(frame: Picture, target: Target): Picture {
  const length = sideOf(target) * REACH;
  const part = { left: target.x - length / 2, top: target.y - length / 2, width: length, height: length };
  return takePatch(frame, part, PIXELS, PIXELS);
}

/** The subject's box in what {@link takeSurroundings} gives, in pixels of it. */
function boxInPatch(target: Target): { readonly width: number; readonly height: number } {
  const scale = PIXELS / (sideOf(target) * REACH);
  return { width: target.width * scale, height: target.height * scale };
}

/** The subject alone, stretched to a square, as if it were so much larger. */
function sizesOf(frame: Picture, target: Target): (factor: number) => Picture {
  return (factor) => {
    const width = target.width * factor;
    const height = target.height * factor;
    const part = { left: target.x - width / 2, top: target.y - height / 2, width, height };
    return takePatch(frame, part, SCALE_SIDE, SCALE_SIDE, 2);
  };
}

/** 1 where pixels of a patch lie in a box in its middle. */
function fillBox(box: { readonly width: number; readonly height: number }): Float32Array {
  const inside = new Float32Array(PIXELS * PIXELS);
  const from = (length: number) => Math.max(0, Math.round((PIXELS - length) / 2));
  const left = from(box.width);
  for (let y = from(box.height); y < PIXELS - from(box.height); y++) {
    inside.fill(1, y * PIXELS + left, (y + 1) * PIXELS - left);
  }
  return inside;
}

/** How far each cell is the subject rather than what is seen beside it in its box, 0..1. */
function reliability(inside: Float32Array, likelihood: Float32Array): Float32Array {
  const mask = new Float32Array(SIDE * SIDE);
  for (let y = 0, p = 0; y < PIXELS; y++) {
    for (let x = 0; x < PIXELS; x++, p++) {
      const cell = Math.floor(y / CELL) * SIDE + Math.floor(x / CELL);
      const share = LEAST_RELIABILITY + (1 - LEAST_RELIABILITY) * (likelihood[p] as number);
      mask[cell] = (mask[cell] as number) + ((inside[p] as number) * share) / (CELL * CELL);
    }
  }
  return mask;
}
