import type { Matte } from '../../picture/matte.ts';
import type { Allocate, Bytes, Picture } from '../../picture/picture.ts';

/** Size of a picture halved some times, rounded up. Level 0 is the picture. */
export interface LevelSize {
  readonly level: number;
  readonly width: number;
  readonly height: number;
}

/** The subject alone, in the picture's size. */
export interface Subject {
  /** Its colours, where it has a share of a pixel. */
  readonly colors: Picture;
  /** Its alpha: `step` bytes from one pixel to the next, from `first` on. */
  readonly alpha: Bytes;
  readonly step: 1 | 4;
  readonly first: 0 | 3;
}

/** A subject that was cut out: straight RGBA. */
export function cutSubject(cut: Picture): Subject {
  return { colors: cut, alpha: cut.data, step: 4, first: 3 };
}

/** A subject with the picture's own colours. */
export function seenSubject(picture: Picture, alpha: Matte): Subject {
  return { colors: picture, alpha: alpha.data, step: 1, first: 0 };
}

/** What all steps of a bokeh share: the two pictures and the sizes they work in. [Note: bokeh in steps] */
export interface Frame {
  readonly picture: Picture;
  readonly subject: Subject;
  /** From the picture down to 1×1. */
  readonly sizes: readonly LevelSize[];
  /** The level on which distances and depths are worked out: the first not longer than {@link GRID_SIDE}. */
  readonly grid: LevelSize;
  readonly allocate: Allocate;
}

const GRID_SIDE = 256;

export function createFrame(picture: Picture, subject: Subject, allocate: Allocate): Frame {
  return { picture, subject, ...createLevelSizes(picture), allocate };
}

/** The sizes that a bokeh of a picture of this size works in. */
export function createLevelSizes({ width, height }: Pick<Picture, 'width' | 'height'>): Pick<Frame, 'sizes' | 'grid'> {
  const sizes: LevelSize[] = [{ level: 0, width, height }];
  let last = sizes[0] as LevelSize;
  while (last.width > 1 || last.height > 1 || sizes.length < 2) {
    last = { level: last.level + 1, width: (last.width + 1) >> 1, height: (last.height + 1) >> 1 };
    sizes.push(last);
  }
  const grid = sizes.find(({ level, width, height }) => level > 0 && Math.max(width, height) <= GRID_SIDE) ?? last;
  return { sizes, grid };
}

/** The frame's size at a level. */
export function sizeAt(frame: Frame, level: number): LevelSize {
  const size = frame.sizes[level];
  if (size === undefined) throw new RangeError(`There is no level ${level}.`);
  return size;
}

/** The subject's share of a pixel, 0..255, whatever the picture's own alpha. */
export function shareAt({ alpha, step, first }: Subject, { data }: Picture, pixel: number): number {
  const own = alpha[pixel * step + first] as number;
  if (own === 0 || own === 255) return own;
  const whole = data[pixel * 4 + 3] as number;
  if (whole === 255) return own;
  return own >= whole ? 255 : ((own * 255) / whole + 0.5) | 0;
}
