import type { Tensor } from '../ports.ts';
import { COCO_NAMES } from '../tasks/objects/coco-names.ts';
import { SCORES, SIDES } from '../tasks/objects/look.ts';
import { CELLS, INPUT_SIDE } from '../tasks/objects/peaks.ts';
import { OWN_BOX_VALUES, type OwnModelFit, type OwnOutputFit } from './own-model.ts';

/** Boxes less sure than this are none. */
const LEAST = 0.03;

/**
 * Boxes as YOLO gives them in the form of CenterNet's maps: each stands at the cell that its centre is in, with its scores
 * there. Of several in one cell each class has its highest score, and the surest one's box is kept.
 */
export function toDetectorMaps(
  values: Float32Array,
  { boxes, byBox }: Extract<OwnOutputFit, { kind: 'boxes' }>,
  input: Pick<OwnModelFit['input'], 'width' | 'height'>,
): Readonly<Record<string, Tensor>> {
  const classes = COCO_NAMES.length;
  const scores = new Float32Array(CELLS * CELLS * classes);
  const sides = new Float32Array(CELLS * CELLS * 4);
  const surest = new Float32Array(CELLS * CELLS);
  const stride = INPUT_SIDE / CELLS;
  const [toX, toY] = [INPUT_SIDE / input.width, INPUT_SIDE / input.height];
  const at = (box: number, value: number): number =>
    values[byBox ? box * OWN_BOX_VALUES + value : value * boxes + box] as number;
  for (let box = 0; box < boxes; box++) {
    let best = 0;
    for (let i = 0; i < classes; i++) best = Math.max(best, at(box, 4 + i));
    if (best < LEAST) continue;
    const [x, y, halfWidth, halfHeight] = [
      at(box, 0) * toX,
      at(box, 1) * toY,
      (at(box, 2) * toX) / 2,
      (at(box, 3) * toY) / 2,
    ];
    const [column, row] = [Math.round(x / stride), Math.round(y / stride)];
    if (column < 0 || row < 0 || column >= CELLS || row >= CELLS) continue;
    const cell = row * CELLS + column;
    for (let i = 0; i < classes; i++) {
      const score = Math.min(1, at(box, 4 + i));
      if (score >= LEAST && score > (scores[cell * classes + i] as number)) scores[cell * classes + i] = score;
    }
    if (best <= (surest[cell] as number)) continue;
    surest[cell] = best;
    const [left, top] = [column * stride, row * stride];
    sides.set([left - (x - halfWidth), top - (y - halfHeight), x + halfWidth - left, y + halfHeight - top], cell * 4);
  }
  return {
    [SCORES]: { type: 'float32', data: scores, dims: [1, CELLS, CELLS, classes] },
    [SIDES]: { type: 'float32', data: sides, dims: [1, CELLS, CELLS, 4] },
  };
}
