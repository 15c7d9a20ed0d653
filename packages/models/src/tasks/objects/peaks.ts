import type { Box, Picture } from '@focal/core';

/** Cells of the detector's maps along each side of a square, and pixels of its input to one cell. */
export const CELLS = 128;
export const STRIDE = 4;
export const INPUT_SIDE = CELLS * STRIDE;

/** A box of one class, and how sure the detector is of it. */
export interface ClassBox {
  readonly classIndex: number;
  readonly score: number;
  /** In fractions of what the caller mapped it to. */
  readonly box: Box;
}

/** Where the picture lies in the input, in its pixels. */
export type Content = Pick<Picture, 'width' | 'height'> & { readonly x: number; readonly y: number };

/**
 * Boxes out of the detector's maps: where a class's score is the largest among its eight neighbours and at least
 * `minScore` (Zhou, Wang and Krähenbühl 2019, "Objects as Points"). Fractions of the content, not clipped.
 * @param scores rows × columns × classes, 0..1
 * @param sides rows × columns × 4: left, top, right, bottom from the cell, in input pixels
 */
export function findPeaks(
  scores: Float32Array,
  sides: Float32Array,
  classes: number,
  minScore: number,
  content: Content,
  columns = CELLS,
): readonly ClassBox[] {
  const found: ClassBox[] = [];
  const row = columns * classes;
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i] as number;
    if (score < minScore) continue;
    const cell = (i / classes) | 0;
    const x = cell % columns;
    const y = (cell / columns) | 0;
    if (!isPeak(scores, i, score, classes, row, x, columns)) continue;
    const left = x * STRIDE - (sides[cell * 4] as number);
    const top = y * STRIDE - (sides[cell * 4 + 1] as number);
    const right = x * STRIDE + (sides[cell * 4 + 2] as number);
    const bottom = y * STRIDE + (sides[cell * 4 + 3] as number);
    if (!(right > left && bottom > top)) continue;
    found.push({
      classIndex: i % classes,
      score,
      box: {
        x: (left - content.x) / content.width,
        y: (top - content.y) / content.height,
        width: (right - left) / content.width,
        height: (bottom - top) / content.height,
      },
    });
  }
  return found;
}

function isPeak(
  scores: Float32Array,
  i: number,
  score: number,
  classes: number,
  row: number,
  x: number,
  columns: number,
): boolean {
  for (let dy = i >= row ? -1 : 0; dy <= (i + row < scores.length ? 1 : 0); dy++) {
    for (let dx = x > 0 ? -1 : 0; dx <= (x < columns - 1 ? 1 : 0); dx++) {
      if ((scores[i + dy * row + dx * classes] as number) > score) return false;
    }
  }
  return true;
}
