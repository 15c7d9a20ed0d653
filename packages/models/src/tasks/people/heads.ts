import { type Box } from '@focal/core';
import { type Area, type Size, toArea } from './grid.ts';

/** The part of a face's box that is its owner's for sure: faces seen from the side leave corners of it free. */
const INNER = 0.6;
/** The part that is nobody else's. */
const FACE = 0.85;
/** Where hair is expected: so much of the face's sides beyond it, on both sides, above, and below. */
const HAIR = { beside: 0.3, above: 0.5, below: 0.2 };

/** The middle of the face, which is the person's whatever the models say. */
export function innerFace(face: Box): Box {
  return scale(face, INNER);
}

/** The face, which is nobody else's. */
export function wholeFace(face: Box): Box {
  return scale(face, FACE);
}

/** The face with its hair, which is hardly anybody else's. */
export function faceWithHair({ x, y, width, height }: Box): Box {
  return {
    x: x - HAIR.beside * width,
    y: y - HAIR.above * height,
    width: (1 + 2 * HAIR.beside) * width,
    height: (1 + HAIR.above + HAIR.below) * height,
  };
}

/** Visits each pixel of the area whose middle lies in the ellipse that the box holds. */
export function eachInEllipse(grid: Size, area: Area, box: Box, visit: (i: number) => void): void {
  const part = toArea(grid, box, 0);
  const right = Math.min(part.x + part.width, area.x + area.width);
  const bottom = Math.min(part.y + part.height, area.y + area.height);
  for (let y = Math.max(part.y, area.y); y < bottom; y++) {
    const down = ((y + 0.5) / grid.height - box.y) / box.height - 0.5;
    for (let x = Math.max(part.x, area.x); x < right; x++) {
      const across = ((x + 0.5) / grid.width - box.x) / box.width - 0.5;
      if (across * across + down * down <= 0.25) visit((y - area.y) * area.width + x - area.x);
    }
  }
}

function scale({ x, y, width, height }: Box, factor: number): Box {
  const room = (1 - factor) / 2;
  return { x: x + room * width, y: y + room * height, width: width * factor, height: height * factor };
}
