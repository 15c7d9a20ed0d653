import { type ColorModel, fitColors, nearestGaussian, refitColors } from './color-model.ts';
import { type Contrast, measureContrast } from './contrast.ts';
import { cutGrid } from './min-cut.ts';

/** What is known of a pixel before the cut. */
export const BACKGROUND = 0;
export const MAYBE_BACKGROUND = 1;
export const MAYBE_SUBJECT = 2;
export const SUBJECT = 3;
/** Not of this subject, but of another one: what colours it has says nothing of the background's. */
export const OTHER = 4;

/** A picture made ready to be cut several times. */
export interface CutPicture {
  readonly width: number;
  readonly height: number;
  /** RGB bytes, three a pixel. */
  readonly colors: Float32Array;
  readonly contrast: Contrast;
}

export interface GrabCutOptions {
  /** How often colours are fitted and the picture is cut. Default 4; it ends sooner when nothing changes. */
  readonly rounds?: number;
  /**
   * What speaks for the subject apart from colour: log odds of each pixel in nats. Default 0 everywhere.
   */
  readonly prior?: Float32Array;
  /** How far colours can speak for or against the subject, in nats. Default 8. */
  readonly mostColor?: number;
}

export interface GrabCutResult {
  /** 1 where the subject is, 2 where another is, 0 elsewhere. */
  readonly sides: Uint8Array;
  /** Mean of how much better each pixel's colour fits its own side than the other, in nats, capped. */
  readonly margin: number;
  /** Mean share, 0..1, of the strength that the border of the subject cuts through: small where it runs along edges. */
  readonly borderCost: number;
}

/** Whole units of a nat in capacities. */
const UNITS = 64;
/** Of contrast edges in nats: γ of the paper. */
const STRENGTH = 50;
const GAUSSIANS = 5;
const CERTAIN = 1 << 24;
/** Side of pixels that teach neither side its colours. */
const NEITHER = 2;

/** Colours and contrast edges of a picture, 4 bytes a pixel (its alpha is not looked at). */
export function prepareCut(pixels: ArrayLike<number>, width: number, height: number, strength = STRENGTH): CutPicture {
  const colors = new Float32Array(width * height * 3);
  for (let i = 0, o = 0; o < colors.length; i += 4, o += 3) {
    colors[o] = pixels[i] as number;
    colors[o + 1] = pixels[i + 1] as number;
    colors[o + 2] = pixels[i + 2] as number;
  }
  return { width, height, colors, contrast: measureContrast(colors, width, height, strength * UNITS) };
}

/**
 * Subject against background from a trimap (Rother, Kolmogorov & Blake, "GrabCut", 2004): colours of both sides as five
 * Gaussians each, a cut along the picture's edges, colours fitted to what was cut, and again. Pixels that are certain stay
 * what they are. Deterministic, whatever the trimap holds: without any subject it gives none.
 */
export function grabCut(picture: CutPicture, trimap: Uint8Array, options: GrabCutOptions = {}): GrabCutResult {
  const { colors, contrast } = picture;
  const { rounds = 4, prior, mostColor = 8 } = options;
  const count = trimap.length;
  let sides: Uint8Array = Uint8Array.from(trimap, toFirstSide);
  let subject: ColorModel = fitColors(colors, sides, 1, { count: GAUSSIANS, seed: 1 });
  let background: ColorModel = fitColors(colors, sides, 0, { count: GAUSSIANS, seed: 2 });
  const subjectCosts = new Float32Array(count);
  const backgroundCosts = new Float32Array(count);
  const nearestSubject = new Uint8Array(count);
  const nearestBackground = new Uint8Array(count);
  const terminal = new Int32Array(count);
  for (let round = 0; round < rounds; round++) {
    nearestGaussian(subject, colors, subjectCosts, nearestSubject);
    nearestGaussian(background, colors, backgroundCosts, nearestBackground);
    for (let i = 0; i < count; i++) {
      const known = trimap[i] as number;
      if (known === SUBJECT) terminal[i] = CERTAIN;
      else if (known === BACKGROUND || known === OTHER) terminal[i] = -CERTAIN;
      else {
        const odds = (backgroundCosts[i] as number) - (subjectCosts[i] as number);
        const capped = odds > mostColor ? mostColor : odds < -mostColor ? -mostColor : odds;
        terminal[i] = Math.round((capped + (prior === undefined ? 0 : (prior[i] as number))) * UNITS);
      }
    }
    const cut = cutGrid({ ...contrast, terminal });
    for (let i = 0; i < count; i++) if (trimap[i] === OTHER) cut[i] = NEITHER;
    const isSame = cut.every((side, i) => side === sides[i]);
    sides = cut;
    if ((isSame && round > 0) || round === rounds - 1) break;
    subject = refitColors(colors, sides, 1, nearestSubject, Math.max(1, subject.count));
    background = refitColors(colors, sides, 0, nearestBackground, Math.max(1, background.count));
  }
  return {
    sides,
    margin: meanMargin(sides, subjectCosts, backgroundCosts, mostColor),
    borderCost: meanBorder(contrast, sides),
  };
}

function toFirstSide(known: number): number {
  return known === OTHER ? NEITHER : known >= MAYBE_SUBJECT ? 1 : 0;
}

function meanMargin(sides: Uint8Array, subject: Float32Array, background: Float32Array, most: number): number {
  const sums = [0, 0];
  const counts = [0, 0];
  for (let i = 0; i < sides.length; i++) {
    const side = sides[i] as number;
    if (side === NEITHER) continue;
    const odds = (background[i] as number) - (subject[i] as number);
    const own = side === 1 ? odds : -odds;
    sums[side] = (sums[side] as number) + Math.max(-most, Math.min(most, own));
    counts[side] = (counts[side] as number) + 1;
  }
  return sides.length === 0
    ? 0
    : ((sums[0] as number) / Math.max(1, counts[0] as number) +
        (sums[1] as number) / Math.max(1, counts[1] as number)) /
        2;
}

function meanBorder({ width, height, right, down }: Contrast, sides: Uint8Array): number {
  let sum = 0;
  let parted = 0;
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      if (x + 1 < width && sides[i] !== sides[i + 1]) {
        sum += right[i] as number;
        parted++;
      }
      if (y + 1 < height && sides[i] !== sides[i + width]) {
        sum += down[i] as number;
        parted++;
      }
    }
  }
  return parted === 0 ? 1 : sum / (parted * STRENGTH * UNITS);
}
