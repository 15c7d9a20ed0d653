import {
  allocateLocal,
  type CoverOutline,
  createPicture,
  outlineHead,
  type Picture,
  planCovers,
  runPlan,
} from '@focal/core';
import { createRandom, type Random } from './random.ts';

const SIZE = 96;

/**
 * Random pictures and outlines, in each style: how often the result is the same to the bit after every pixel under a
 * cover was changed. What is covered is told by the result of another colour, so that this does not rest on the code
 * under test.
 */
export function countIdentical(pairs: number): { readonly same: number; readonly covered: number } {
  const random = createRandom(4);
  let [same, covered] = [0, 0];
  for (let n = 0; n < pairs; n++) {
    const width = 16 + Math.floor(random() * SIZE);
    const height = 16 + Math.floor(random() * SIZE);
    const outlines = Array.from({ length: 1 + Math.floor(random() * 4) }, () => randomOutline(random, width / height));
    const picture = fillRandom(createPicture(width, height), random);
    const style = STYLES[n % STYLES.length] as (typeof STYLES)[number];
    const render = (input: Picture, color: readonly [number, number, number] | undefined) =>
      runPlan(
        planCovers(input, () => outlines.map((outline) => ({ outline, right: { x: 1, y: 0 } })), outlines.length, {
          style: color === undefined ? style : { kind: 'solid', color },
          seed: n,
          softness: color === undefined ? 0.08 : 0,
          allocate: allocateLocal,
        }),
      );
    const [black, white] = [render(picture, [0, 0, 0]), render(picture, [255, 255, 255])];
    const changed = fillRandom(createPicture(width, height), random);
    for (let i = 0; i < picture.data.length; i += 4) {
      const isCovered = black.data[i] === 0 && white.data[i] === 255;
      if (isCovered) covered++;
      else changed.data.set(picture.data.subarray(i, i + 4), i);
    }
    const [one, other] = [render(picture, undefined), render(changed, undefined)];
    if (one.data.every((byte, i) => byte === other.data[i])) same++;
  }
  return { same, covered };
}

const STYLES = [
  { kind: 'blur', grain: 0.4 },
  { kind: 'mosaic', cells: 8 },
  { kind: 'solid', color: [10, 20, 30] },
] as const;

function randomOutline(random: Random, aspect: number): CoverOutline {
  const size = 0.05 + random() * 0.6;
  const box = { x: random() * 1.2 - 0.2, y: random() * 1.2 - 0.2, width: size / aspect, height: size };
  return outlineHead({ box, rollDegrees: random() * 360 - 180 }, aspect, random() * 0.5);
}

function fillRandom(picture: Picture, random: Random): Picture {
  for (let i = 0; i < picture.data.length; i++) picture.data[i] = i % 4 === 3 ? 255 : Math.floor(random() * 256);
  return picture;
}
