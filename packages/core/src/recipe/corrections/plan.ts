import type { Pass, Plan } from '../../async/plan.ts';
import { triangleBlur } from '../../filters/triangle.ts';
import { planRefineMatte } from '../../matte/refine.ts';
import { createMatte, type Matte } from '../../picture/matte.ts';
import type { Allocate, Picture } from '../../picture/picture.ts';
import { planResizeMatte } from '../../picture/resize.ts';
import { shiftPasses } from './edge.ts';
import { coverRow, paintOver, type Stroke, toPixels } from './stroke.ts';

type Mode = 'add' | 'remove';

/** A correction that acts on alpha. Plain data. */
export type ResolvedCorrection =
  | ({ readonly kind: 'stroke'; readonly mode: Mode } & Stroke)
  /** Of the whole picture, at model resolution. */
  | { readonly kind: 'pick'; readonly mode: Mode; readonly matte: Matte }
  | { readonly kind: 'feather'; readonly radius: number }
  | { readonly kind: 'shift'; readonly amount: number };

// [Note: corrections by hand] Corrections change the alpha of a selection once its edges were found, in the order in which
// they were made, before anything else uses it: colours are cut out along the corrected alpha, and the selection's
// inverse follows. They are kept as what was done, in shares of the picture, so that a preview shows what the full size
// will have. Strokes and picks of a row are drawn together in one pass; what moves the edge looks at neighbours, and
// needs passes of its own.

/** A selection's alpha, corrected, in new memory. Edges of picks are those of the picture. */
export function planCorrections(
  picture: Picture,
  alpha: Matte,
  corrections: readonly ResolvedCorrection[],
  allocate: Allocate,
): Plan<Matte> {
  return planAlong(alpha, corrections, (matte) => planRefineMatte(picture, matte, allocate), allocate);
}

/** The same without a picture's edges, in a matte whose shape is the picture's. */
export function planCoarseCorrections(
  alpha: Matte,
  corrections: readonly ResolvedCorrection[],
  allocate: Allocate,
): Plan<Matte> {
  return planAlong(
    alpha,
    corrections,
    (matte) => planResizeMatte(matte, alpha.width, alpha.height, { allocate }),
    allocate,
  );
}

function planAlong(
  alpha: Matte,
  corrections: readonly ResolvedCorrection[],
  fit: (matte: Matte) => Plan<Matte>,
  allocate: Allocate,
): Plan<Matte> {
  const { width, height } = alpha;
  const result = createMatte(width, height, { allocate });
  const passes: Pass[] = [];
  let scratch: Matte | undefined;
  let source = alpha;
  let drawn: Mark[] = [];

  function draw(): void {
    if (drawn.length === 0 && source === result) return;
    const [from, marks] = [source, drawn];
    passes.push({ name: 'correct', rows: height, run: (first, last) => drawMarks(from, marks, result, first, last) });
    source = result;
    drawn = [];
  }

  for (const correction of corrections) {
    if (correction.kind === 'stroke') {
      const stroke = toPixels(correction, width, height);
      drawn.push({ mode: correction.mode, cover: (y, row) => coverRow(stroke, y, row) });
    } else if (correction.kind === 'pick') {
      const { passes: own, result: picked } = fit(correction.matte);
      passes.push(...own);
      drawn.push({ mode: correction.mode, picked });
    } else {
      draw();
      scratch ??= createMatte(width, height, { allocate });
      const memory = { source, scratch, result };
      const radiusPx = correction.kind === 'feather' ? correction.radius * Math.max(width, height) : 0;
      passes.push(
        ...(correction.kind === 'feather'
          ? triangleBlur(memory, radiusPx)
          : shiftPasses(memory, correction.amount, allocate)),
      );
    }
  }
  draw();
  return { passes, result };
}

/** What is drawn: with a brush, or the alpha of what was picked. */
type Mark =
  | { readonly mode: Mode; readonly cover: (y: number, row: Uint8Array) => readonly [from: number, to: number] }
  | { readonly mode: Mode; readonly picked: Matte };

function drawMarks(source: Matte, marks: readonly Mark[], target: Matte, first: number, last: number): void {
  const { width } = source;
  const cover = new Uint8Array(width);
  for (let y = first; y < last; y++) {
    const row = target.data.subarray(y * width, (y + 1) * width);
    if (source !== target) row.set(source.data.subarray(y * width, (y + 1) * width));
    for (const mark of marks) {
      if ('picked' in mark) {
        drawPick(row, mark.picked.data.subarray(y * width, (y + 1) * width), mark.mode);
        continue;
      }
      const [from, to] = mark.cover(y, cover);
      drawStroke(row, cover, mark.mode, from, to);
      cover.fill(0, from, to);
    }
  }
}

function drawStroke(
  row: Uint8Array | Uint8ClampedArray,
  cover: Uint8Array,
  mode: Mode,
  from: number,
  to: number,
): void {
  for (let x = from; x < to; x++) {
    const value = cover[x] as number;
    if (value > 0) row[x] = paintOver(row[x] as number, value, mode);
  }
}

/** The sum, so that neighbours meet without a seam, and what is taken away again leaves no rim. */
function drawPick(row: Uint8Array | Uint8ClampedArray, picked: Uint8Array | Uint8ClampedArray, mode: Mode): void {
  const turn = mode === 'add' ? 255 : 0;
  for (let x = 0; x < row.length; x++) {
    const value = (row[x] as number) ^ turn;
    row[x] = Math.max(0, value - (picked[x] as number)) ^ turn;
  }
}
