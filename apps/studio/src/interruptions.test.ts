import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import {
  awaitRest,
  awaitSubject,
  download,
  exportPhoto,
  holdRequests,
  openPhotos,
  PATIENCE_MS,
  readSmall,
  useStudio,
} from './fixtures/open-studio.ts';

describe('the studio, where something is in the way', () => {
  const studio = useStudio({ withoutModels: ['isnet-medium'] });

  const look = (page: Page, title: string) => page.getByRole('button', { name: title, exact: true }).click();
  const titles = (page: Page) => page.locator('.step-name').allTextContents();
  const save = (page: Page) => page.getByRole('button', { name: 'Save', exact: true });

  it('shows and saves at once what needs no subject, while that is still being looked for', async () => {
    const page = await studio.show('server');
    const answer = await holdRequests(page, '**/v1/cutout*');
    await page.setInputFiles('#open-photo', [await readSmall('sample1.jpg')]);
    await page.getByText('Finding the subject').waitFor();
    await page.locator('canvas.result[data-frame]').waitFor({ state: 'attached' });
    const plain = await awaitRest(page);
    expect(await save(page).isDisabled()).toBe(true);
    expect(await page.locator('.step-note').count()).toBe(0);
    await look(page, 'Black and white');
    await awaitRest(page);
    const grey = await awaitRest(page);
    expect(grey).not.toBe(plain);
    expect((await exportPhoto(page)).length).toBeGreaterThan(10_000);
    // How long it takes is told.
    await page.locator('.status-text', { hasText: /\d+ s/ }).waitFor();
    answer();
    await awaitSubject(page);
    expect(await awaitRest(page)).toBe(grey);
    await look(page, 'Cut-out');
    expect(await awaitRest(page)).not.toBe(grey);
  });

  it('goes on where this browser has no room left, and says so once', async () => {
    const page = await studio.show('browser');
    await page.evaluate(() => {
      IDBObjectStore.prototype.put = () => {
        throw new DOMException('The quota has been exceeded.', 'QuotaExceededError');
      };
    });
    await page.setInputFiles('#open-photo', [await readSmall('sample1.jpg')]);
    await page.getByText('This browser has no room to keep your work: it will not survive a reload.').waitFor();
    await page.getByRole('button', { name: 'Dismiss' }).click();
    await awaitSubject(page);
    await awaitRest(page);
    const cut = await awaitRest(page);
    await look(page, 'Colour pop');
    expect(await awaitRest(page)).not.toBe(cut);
    await page.waitForTimeout(500);
    expect(await page.locator('.toast').count()).toBe(0);
    expect((await exportPhoto(page)).length).toBeGreaterThan(10_000);
  });

  it('asks before a tab is closed in which something is being saved, and only then', async () => {
    const page = await studio.show('browser');
    await openPhotos(page, await readSmall('sample6.jpg', 2400));
    const asks = () => page.evaluate(() => !window.dispatchEvent(new Event('beforeunload', { cancelable: true })));
    expect(await asks()).toBe(false);
    await page.keyboard.press('s');
    await page.getByRole('button', { name: 'Download' }).click();
    await page.getByRole('button', { name: 'Stop' }).waitFor();
    expect(await asks()).toBe(true);
    await page.getByRole('dialog').waitFor({ state: 'detached', timeout: PATIENCE_MS });
    expect(await asks()).toBe(false);
  });

  it('says in the dialog why nothing was saved', async () => {
    const page = await studio.show('browser');
    await openPhotos(page, await readSmall('sample1.jpg'));
    await page.evaluate(() => {
      navigator.clipboard.write = () => Promise.reject(new DOMException('No.', 'NotAllowedError'));
    });
    await page.keyboard.press('s');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Copy' }).click();
    const alert = dialog.getByRole('alert');
    await alert.waitFor();
    expect(await alert.textContent()).toBe('Nothing was saved: this browser does not let the page use the clipboard.');
    await page.keyboard.press('Escape');
    await page.keyboard.press('s');
    await dialog.waitFor();
    expect(await alert.count()).toBe(0);
  });

  it('shows waiting as waiting, and tells of it once for all steps', async () => {
    const page = await studio.show('server');
    await openPhotos(page, await readSmall('sample1.jpg'));
    await page.route('**/v1/analyze*', () => undefined);
    await look(page, 'Hidden faces');
    await page.getByRole('button', { name: 'Duplicate Anonymise' }).click();
    const notes = page.locator('.step-note[data-waits]');
    await expect.poll(() => notes.count()).toBe(2);
    await page.locator('.step-spinner').nth(1).waitFor();
    expect(await page.locator('.step-title svg').count()).toBe(0);
    const muted = page.locator('.panel-lead').first();
    const colorOf = (each: typeof muted) => each.evaluate((element) => getComputedStyle(element).color);
    expect(await colorOf(notes.first())).toBe(await colorOf(muted));
    expect(await page.locator('.step-head ~ [role=status]').count()).toBe(0);
    await page.getByRole('status').filter({ hasText: '2 steps wait until it is known' }).waitFor({ state: 'attached' });
  });

  it('marks what cannot be opened, and saves all that can', async () => {
    const page = await studio.show('server');
    const notes = { name: 'notes.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('no picture at all') };
    const nothing = { name: 'nothing.jpg', mimeType: 'image/jpeg', buffer: Buffer.alloc(0) };
    const [first, second] = await Promise.all(['sample1.jpg', 'sample2.jpg'].map((name) => readSmall(name)));
    if (first === undefined || second === undefined) throw new Error('There are no photos.');
    await openPhotos(page, first, notes, nothing, second);
    const bad = page.locator('.strip-photo[data-bad]');
    await expect.poll(() => bad.count()).toBe(2);
    expect(await bad.nth(0).getAttribute('aria-label')).toMatch(/notes.jpg.*is not a picture that opens here/);
    expect(await bad.nth(1).getAttribute('title')).toContain('The file is empty.');

    // What the first photo waits for cannot be found out.
    await page.route('**/v1/analyze*', (route) => route.abort());
    await look(page, 'Hidden faces');
    await page.getByRole('button', { name: 'Save all photos' }).click();
    await page.getByText('Left out, since they cannot be opened: “notes.jpg”, “nothing.jpg”.').waitFor();
    const save = () => download(page, () => page.getByRole('button', { name: 'Download all' }).click());
    const { bytes } = await save();
    expect(bytes.includes('sample2-cutout.')).toBe(true);
    expect(bytes.includes('sample1')).toBe(false);
    await page.getByText(/Saved 1 photo in .* sample1.jpg is left out: .*The Focal server does not answer/).waitFor();

    // The first photo is shown again, and looked at again in vain.
    await page.getByRole('button', { name: 'Look now' }).waitFor();
    await page.unroute('**/v1/analyze*');
    await page.getByRole('button', { name: 'Look now' }).click();
    await page.locator('.veil').waitFor({ state: 'detached', timeout: PATIENCE_MS });
    await page.getByRole('button', { name: 'Save all photos' }).click();
    const both = (await save()).bytes;
    expect(both.includes('sample1-anonymize') && both.includes('sample2-cutout')).toBe(true);
  }, 150_000);

  it('opens the first of several that is a picture, and says what is with those before it', async () => {
    const page = await studio.show('browser');
    const notes = { name: 'notes.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('no picture at all') };
    await page.setInputFiles('#open-photo', [notes, await readSmall('sample1.jpg')]);
    await page.locator('.toast', { hasText: '“notes.jpg” is not a picture' }).waitFor();
    await awaitSubject(page);
    expect(await page.locator('.stage').getAttribute('aria-label')).toContain('sample1.jpg');
  });

  it('moves steps by touch', async () => {
    const viewport = { width: 390, height: 900 };
    const page = await studio.show('browser', { viewport, hasTouch: true, isMobile: true });
    await openPhotos(page, await readSmall('sample1.jpg'));
    await page.getByRole('button', { name: 'Sticker', exact: true }).tap();
    await page.getByRole('button', { name: 'Cut out', exact: true }).tap();
    expect(await titles(page)).toEqual(['Cut out', 'Outline', 'Shadow']);
    await page.locator('.step-body').waitFor({ state: 'detached' });
    await page.locator('.step-handle').nth(2).scrollIntoViewIfNeeded();
    const from = await page.locator('.step-handle').nth(2).boundingBox();
    const to = await page.locator('.step-handle').nth(0).boundingBox();
    if (from === null || to === null) throw new Error('There is no handle.');
    const input = await page.context().newCDPSession(page);
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', y?: number) =>
      input.send('Input.dispatchTouchEvent', { type, touchPoints: y === undefined ? [] : [{ x: from.x + 12, y }] });
    await touch('touchStart', from.y + 12);
    for (let step = 1; step <= 8; step++) await touch('touchMove', from.y + 12 + ((to.y - 6 - from.y) * step) / 8);
    await touch('touchEnd');
    await expect.poll(() => titles(page)).toEqual(['Shadow', 'Cut out', 'Outline']);
    // Chromium takes a tap right after a drag as quick as this one for the end of a fling, and gives no click.
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => titles(page)).toEqual(['Cut out', 'Outline', 'Shadow']);
  });

  it('moves photos by touch once one is held, and scrolls them before', async () => {
    const viewport = { width: 390, height: 900 };
    const page = await studio.show('browser', { viewport, hasTouch: true, isMobile: true });
    const names = ['a.jpg', 'b.jpg', 'c.jpg'];
    const { buffer } = await readSmall('sample1.jpg');
    await openPhotos(page, ...names.map((name) => ({ name, mimeType: 'image/jpeg', buffer })));
    const photos = page.locator('.strip-photo');
    await expect.poll(() => photos.count()).toBe(3);
    const order = () => photos.evaluateAll((all) => all.map((each) => (each as HTMLElement).title));
    expect(await order()).toEqual(names);
    const [from, to] = [await photos.nth(0).boundingBox(), await photos.nth(2).boundingBox()];
    if (from === null || to === null) throw new Error('There is no photo.');
    const input = await page.context().newCDPSession(page);
    const drag = async (heldMs: number) => {
      const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', share?: number) => {
        const x = from.x + 20 + (to.x + to.width - from.x - 25) * (share ?? 0);
        const touchPoints = share === undefined ? [] : [{ x, y: from.y + 20 }];
        return input.send('Input.dispatchTouchEvent', { type, touchPoints });
      };
      await touch('touchStart', 0);
      await page.waitForTimeout(heldMs);
      for (let step = 1; step <= 8; step++) await touch('touchMove', step / 8);
      await touch('touchEnd');
    };
    await drag(0);
    expect(await order()).toEqual(names);
    await drag(700);
    await expect.poll(order).toEqual(['b.jpg', 'c.jpg', 'a.jpg']);
  });

  it('compares a crop with the same part of the photo, in its place', async () => {
    const page = await studio.show('server');
    await openPhotos(page, await readSmall('sample1.jpg'));
    await look(page, 'Black and white');
    await page.getByRole('button', { name: 'Add a step' }).click();
    await page.locator('.effect-choice', { has: page.getByText('Crop to subject', { exact: true }) }).click();
    await awaitRest(page);
    await page.keyboard.press('c');
    await page.locator('canvas.before-crop[data-frame]').waitFor({ timeout: PATIENCE_MS });
    const boxes = await page
      .locator('canvas.result, canvas.before-crop')
      .evaluateAll((all) => all.map((each) => JSON.stringify(each.getBoundingClientRect())));
    expect(new Set(boxes).size).toBe(1);
    // Grey by its lightness, here and there: the same part.
    const apart = await page.evaluate(() => {
      const read = (name: string) => {
        const canvas = document.querySelector<HTMLCanvasElement>(name);
        return canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
      };
      const [before, after] = [read('canvas.before-crop'), read('canvas.result')];
      let sum = 0;
      for (let i = 0; i < before.length; i += 4) {
        const light = 0.2126 * (before[i] ?? 0) + 0.7152 * (before[i + 1] ?? 0) + 0.0722 * (before[i + 2] ?? 0);
        sum += Math.abs(light - (after[i + 1] ?? 0));
      }
      return { mean: sum / (before.length / 4), sizes: [before.length, after.length] };
    });
    expect(apart.sizes[0]).toBe(apart.sizes[1]);
    expect(apart.mean).toBeLessThan(25);
  });
});
