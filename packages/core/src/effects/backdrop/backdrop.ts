import type { Pass } from '../../async/plan.ts';
import type { ShadeRow } from '../shade.ts';

// [Note: backdrops] What stands behind a subject is drawn row by row into floats, RGBA, 0..255, opaque, in the picture's
// colour space. The cut-out rounds such rows into bytes, the background of recipes puts them behind the subject.

/** Draws a row of what stands behind. Belongs to one thread. */
export type BackdropRows = (y: number, line: Float32Array) => void;

export interface Backdrop {
  /** Run before the rows. */
  readonly passes: readonly Pass[];
  create(): BackdropRows;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Puts a backdrop behind the selected in place of what was there; where all is selected, behind all. */
export function createBehind(backdrop: Backdrop): (row: ShadeRow) => void {
  const draw = backdrop.create();
  return ({ y, line, subject, bench }) => {
    const front = subject ?? line;
    if (bench.isOpaque(front)) {
      if (subject !== undefined) line.set(subject);
      return;
    }
    draw(y, bench.behind);
    bench.putBehind(front);
  };
}
