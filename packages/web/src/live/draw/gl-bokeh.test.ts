import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createMatte, type FocusLook, focusLook, type Matte, type Picture } from '@focal/core';
import { type GlFocusPage, openGlFocusPage } from '@focal/testing/pages';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const MOST = 2;
const APERTURES = ['disc', 'pentagon', 'hexagon', 'heptagon', 'octagon'] as const;
const PHOTOS = join(dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json')), 'demo');

async function readFrame(number: number, width: number, height: number): Promise<Picture> {
  const photo = sharp(join(PHOTOS, `sample${number}.jpg`)).resize(width, height, { fit: 'cover' });
  const data = await photo.ensureAlpha().raw().toBuffer();
  return { width, height, colorSpace: 'srgb', data: new Uint8Array(data) };
}

/** A figure with a soft outline, somewhere; its feet in the picture or not. */
function drawFigure(n: number): Matte {
  const matte = createMatte(160, 100);
  const [x, y, across, down] = [40 + ((n * 37) % 80), 40 + ((n * 23) % 50), 12 + ((n * 7) % 25), 25 + ((n * 11) % 20)];
  for (let i = 0; i < matte.data.length; i++) {
    const away = Math.hypot(((i % 160) - x) / across, (Math.floor(i / 160) - y) / down);
    matte.data[i] = Math.max(0, Math.min(255, (1 - away) * 700));
  }
  return matte;
}

describe('WebGL2 against core', () => {
  let gl: GlFocusPage;
  beforeAll(async () => {
    gl = await openGlFocusPage();
  });
  afterAll(() => gl?.close());

  /** Looks from weak to strong, all apertures. */
  const lookOf = (n: number): FocusLook =>
    focusLook.parse({
      radius: 0.008 + (n % 7) * 0.007,
      aperture: APERTURES[n % APERTURES.length],
      angleDeg: n * 17,
      highlights: (n % 5) / 4,
      falloff: (n % 4) / 3,
      ground: (n % 3) / 2,
      lowLight: n % 6 === 5 ? 0.7 : 0,
    });

  it.each(Array.from({ length: 20 }, (_, n) => n))('differs by at most 2/255: frame %i of 20', async (n) => {
    const frame = await readFrame(1 + (n % 6), 322 + (n % 3), 201 + (n % 4));
    const { worst, changed } = await gl.compare({ frame, sharp: drawFigure(n), look: lookOf(n) });
    expect(worst).toBeLessThanOrEqual(MOST);
    expect(changed).toBeGreaterThan(frame.data.length / 4);
  });

  it('does so where circles are gathered on two levels, with the finer faded out', async () => {
    const look = focusLook.parse({ radius: 0.05, falloff: 1 });
    const { worst, changed } = await gl.compare({ frame: await readFrame(2, 1101, 301), sharp: drawFigure(3), look });
    expect(worst).toBeLessThanOrEqual(MOST);
    expect(changed).toBeGreaterThan(100_000);
  });

  it.each([
    [1, 1],
    [2, 1],
    [1, 37],
    [300, 3],
    [257, 129],
  ])('draws frames of any size: %i × %i', async (width, height) => {
    const look = focusLook.parse({ radius: 0.05 });
    const { worst } = await gl.compare({ frame: await readFrame(1, width, height), sharp: drawFigure(1), look });
    expect(worst).toBeLessThanOrEqual(MOST);
  });

  it.each([
    ['all of it', 255, 0, 0],
    ['none of it', 0, 0.25, 1],
  ])('draws frames of which the subject is %s', async (_, alpha, least, most) => {
    const matte = createMatte(160, 100);
    matte.data.fill(alpha);
    const frame = await readFrame(3, 320, 200);
    const { worst, changed } = await gl.compare({ frame, sharp: matte, look: focusLook.parse({}) });
    expect(worst).toBeLessThanOrEqual(MOST);
    expect(changed).toBeGreaterThanOrEqual(least * frame.data.length);
    expect(changed).toBeLessThanOrEqual(most * frame.data.length);
  });
});
