import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrowserContextOptions, Page } from 'playwright-core';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import {
  awaitRest,
  awaitSubject,
  exportPhoto,
  holdRequests,
  PATIENCE_MS,
  PHOTOS,
  type PhotoFile,
  useStudio,
} from './fixtures/open-studio.ts';

// What people do beside moving controls, in the built studio on the real server. studio.test.ts has the main path.
const PHOTO = join(PHOTOS, 'sample1.jpg');

describe('the studio, as people use it', () => {
  const studio = useStudio();

  const show = (settings: object, options: BrowserContextOptions = {}): Promise<Page> =>
    studio.show(settings, { viewport: { width: 1100, height: 760 }, ...options });

  async function open(page: Page, photo: string | PhotoFile = PHOTO): Promise<void> {
    await page.setInputFiles('#open-photo', photo);
    await awaitSubject(page);
    await awaitRest(page);
  }

  it('takes a photo that comes before the effects are known', async () => {
    const page = await show({ place: 'browser' }, { serviceWorkers: 'block' });
    const choose = await holdRequests(page, '**/assets/effects-*.js');
    await page.reload({ waitUntil: 'commit' });
    await page.getByRole('heading', { name: 'Open a photo' }).waitFor();
    await page.setInputFiles('#open-photo', PHOTO);
    await page.getByText('Opening the photo').waitFor();
    choose();
    await awaitSubject(page);
    await awaitRest(page);
    expect(await page.getByRole('button', { name: 'Soft background', exact: true }).isVisible()).toBe(true);
  });

  it('lets the server read what this browser does not', async () => {
    const page = await show({ place: 'browser' });
    const asked = page.waitForRequest('**/v1/decode?format=png&metadata=all');
    const buffer = await sharp(PHOTO).resize(500).tiff().toBuffer();
    await open(page, { name: 'scan.tif', mimeType: 'image/tiff', buffer });
    expect((await (await asked).response())?.status()).toBe(200);
    expect(await page.getByText('500 × 333').isVisible()).toBe(true);
  });

  it('opens a picture that is pasted, and copies the result in full size', async () => {
    const page = await show({ place: 'browser' });
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    const png = await sharp(PHOTO).resize(700).png().toBuffer();
    await page.evaluate(
      async (bytes) => {
        const blob = new Blob([Uint8Array.from(bytes)], { type: 'image/png' });
        await navigator.clipboard.write([new ClipboardItem({ 'image/png': blob })]);
      },
      [...png],
    );
    await page.keyboard.press('Control+v');
    await page.getByText('pasted.png').waitFor();
    await page.getByText('700 × 467').waitFor();
    await awaitSubject(page);
    await awaitRest(page);

    await page.keyboard.press('s');
    await page.getByRole('dialog').getByRole('button', { name: 'Copy' }).click();
    await page.getByText('Copied to the clipboard.').waitFor({ timeout: PATIENCE_MS });
    expect(await page.getByRole('dialog').count()).toBe(0);
    const copied = await page.evaluate(async () => {
      const [item] = await navigator.clipboard.read();
      const bitmap = await createImageBitmap((await item?.getType('image/png')) ?? new Blob());
      const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
      const context = canvas.getContext('2d');
      context?.drawImage(bitmap, 0, 0);
      const data = context?.getImageData(0, 0, bitmap.width, bitmap.height).data ?? new Uint8ClampedArray();
      const alphas = data.filter((_, i) => i % 4 === 3);
      return {
        size: [bitmap.width, bitmap.height],
        least: Math.min(...alphas.slice(0, 1000)),
        seen: alphas.includes(255),
      };
    });
    expect(copied).toEqual({ size: [700, 467], least: 0, seen: true });
  });

  it('zooms by pinch to what is between the fingers, and moves by one finger', async () => {
    const page = await show(
      { place: 'browser' },
      { viewport: { width: 390, height: 800 }, hasTouch: true, isMobile: true },
    );
    await open(page);
    const touch = await page.context().newCDPSession(page);
    const send = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...points: readonly (readonly [number, number])[]) =>
      touch.send('Input.dispatchTouchEvent', { type, touchPoints: points.map(([x, y], id) => ({ x, y, id })) });
    const frame = async () => {
      const box = await page.locator('.frame').boundingBox();
      if (box === null) throw new Error('The photo is not to be seen.');
      return box;
    };
    const before = await frame();
    const [x, y] = [before.x + before.width / 2, before.y + before.height / 2];
    await send('touchStart', [x - 30, y], [x + 30, y]);
    for (let step = 1; step <= 6; step++) await send('touchMove', [x - 30 - step * 10, y], [x + 30 + step * 10, y]);
    await send('touchEnd');
    const zoomed = await frame();
    expect(zoomed.width / before.width).toBeCloseTo(3, 1);
    expect(zoomed.x + zoomed.width / 2).toBeCloseTo(x, -1);
    await send('touchStart', [x, y]);
    for (let step = 1; step <= 5; step++) await send('touchMove', [x + step * 12, y + step * 4]);
    await send('touchEnd');
    const moved = await frame();
    expect([moved.x - zoomed.x, moved.y - zoomed.y].map(Math.round)).toEqual([60, 20]);
    expect(moved.width).toBeCloseTo(zoomed.width, 3);
    expect(await page.evaluate(() => visualViewport?.scale)).toBe(1);
  });

  it('saves 12 megapixels in full size; stopping keeps the dialog and its choices', async () => {
    const page = await show({ place: 'browser' });
    const buffer = await sharp(join(PHOTOS, 'sample6.jpg')).resize(4000, 3000, { fit: 'fill' }).jpeg().toBuffer();
    await open(page, { name: 'large.jpg', mimeType: 'image/jpeg', buffer });
    await page.keyboard.press('s');
    const dialog = page.getByRole('dialog', { name: 'Save the result' });
    await dialog.locator('label.segment', { hasText: 'WebP' }).click();
    await page.getByRole('button', { name: 'Download' }).click();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByText('Cancelled. Nothing was saved.').waitFor();
    expect(await dialog.isVisible()).toBe(true);
    expect(await dialog.getByText('large-cutout.webp').isVisible()).toBe(true);
    const waiting = page.waitForEvent('download', { timeout: PATIENCE_MS });
    await page.getByRole('button', { name: 'Download' }).click();
    const saved = await readFile(await (await waiting).path());
    expect(await sharp(saved).metadata()).toMatchObject({ width: 4000, height: 3000, format: 'webp', hasAlpha: true });
  });

  it('takes back the choice of a background picture, and brings it again', async () => {
    const page = await show({ place: 'browser' });
    await open(page);
    const cut = await awaitRest(page);
    await page.locator('.controls label.segment', { hasText: 'Picture' }).click();
    const choose = async (name: string) => {
      await page.locator('.asset input').setInputFiles(join(PHOTOS, name));
      await page.locator('.asset', { hasText: name }).waitFor();
      return awaitRest(page);
    };
    const first = await choose('sample5.jpg');
    const second = await choose('sample4.jpg');
    await choose('sample3.jpg');
    expect(new Set([cut, first, second]).size).toBe(3);
    await page.keyboard.press('Control+z');
    await page.locator('.asset', { hasText: 'sample4.jpg' }).waitFor();
    expect(await awaitRest(page)).toBe(second);
    await page.keyboard.press('Control+z');
    await page.locator('.asset', { hasText: 'sample5.jpg' }).waitFor();
    expect(await awaitRest(page)).toBe(first);
    await page.keyboard.press('Control+z');
    await page.getByText('Choose a picture').waitFor();
    expect(await awaitRest(page)).toBe(cut);
    await page.keyboard.press('Control+Shift+z');
    expect(await awaitRest(page)).toBe(first);
  });

  it('keeps the colours of a Display P3 photo in every format', async () => {
    const page = await show({ place: 'browser' });
    const buffer = await sharp(PHOTO).resize(600).withIccProfile('p3').jpeg({ quality: 95 }).toBuffer();
    await open(page, { name: 'phone.jpg', mimeType: 'image/jpeg', buffer });
    await page.getByRole('button', { name: 'Soft background', exact: true }).click();
    await awaitRest(page);
    const png = await exportPhoto(page, 'PNG');
    const at = png.indexOf('cICP');
    expect([...png.subarray(at + 4, at + 8)]).toEqual([12, 13, 0, 1]);
    // The subject stays as it was: its values are those of the file, in the file's own colour space.
    const middle = { left: 290, top: 180, width: 20, height: 20 };
    const readMiddle = (file: Buffer) =>
      sharp(file, { ignoreIcc: true }).removeAlpha().extract(middle).raw().toBuffer();
    const theirs = await readMiddle(buffer);
    const shifts = [...(await readMiddle(png))].map((value, i) => Math.abs(value - (theirs[i] ?? 0)));
    expect(Math.max(...shifts)).toBeLessThanOrEqual(3);
    // The same values taken for sRGB would be other colours.
    const asSrgb = await sharp(buffer).removeAlpha().extract(middle).raw().toBuffer();
    expect(Math.max(...[...asSrgb].map((value, i) => Math.abs(value - (theirs[i] ?? 0))))).toBeGreaterThan(5);
    for (const format of ['JPEG', 'WebP'] as const) {
      const { icc } = await sharp(await exportPhoto(page, format)).metadata();
      expect(icc?.toString('latin1')).toMatch(/P.?3/);
    }
  });

  it('keeps what the photo tells about itself where it is asked to', async () => {
    const page = await show({ place: 'browser' });
    const exif = { IFD0: { Make: 'Focal' }, IFD3: { GPSLatitudeRef: 'S', GPSLatitude: '46/1 30/1 0/1' } };
    const buffer = await sharp(PHOTO).resize(500).withExif(exif).jpeg().toBuffer();
    await open(page, { name: 'phone.jpg', mimeType: 'image/jpeg', buffer });
    await page.getByRole('button', { name: 'Soft background', exact: true }).click();
    await awaitRest(page);
    for (const format of ['PNG', 'JPEG', 'WebP'] as const) {
      const read = async (metadata?: string) => {
        const { exif: block, width } = await sharp(await exportPhoto(page, format, metadata)).metadata();
        return [width, block?.includes('Focal'), block?.includes(Buffer.from([0x25, 0x88, 4, 0, 1, 0, 0, 0]))];
      };
      expect([format, await read()]).toEqual([format, [500, undefined, undefined]]);
      expect([format, await read('Without location')]).toEqual([format, [500, true, false]]);
      expect([format, await read('All')]).toEqual([format, [500, true, true]]);
    }
  });

  it('offers to be installed where the browser does, and only then', async () => {
    const page = await show({ place: 'browser' });
    const button = page.getByRole('button', { name: 'Install' });
    expect(await button.count()).toBe(0);
    await page.evaluate(() => {
      const offer = new Event('beforeinstallprompt', { cancelable: true });
      Object.assign(offer, { prompt: () => document.body.setAttribute('data-asked', String(offer.defaultPrevented)) });
      window.dispatchEvent(offer);
    });
    await button.click();
    expect(await page.locator('body').getAttribute('data-asked')).toBe('true');
    expect(await button.count()).toBe(0);
  });

  it('keeps all of the top bar in sight and apart, at any width', async () => {
    const page = await show({ place: 'browser' });
    await page.evaluate(() => window.dispatchEvent(new Event('beforeinstallprompt', { cancelable: true })));
    /** Pairs of what is in the bar that lie on each other, and what lies outside of the page. */
    const faults = () =>
      page.evaluate(() => {
        const parts = [...document.querySelectorAll<HTMLElement>('.top-bar :is(button, a, .brand > *)')]
          .map((part) => ({
            name: part.getAttribute('aria-label') ?? part.textContent,
            box: part.getBoundingClientRect(),
          }))
          .filter(({ box }) => box.width > 0);
        const outside = parts.filter(({ box }) => box.left < 0 || box.right > innerWidth).map(({ name }) => name);
        const pairs = parts.flatMap((a, i) =>
          parts
            .slice(i + 1)
            .filter((b) => Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left) > 1)
            .map((b) => `${a.name} and ${b.name}`),
        );
        return [...outside, ...pairs];
      });
    const lookAtWidths = async () => {
      for (const width of [1440, 1100, 1000, 961, 900, 800, 761, 700, 500, 421, 390, 360]) {
        await page.setViewportSize({ width, height: 760 });
        expect({ width, faults: await faults() }).toEqual({ width, faults: [] });
      }
    };
    await lookAtWidths();
    await open(page);
    await lookAtWidths();
  });

  it('says what IS-Net costs before this browser takes over from a server that is gone', async () => {
    const page = await show({ place: 'server', browserModel: 'isnet-medium' });
    await page.route('**/v1/**', (route) => route.abort());
    await page.setInputFiles('#open-photo', PHOTO);
    await page.getByText('The Focal server does not answer.').waitFor();
    await page.getByRole('button', { name: 'Use this browser' }).click();
    const dialog = page.getByRole('dialog', { name: 'Where the work happens' });
    await dialog.getByText(/88 MB.* s a photo.*GB of memory/).waitFor();
    expect(await dialog.getByRole('button', { name: 'Load 88 MB and use it' }).isVisible()).toBe(true);
    await dialog.locator('.choice', { hasText: 'Selfie' }).click();
    await dialog.getByRole('button', { name: 'Use this browser' }).click();
    await page.unroute('**/v1/**');
    await page
      .getByRole('button', { name: 'Try again' })
      .or(page.getByText('Subject found by Selfie'))
      .first()
      .waitFor();
    if (await page.getByRole('button', { name: 'Try again' }).isVisible()) {
      await page.getByRole('button', { name: 'Try again' }).click();
    }
    await page.getByText('Subject found by Selfie').waitFor({ timeout: PATIENCE_MS });
  });

  it('says it too where one changes models within this browser', async () => {
    const page = await show({ place: 'browser' });
    await page.getByRole('button', { name: /Where the work happens/ }).click();
    await page.locator('.choice', { hasText: 'IS-Net' }).last().click();
    expect(await page.getByRole('button', { name: 'Load 88 MB and use it' }).isVisible()).toBe(true);
  });

  it.each([
    { width: 1100, height: 760 },
    { width: 390, height: 800 },
  ])('keeps the photo in its place when the subject is found, at $width × $height', async (viewport) => {
    const page = await show({ place: 'server' }, { viewport });
    const answer = await holdRequests(page, '**/v1/cutout*');
    await page.setInputFiles('#open-photo', PHOTO);
    await page.locator('canvas.before[data-frame]').waitFor();
    const before = await page.locator('.frame').boundingBox();
    answer();
    await awaitSubject(page);
    await awaitRest(page);
    expect(await page.locator('.frame').boundingBox()).toEqual(before);
  });
});
