import { FocalError } from '../errors.ts';
import { type Box, intersectBoxes } from '../scene/geometry.ts';

/** Room to the borders, and to what is kept clear where there is room, as shares of the picture's shorter side. */
const MARGIN = 0.04;
const CLEARANCE = 0.02;
/** Places that are tried along each side, beside those that just clear a box. */
const STEPS = 24;
/** What it costs to leave the wished border for the other one, or for the space between; 1 is the picture's width. */
const OTHER_BORDER = { bottom: 2, top: 2, auto: 0.2 } as const;
const BETWEEN = 3;
/** With more boxes than this only the even steps are tried: the work grows with the cube of their number. */
const MAX_EXACT = 40;

/** Where a caption should stand when nothing is in its way; `auto` takes what is freer, the bottom when both are. */
export type CaptionPlace = 'bottom' | 'top' | 'auto';

interface Size {
  readonly width: number;
  readonly height: number;
}

export interface PlacedCaption {
  /** Top left corner of the caption, whole px, from the picture's top left corner. Negative where it does not fit. */
  readonly x: number;
  readonly y: number;
  /** Share of the caption that lies over what should stay clear, 0 (none) to 1. */
  readonly covered: number;
  /** Whether the whole caption lies in the picture: else use a smaller font or a smaller width. */
  readonly fits: boolean;
}

/**
 * Where a caption of this size (px) goes in a picture (px): in the middle of the wished border when that is clear of
 * all boxes (fractions of the picture: faces, say), else moved along that border, else at the other border, else the
 * nearest place between them; `auto` rather takes the middle of the top than a corner of the bottom. Where no place is
 * clear, the one that covers least.
 * Throws `invalid-argument` for sizes that are not positive.
 *
 * @example
 * placeCaption({ width: 1000, height: 1000 }, { width: 400, height: 100 }, [], 'bottom')
 * // { x: 300, y: 860, covered: 0, fits: true }
 */
export function placeCaption(
  picture: Size,
  caption: Size,
  avoid: readonly Box[],
  place: CaptionPlace = 'auto',
): PlacedCaption {
  for (const side of [picture.width, picture.height, caption.width, caption.height]) {
    if (!(side > 0 && side < Infinity)) {
      throw new FocalError('invalid-argument', `Expected positive sizes for a caption and its picture, got ${side}.`);
    }
  }
  const short = Math.min(picture.width, picture.height);
  const clearance = CLEARANCE * short;
  const boxes = avoid.map(({ x, y, width, height }) => ({
    x: x * picture.width,
    y: y * picture.height,
    width: width * picture.width,
    height: height * picture.height,
  }));
  const xs = placesAlong(
    picture.width,
    caption.width,
    short,
    clearance,
    boxes.map(({ x, width }) => [x, x + width]),
  );
  const ys = placesAlong(
    picture.height,
    caption.height,
    short,
    clearance,
    boxes.map(({ y, height }) => [y, y + height]),
  );
  const [middle, top, bottom] = [(xs.low + xs.high) / 2, ys.low, ys.high];
  let best: { x: number; y: number; cost: number; covered: number } | undefined;
  for (const y of ys.places) {
    const fromBorder = place === 'top' ? y - top : bottom - y;
    const isOther = y === (place === 'top' ? bottom : top);
    const leaving = fromBorder === 0 ? 0 : isOther ? OTHER_BORDER[place] : BETWEEN + fromBorder / picture.height;
    for (const x of xs.places) {
      const covered = coveredShare({ x, y, ...caption }, boxes, 0);
      const close = coveredShare({ x, y, ...caption }, boxes, clearance);
      // Being clear outweighs the room around, that the border, and that the middle.
      const cost = 1e6 * covered + 1e3 * close + leaving + Math.abs(x - middle) / picture.width;
      if (best === undefined || cost < best.cost) best = { x, y, cost, covered };
    }
  }
  const { x, y, covered } = best ?? { x: middle, y: bottom, covered: 0 };
  return { x, y, covered, fits: caption.width <= picture.width && caption.height <= picture.height };
}

interface Places {
  /** Whole px, from the least to the most, which are the first and the last of `places`. */
  readonly low: number;
  readonly high: number;
  readonly places: readonly number[];
}

/** Where a caption may begin along one side: at even steps, in the middle, and just before and behind each box. */
function placesAlong(
  whole: number,
  length: number,
  short: number,
  clearance: number,
  boxes: readonly (readonly [number, number])[],
): Places {
  // The margin shrinks where the caption needs the room; a caption that does not fit at all is centred.
  const margin = Math.max(0, Math.min(MARGIN * short, (whole - length) / 2));
  const low = length > whole ? Math.round((whole - length) / 2) : Math.round(margin);
  const high = length > whole ? low : Math.max(low, Math.floor(whole - length - margin));
  const places = new Set<number>([low, high, Math.round((low + high) / 2)]);
  for (let step = 1; step < STEPS; step++) places.add(Math.round(low + ((high - low) * step) / STEPS));
  for (const [from, to] of boxes.length > MAX_EXACT ? [] : boxes) {
    for (const room of [0, clearance]) places.add(Math.floor(from - room - length)).add(Math.ceil(to + room));
  }
  return { low, high, places: [...places].filter((at) => at >= low && at <= high).sort((a, b) => a - b) };
}

/** Share of a caption that lies over boxes grown by some px. Boxes that overlap each other count twice. */
function coveredShare(caption: Box, boxes: readonly Box[], room: number): number {
  let area = 0;
  for (const { x, y, width, height } of boxes) {
    const grown = { x: x - room, y: y - room, width: width + 2 * room, height: height + 2 * room };
    const shared = intersectBoxes(caption, grown);
    if (shared !== undefined) area += shared.width * shared.height;
  }
  return Math.min(1, area / (caption.width * caption.height));
}
