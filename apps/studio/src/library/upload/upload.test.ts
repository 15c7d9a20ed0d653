import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startLibrary, type TestLibrary } from '../../fixtures/open-library.ts';
import { PATIENCE_MS } from '../../fixtures/open-studio.ts';

let test: TestLibrary;
beforeAll(async () => {
  test = await startLibrary();
}, 4 * PATIENCE_MS);
afterEach(() => test.closePages());
afterAll(() => test.close(), PATIENCE_MS);

const PATIENT = { timeout: PATIENCE_MS };
const tiles = (page: Page) => page.getByRole('option', { name: /^(Photo|Video)/ });
const panel = (page: Page) => page.getByRole('region', { name: 'Uploads' });

/** A photo of noise, which nothing makes smaller. */
async function draw(seed: number, side: number): Promise<Buffer> {
  const data = Buffer.alloc(side * side * 3);
  let value = seed;
  for (let at = 0; at < data.length; at++) {
    value = (value * 1_103_515_245 + 12_345) & 0x7fffffff;
    data[at] = value >> 16;
  }
  return sharp(data, { raw: { width: side, height: side, channels: 3 } })
    .jpeg({ quality: 95 })
    .toBuffer();
}

describe('uploads on the library page', { timeout: 4 * PATIENCE_MS }, () => {
  it('take chosen files into the empty library, say what is there already and what is no photo', async () => {
    const page = await test.show();
    const photo = { name: 'IMG_20210304_101112.jpg', mimeType: 'image/jpeg', buffer: await draw(1, 300) };
    const input = page.getByLabel('Photos and videos to upload').first();
    await input.setInputFiles([photo, { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('a') }]);
    await panel(page).getByText('1 uploaded').waitFor();
    expect(await panel(page).innerText()).toContain('One file is neither photo nor video.');
    await expect.poll(() => tiles(page).count(), PATIENT).toBe(1);
    await page.getByRole('heading', { name: 'March 2021' }).waitFor();
    await panel(page).getByRole('button', { name: 'Close' }).click();
    expect(await panel(page).count()).toBe(0);

    const broken = { name: 'broken.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('no photo') };
    await page.getByLabel('Photos and videos to upload').first().setInputFiles([photo, broken]);
    await panel(page).getByText('1 in the library already, 1 failed').waitFor();
    expect(await panel(page).innerText()).toContain('Expected a picture, got what looks like text');
    const [asset] = (await test.library.list()).assets;
    const { places } = await test.library.get(asset?.id ?? 0);
    expect((await readFile(places[0]?.path ?? '')).equals(photo.buffer)).toBe(true);
    expect(places[0]?.path).toContain(join('uploads', '2021', '2021-03'));
  });

  it('go on by themselves after the connection was lost, and stop when they are cancelled', async () => {
    const page = await test.show();
    await expect.poll(() => tiles(page).count(), PATIENT).toBe(1);
    const buffer = await draw(2, 2400);
    expect(buffer.length).toBeGreaterThan(5 * 2 ** 20);
    const offsets: string[] = [];
    await page.route('**/v1/library/uploads/*', async (route) => {
      const request = route.request();
      if (request.method() !== 'PATCH') return route.continue();
      const offset = request.headers()['upload-offset'] ?? '';
      offsets.push(offset);
      // The second part is lost twice.
      if (offset !== '0' && offsets.length < 4) return route.abort('connectionreset');
      return route.continue();
    });
    await page
      .getByLabel('Photos and videos to upload')
      .first()
      .setInputFiles([{ name: 'large.jpg', mimeType: 'image/jpeg', buffer }]);
    await panel(page).getByText('Connection lost').waitFor();
    await panel(page).getByText('1 uploaded').waitFor();
    const part = String(4 * 2 ** 20);
    expect(offsets.slice(0, 4)).toEqual(['0', part, part, part]);
    await expect.poll(() => tiles(page).count(), PATIENT).toBe(2);

    await page.unroute('**/v1/library/uploads/*');
    await page.route('**/v1/library/uploads/*', (route) =>
      route.request().method() === 'PATCH' ? undefined : route.continue(),
    );
    await page
      .getByLabel('Photos and videos to upload')
      .first()
      .setInputFiles([{ name: 'cancelled.jpg', mimeType: 'image/jpeg', buffer: await draw(3, 200) }]);
    await panel(page).getByText('Uploading').waitFor();
    await expect
      .poll(async () => (await test.library.uploads.list()).some(({ state }) => state === 'receiving'), PATIENT)
      .toBe(true);
    await panel(page).getByRole('button', { name: 'Cancel cancelled.jpg' }).click();
    await expect
      .poll(async () => (await test.library.uploads.list()).some(({ state }) => state === 'receiving'), PATIENT)
      .toBe(false);
    expect(await tiles(page).count()).toBe(2);
  });

  it('come from files dropped anywhere on the page', async () => {
    const page = await test.show();
    await expect.poll(() => tiles(page).count(), PATIENT).toBe(2);
    const bytes = [...(await draw(4, 64))];
    const fire = (type: string) =>
      page.evaluate(
        ([name, data]) => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File([new Uint8Array(data)], 'dropped.jpg', { type: 'image/jpeg' }));
          const target = document.querySelector('.library-main') ?? document.body;
          target.dispatchEvent(new DragEvent(name, { bubbles: true, cancelable: true, dataTransfer }));
        },
        [type, bytes] as const,
      );
    await fire('dragover');
    await page.getByText('Drop photos, videos or folders').waitFor();
    await fire('drop');
    await expect.poll(() => page.getByText('Drop photos, videos or folders').count(), PATIENT).toBe(0);
    await panel(page).getByText('1 uploaded').waitFor();
    await expect.poll(() => tiles(page).count(), PATIENT).toBe(3);
    await page.getByRole('link', { name: 'Settings' }).click();
    const watch = page.getByLabel('Take up what is new, changed or gone by itself');
    await watch.uncheck();
    await expect.poll(() => test.library.settings.get(), PATIENT).toMatchObject({ isWatching: false });
  });
});
