import { createThreadCache } from '../async/thread-cache.ts';
import { createMatte, type Matte } from '../picture/matte.ts';
import type { Picture } from '../picture/picture.ts';
import { resizePicture } from '../picture/resize.ts';

/** Takes the flicker out of mattes of one size that come frame by frame. */
export interface SteadyMatte {
  /** The matte of the next frame, made steadier; the size of the matte that comes in. */
  step(picture: Picture, matte: Matte): Matte;
  /** What comes next is another scene. */
  forget(): void;
}

/** How much of the matte before is kept where nothing moved, and where both agree although something did. */
const KEPT_STILL = 0.8;
const KEPT_AGREED = 0.35;
/** A change of colour, mean of the channels in bytes, by which what was there counts as moved. */
const MOVED = 7;
/** Mattes that differ by more than this, in bytes, do not agree at all. */
const DIFFERS = 96;
/** A change of the whole picture's mean colour by which the scene is another. */
const CUT = 40;

/**
 * Averages over time with weights of their own for each cell: they grow where the picture stays the same and where the
 * mattes agree, and fall to nothing where something moves and they do not. So borders at rest stop flickering, and
 * nothing trails behind who moves.
 */
export function createSteadyMatte(): SteadyMatte {
  const cache = createThreadCache();
  let before: { readonly small: Picture; readonly values: Float32Array } | undefined;
  return {
    step(picture, matte) {
      const { width, height } = matte;
      const small = resizePicture(picture, width, height, { filter: 'area', cache });
      const values = new Float32Array(matte.data);
      const last = before?.values.length === values.length ? before : undefined;
      before = { small, values };
      if (last === undefined) return matte;
      if (meanChange(small, last.small) > CUT) return matte;
      const data = new Uint8Array(values.length);
      const [a, b] = [small.data, last.small.data];
      for (let i = 0, at = 0; i < values.length; i++, at += 4) {
        const now = values[i] as number;
        const then = last.values[i] as number;
        if (now !== then) {
          const moved =
            (Math.abs((a[at] as number) - (b[at] as number)) +
              Math.abs((a[at + 1] as number) - (b[at + 1] as number)) +
              Math.abs((a[at + 2] as number) - (b[at + 2] as number))) /
            (3 * MOVED);
          const still = 1 / (1 + moved * moved);
          const agreed = Math.max(0, 1 - Math.abs(now - then) / DIFFERS);
          values[i] = now + (then - now) * (KEPT_STILL * still * still + KEPT_AGREED * (1 - still) * agreed * agreed);
        }
        data[i] = (values[i] as number) + 0.5;
      }
      return createMatte(width, height, { data });
    },
    forget() {
      before = undefined;
    },
  };
}

/** The mean change of the pixels' channels. */
function meanChange({ data }: Picture, { data: other }: Picture): number {
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += Math.abs((data[i] as number) - (other[i] as number));
  return sum / ((data.length * 3) / 4);
}
