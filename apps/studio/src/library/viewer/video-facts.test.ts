import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeClip } from '@focal/testing/video';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startLibrary, type TestLibrary } from '../../fixtures/open-library.ts';
import { PATIENCE_MS } from '../../fixtures/open-studio.ts';

const [WIDTH, HEIGHT, RATE, SECONDS] = [800, 600, 2, 8];
const HALF_MS = (SECONDS * 1000) / 2;

let test: TestLibrary;
let folder: string;
beforeAll(async () => {
  test = await startLibrary();
  folder = await mkdtemp(join(tmpdir(), 'focal-video-facts-'));
  // An empty wall, then a party.
  const photo = sharp(join(test.photos, 'sample1.jpg')).resize(WIDTH, HEIGHT, { fit: 'cover' });
  const party = await photo.ensureAlpha().raw().toBuffer();
  const wall = Buffer.alloc(WIDTH * HEIGHT * 4, 200);
  await makeClip({
    path: join(folder, 'party.webm'),
    width: WIDTH,
    height: HEIGHT,
    timestamps: Array.from({ length: SECONDS * RATE }, (_, i) => i / RATE),
    draw: (frame) => (frame < (SECONDS * RATE) / 2 ? wall : party),
  });
  await test.library.folders.add(folder);
  await test.library.idle();
}, 8 * PATIENCE_MS);
afterEach(() => test.closePages());
afterAll(async () => {
  await test.close();
  await rm(folder, { recursive: true, force: true });
}, PATIENCE_MS);

describe('the facts of a video', { timeout: 4 * PATIENCE_MS }, () => {
  it('tell when who and what is seen, and lead there', async () => {
    const [video] = (await test.library.list({ filter: { kind: 'video' } })).assets;
    const page = await test.show(`/library?photo=${video?.id}`);
    const player = page.locator('.video-stage video');
    await player.waitFor();
    await page.getByRole('button', { name: 'Facts', exact: true }).click();
    const people = page.locator('.info-person');
    await people.first().waitFor();
    expect(await people.count()).toBeGreaterThan(2);
    const { faces } = await test.library.get(video?.id ?? 0);
    expect(Math.min(...faces.map(({ atMs = 0 }) => atMs))).toBeGreaterThan(HALF_MS);
    const place = () => player.evaluate((each: HTMLVideoElement) => [each.paused, each.currentTime] as const);
    await people.first().getByTitle('Show this face').click();
    await expect
      .poll(async () => (await place())[1], { timeout: PATIENCE_MS })
      .toBeCloseTo((faces[0]?.atMs ?? 0) / 1000, 1);
    expect((await place())[0]).toBe(true);
    const boxes = page.locator('.video-stage .found-box[data-face]');
    await expect.poll(() => boxes.count(), { timeout: PATIENCE_MS }).toBeGreaterThan(2);
    await player.evaluate((each: HTMLVideoElement) => {
      each.currentTime = 0;
    });
    await expect.poll(() => boxes.count(), { timeout: PATIENCE_MS }).toBe(0);
    await page
      .locator('.info-thing', { hasText: 'person' })
      .getByRole('button', { name: /^\d:\d\d$/ })
      .click();
    await expect.poll(async () => (await place())[1], { timeout: PATIENCE_MS }).toBeGreaterThan(HALF_MS / 1000);
  });

  it('fit on 360 pixels', async () => {
    const [video] = (await test.library.list({ filter: { kind: 'video' } })).assets;
    const page = await test.show(`/library?photo=${video?.id}`, { viewport: { width: 360, height: 720 } });
    await page.getByRole('button', { name: 'Facts', exact: true }).click();
    await page.locator('.info-person').first().waitFor();
    const width = await page.locator('.info-panel').evaluate((each) => [each.scrollWidth, each.clientWidth] as const);
    expect(width[0]).toBeLessThanOrEqual(width[1]);
  });
});
