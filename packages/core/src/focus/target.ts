import { FocalError } from '../errors.ts';
import type { Box } from '../scene/geometry.ts';

/** A subject in pixels of the frame: centre and size. */
export interface Target {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface FrameSize {
  readonly width: number;
  readonly height: number;
}

/** A subject of fewer pixels than this on a side is followed as if it had them. */
const LEAST_SIDE = 10;

/** Throws `invalid-argument` for a box without an area. */
export function toTarget(box: Box, { width, height }: FrameSize): Target {
  if (!(box.width > 0 && box.height > 0)) {
    throw new FocalError('invalid-argument', `Expected a box with an area, got ${box.width} × ${box.height}.`);
  }
  return {
    x: (box.x + box.width / 2) * width,
    y: (box.y + box.height / 2) * height,
    width: box.width * width,
    height: box.height * height,
  };
}

/** The target as a box in fractions of the frame. */
export function targetBox(target: Target, { width, height }: FrameSize): Box {
  return {
    x: (target.x - target.width / 2) / width,
    y: (target.y - target.height / 2) / height,
    width: target.width / width,
    height: target.height / height,
  };
}

/** Keeps the centre in the frame and the size between a few pixels and the frame. */
export function clampTarget(target: Target, frame: FrameSize): Target {
  return {
    x: Math.min(frame.width, Math.max(0, target.x)),
    y: Math.min(frame.height, Math.max(0, target.y)),
    width: Math.min(frame.width, Math.max(LEAST_SIDE, target.width)),
    height: Math.min(frame.height, Math.max(LEAST_SIDE, target.height)),
  };
}
