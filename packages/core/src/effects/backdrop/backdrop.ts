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
export function createBehind(backdrop: Backdrop, width: number): (row: ShadeRow) => void {
  const draw = backdrop.create();
  const behind = new Float32Array(width * 4);
  return ({ y, line, subject }) => {
    const front = subject ?? line;
    if (isOpaque(front)) {
      if (subject !== undefined) line.set(subject);
      return;
    }
    draw(y, behind);
    for (let o = 0; o < line.length; o += 4) {
      const own = front[o + 3] as number;
      if (own <= 0) {
        line[o] = behind[o] as number;
        line[o + 1] = behind[o + 1] as number;
        line[o + 2] = behind[o + 2] as number;
        line[o + 3] = 255;
        continue;
      }
      const rest = own >= 255 ? 0 : 1 - own / 255;
      line[o] = (front[o] as number) + rest * (behind[o] as number);
      line[o + 1] = (front[o + 1] as number) + rest * (behind[o + 1] as number);
      line[o + 2] = (front[o + 2] as number) + rest * (behind[o + 2] as number);
      line[o + 3] = own + rest * 255;
    }
  };
}

function isOpaque(line: Float32Array): boolean {
  for (let o = 3; o < line.length; o += 4) if ((line[o] as number) < 255) return false;
  return true;
}
