import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Matte, Picture } from '@focal/core';
import sharp from 'sharp';

const SIDE = 110;
const ZOOM = 4;

/** What is shown of a scene, side by side. */
export interface CropSources {
  readonly picture: Picture;
  readonly truth: Matte;
  readonly bicubic: Matte;
  readonly cut: Picture;
}

type Rgb = readonly [number, number, number];

/**
 * Writes the square of the scene where alpha is worst as a PNG to the folder for temporary files, to be looked at:
 * photo, true alpha, bicubic alpha, refined alpha; below them the photo cut out by bicubic alpha, and the cut, on green
 * and on magenta. Returns its path.
 */
export async function writeWorstCrop(name: string, { picture, truth, bicubic, cut }: CropSources): Promise<string> {
  const { width } = picture;
  const corner = findWorst(truth, cut);
  const grey = (value: number): Rgb => [value, value, value];
  const color = (of: Picture, i: number): Rgb => [...of.data.subarray(i * 4, i * 4 + 3)] as unknown as Rgb;
  const over = (of: Picture, alpha: number, i: number, behind: Rgb): Rgb => {
    const own = color(of, i);
    const share = alpha / 255;
    return [0, 1, 2].map((c) => (own[c] as number) * share + (behind[c] as number) * (1 - share)) as unknown as Rgb;
  };
  const at = (of: Matte, i: number) => of.data[i] as number;
  const cutAlpha = (i: number) => cut.data[i * 4 + 3] as number;
  const panels: readonly ((i: number) => Rgb)[] = [
    (i) => color(picture, i),
    (i) => grey(at(truth, i)),
    (i) => grey(at(bicubic, i)),
    (i) => grey(cutAlpha(i)),
    (i) => over(picture, at(bicubic, i), i, [0, 200, 60]),
    (i) => over(cut, cutAlpha(i), i, [0, 200, 60]),
    (i) => over(picture, at(bicubic, i), i, [255, 0, 255]),
    (i) => over(cut, cutAlpha(i), i, [255, 0, 255]),
  ];
  const across = SIDE * 4;
  const pixels = new Uint8Array(across * SIDE * 2 * 3);
  for (const [index, panel] of panels.entries()) {
    for (let k = 0; k < SIDE * SIDE; k++) {
      const x = k % SIDE;
      const y = Math.floor(k / SIDE);
      const row = y + SIDE * Math.floor(index / 4);
      const column = x + SIDE * (index % 4);
      pixels.set(panel((corner.y + y) * width + corner.x + x).map(Math.round), (row * across + column) * 3);
    }
  }
  const path = join(tmpdir(), `focal-bench-${name}.png`);
  await sharp(pixels, { raw: { width: across, height: SIDE * 2, channels: 3 } })
    .resize(across * ZOOM, SIDE * 2 * ZOOM, { kernel: 'nearest' })
    .png()
    .toFile(path);
  return path;
}

function findWorst(truth: Matte, cut: Picture): { x: number; y: number } {
  let worst = { x: 0, y: 0, error: -1 };
  for (let top = 0; top + SIDE <= truth.height; top += SIDE) {
    for (let left = 0; left + SIDE <= truth.width; left += SIDE) {
      let error = 0;
      for (let k = 0; k < SIDE * SIDE; k++) {
        const i = (top + Math.floor(k / SIDE)) * truth.width + left + (k % SIDE);
        error += Math.abs((truth.data[i] as number) - (cut.data[i * 4 + 3] as number));
      }
      if (error > worst.error) worst = { x: left, y: top, error };
    }
  }
  return worst;
}
