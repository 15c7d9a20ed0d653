import { join } from 'node:path';
import { focusLook, resizeMatte, resizePicture } from '@focal/core';
import { openGlFocusPage } from '@focal/testing/pages';
import { atMost, type BenchResult, median } from './bench.ts';
import { readMask, readPhoto } from './photos.ts';

const CLIPS = ['parkour', 'car-shadow'] as const;
const FRAMES_A_CLIP = 10;
const [WIDTH, HEIGHT] = [1280, 720];
/** As large as a mask of the live page. */
const MASK_SIDE = 320;
/** Of a byte. */
const MOST_DIFFERENCE = 2;
const APERTURES = ['disc', 'pentagon', 'hexagon', 'heptagon', 'octagon'] as const;

export const CARD_ROWS = {
  difference: `WebGL2 against core, ${CLIPS.length * FRAMES_A_CLIP} frames of 1280×720: largest difference`,
  core: 'one of these frames by core, one thread, median',
  card: 'the same by WebGL2 in software, which users are spared, median',
} as const;

/** The same frames drawn by core's kernels and with WebGL2, in Chromium; looks from weak to strong, all apertures. */
export async function compareCard(data: string): Promise<readonly BenchResult[]> {
  const page = await openGlFocusPage();
  try {
    const worst: number[] = [];
    const [core, card]: [number[], number[]] = [[], []];
    for (const clip of CLIPS) {
      for (let i = 0; i < FRAMES_A_CLIP; i++) {
        const number = String(i * 4).padStart(5, '0');
        const photo = await readPhoto(join(data, 'davis2016val', clip, 'frames', `${number}.jpg`));
        const mask = await readMask(join(data, 'davis2016val', clip, 'masks', `${number}.png`));
        const look = focusLook.parse({
          radius: 0.01 + 0.04 * (i / (FRAMES_A_CLIP - 1)),
          aperture: APERTURES[i % APERTURES.length],
          highlights: (i % 3) / 2,
        });
        const compared = await page.compare({
          frame: resizePicture(photo, WIDTH, HEIGHT),
          sharp: resizeMatte(mask, MASK_SIDE, Math.round((MASK_SIDE * HEIGHT) / WIDTH)),
          look,
        });
        if (compared.changed === 0) throw new Error(`Frame ${number} of ${clip} was not blurred.`);
        worst.push(compared.worst);
        core.push(compared.coreMs);
        card.push(compared.cardMs);
      }
    }
    return [
      atMost(CARD_ROWS.difference, Math.max(...worst), MOST_DIFFERENCE, '/255'),
      { name: CARD_ROWS.core, value: median(core), unit: 'ms' },
      { name: CARD_ROWS.card, value: median(card), unit: 'ms' },
    ];
  } finally {
    await page.close();
  }
}
