import type { Allocate, Picture } from '../../picture/picture.ts';

/** Size of a picture halved some times, rounded up. Level 0 is the picture. */
export interface LevelSize {
  readonly level: number;
  readonly width: number;
  readonly height: number;
}

/** What all steps of a bokeh share: the two pictures and the sizes they work in. [Note: bokeh in steps] */
export interface Frame {
  readonly picture: Picture;
  /** Straight RGBA of the subject alone, in the picture's size. */
  readonly cut: Picture;
  /** From the picture down to 1×1. */
  readonly sizes: readonly LevelSize[];
  /** The level on which distances and depths are worked out: the first not longer than {@link GRID_SIDE}. */
  readonly grid: LevelSize;
  readonly allocate: Allocate;
}

const GRID_SIDE = 256;

export function createFrame(picture: Picture, cut: Picture, allocate: Allocate): Frame {
  return { picture, cut, ...createLevelSizes(picture), allocate };
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
