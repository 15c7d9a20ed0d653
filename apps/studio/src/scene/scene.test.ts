import { join } from 'node:path';
import type { BrowserContextOptions, Page } from 'playwright-core';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { awaitSubject, PATIENCE_MS, PHOTOS, useStudio } from '../fixtures/open-studio.ts';
import { SCENE_MODELS } from '../place/models.ts';

// "In this photo": the list of people, faces and things, and what it lights up, in the built studio on the real server.
const PHOTO = join(PHOTOS, 'sample1.jpg');

describe('the list of who and what is in the photo', () => {
  const studio = useStudio({ withoutModels: ['isnet-medium'] });

  async function show(place: 'server' | 'browser', photo: string | Buffer, options: BrowserContextOptions = {}) {
    const page = await studio.show(place, { viewport: { width: 1100, height: 760 }, ...options });
    const file = typeof photo === 'string' ? photo : { name: 'grey.png', mimeType: 'image/png', buffer: photo };
    await page.setInputFiles('#open-photo', file);
    await awaitSubject(page);
    return page;
  }

  const toggle = (page: Page) => page.getByRole('button', { name: /In this photo/ });
  const rows = (page: Page) => page.locator('.scene-row');
  const lit = (page: Page) => page.locator('.scene-light');
  /** Opens the list, and agrees where this browser has to load models. */
  async function openList(page: Page): Promise<void> {
    await toggle(page).click();
    await page.getByRole('button', { name: 'Load and look' }).click();
  }
  const note = (page: Page) => page.locator('.scene-note[role=status]');
  const awaitRows = (page: Page) => rows(page).first().waitFor({ timeout: PATIENCE_MS });

  /** How dark the veil is, 0..1, at a place in fractions of the lit-up box. */
  const readVeil = (page: Page, x: number, y: number) =>
    page.evaluate(
      ([fx, fy]) => {
        const canvas = document.querySelector<HTMLCanvasElement>('canvas.scene-shade');
        const context = canvas?.getContext('2d');
        if (canvas === null || context === null || context === undefined) throw new Error('Nothing is lit up.');
        const at = context.getImageData(Math.floor(fx * canvas.width), Math.floor(fy * canvas.height), 1, 1);
        return (at.data[3] ?? 0) / 255;
      },
      [x, y] as const,
    );

  it('names three people with their faces and lights each up under the pointer', async () => {
    const page = await show('browser', PHOTO);
    await openList(page);
    await awaitRows(page);
    const texts = await rows(page).allTextContents();
    expect(texts.filter((text) => text.startsWith('Person '))).toHaveLength(3);
    expect(await page.locator('.scene-list ul .scene-row', { hasText: 'Face' }).count()).toBe(3);
    expect(texts.filter((text) => /^Face.*smiling/.test(text))).toHaveLength(3);

    await rows(page).filter({ hasText: 'Person 1' }).hover();
    await lit(page).waitFor();
    const frame = await page.locator('.frame').boundingBox();
    const box = await page.locator('.scene-frame').boundingBox();
    if (frame === null || box === null) throw new Error('Nothing is lit up.');
    // The woman on the right, by her box in the photo.
    expect((box.x - frame.x) / frame.width).toBeGreaterThan(0.55);
    expect((box.x + box.width - frame.x) / frame.width).toBeGreaterThan(0.9);
    expect(await readVeil(page, 0.55, 0.4)).toBeLessThan(0.1);
    expect(await readVeil(page, 0.02, 0.02)).toBeGreaterThan(0.9);
    // All of her is shown, also what the effect would take away.
    expect(await page.locator('.after').evaluate((after) => getComputedStyle(after).visibility)).toBe('hidden');

    await page.locator('.scene-list ul .scene-row').first().hover();
    const face = await page.locator('.scene-frame').boundingBox();
    expect(face?.width).toBeLessThan(box.width / 2);
    await page.mouse.move(5, 5);
    await lit(page).waitFor({ state: 'detached' });
  });

  it('goes by the keyboard: the focus lights up, Escape puts out', async () => {
    const page = await show('browser', PHOTO);
    await toggle(page).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Load and look' }).focus();
    await page.keyboard.press('Enter');
    await awaitRows(page);
    await toggle(page).focus();
    await page.keyboard.press('Tab');
    const first = await lit(page).getAttribute('data-lit');
    await page.keyboard.press('Tab');
    await lit(page).waitFor({ state: 'detached' });
    await page.keyboard.press('Tab');
    expect(await lit(page).getAttribute('data-lit')).not.toBe(first);
    await page.keyboard.press('Escape');
    await lit(page).waitFor({ state: 'detached' });
  });

  it('lights up with a tap and puts out with the next, and forgets it with the photo', async () => {
    const page = await show('browser', PHOTO, {
      viewport: { width: 390, height: 800 },
      hasTouch: true,
      isMobile: true,
    });
    await toggle(page).tap();
    await page.getByRole('button', { name: 'Load and look' }).tap();
    await awaitRows(page);
    const row = rows(page).first();
    await row.tap();
    await lit(page).waitFor();
    await row.tap();
    await lit(page).waitFor({ state: 'detached' });
    await row.tap();
    await lit(page).waitFor();
    await page.setInputFiles('#open-photo', join(PHOTOS, 'sample3.jpg'));
    await page.locator('.stage[aria-label*="sample3.jpg"]').waitFor({ timeout: PATIENCE_MS });
    expect(await lit(page).count()).toBe(0);
    expect(await rows(page).count()).toBe(0);
    expect(await toggle(page).getAttribute('aria-expanded')).toBe('false');
  });

  it('says so where there is nothing it knows', async () => {
    const grey = { width: 320, height: 200, channels: 3, background: '#888' } as const;
    const page = await show('browser', await sharp({ create: grey }).png().toBuffer());
    await openList(page);
    await page.getByText('No people, faces or things that Focal knows.').waitFor({ timeout: PATIENCE_MS });
    expect(await rows(page).count()).toBe(0);
    expect(await toggle(page).textContent()).toContain('nothing found');
  });

  it('says what failed and looks again when asked', async () => {
    const page = await show('server', PHOTO);
    await page.route('**/v1/analyze*', (route) => route.abort());
    await toggle(page).click();
    await page.locator('.scene-note', { hasText: 'The Focal server does not answer.' }).waitFor();
    await page.unroute('**/v1/analyze*');
    await page.getByRole('button', { name: 'Try again' }).click();
    await awaitRows(page);
    expect(await rows(page).filter({ hasText: 'Person' }).count()).toBe(3);
  });

  it('stops looking at once and starts anew when asked', async () => {
    const page = await show('server', PHOTO);
    await page.route('**/v1/analyze*', () => undefined);
    await toggle(page).click();
    await page.getByRole('button', { name: 'Stop' }).click();
    const again = page.getByRole('button', { name: 'Look for people and things' });
    await again.waitFor();
    await page.unroute('**/v1/analyze*');
    expect(await rows(page).count()).toBe(0);
    await again.click();
    await awaitRows(page);
    expect(await rows(page).filter({ hasText: 'Person' }).count()).toBe(3);
  });

  it('asks before it loads models into this browser, once, and takes no for an answer', async () => {
    const page = await show('browser', PHOTO);
    const loaded: string[] = [];
    page.on('request', (request) => {
      const [, id] = /models\/([\w-]+)\/onnx/.exec(request.url()) ?? [];
      if (id !== undefined) loaded.push(id);
    });
    await toggle(page).click();
    await page.getByText('loads 28 MB of models once, and takes some 5 s a photo').waitFor();
    await page.getByRole('button', { name: 'Not now' }).click();
    await page.getByRole('button', { name: 'Look for people and things' }).click();
    expect(loaded).toEqual([]);
    await page.getByRole('button', { name: 'Load and look' }).click();
    await awaitRows(page);
    const bytes = await page.evaluate(async () => {
      const cache = await caches.open('focal-models');
      const sizes = (await cache.keys()).map(async (key) => (await cache.match(key))?.blob());
      return (await Promise.all(sizes)).reduce((sum, blob) => sum + (blob?.size ?? 0), 0);
    });
    // As is said: what came in now, with the model that found the subject.
    expect(bytes / 1e6).toBeGreaterThan(26);
    expect(bytes / 1e6).toBeLessThan(30);
    expect(new Set([...loaded, 'selfie'])).toEqual(new Set(SCENE_MODELS));

    await page.setInputFiles('#open-photo', join(PHOTOS, 'sample3.jpg'));
    await page.locator('.stage[aria-label*="sample3.jpg"]').waitFor({ timeout: PATIENCE_MS });
    await toggle(page).click();
    await awaitRows(page);
    // The photos are still there after a reload, and nothing is asked again.
    await page.reload();
    await page.locator('.stage[aria-label*="sample3.jpg"]').waitFor({ timeout: PATIENCE_MS });
    await page.getByText('Subject found by').waitFor({ timeout: PATIENCE_MS });
    await toggle(page).click();
    await awaitRows(page);
  }, 240_000);

  it('looks again in the other place after a change of it', async () => {
    const page = await show('server', PHOTO);
    await toggle(page).click();
    await awaitRows(page);
    await page.getByRole('button', { name: /Where the work happens/ }).click();
    await page.getByText('This browser alone').click();
    await page.getByRole('button', { name: 'Use this browser' }).click();
    await page.getByText('this browser (WebAssembly').waitFor({ timeout: PATIENCE_MS });
    expect(await rows(page).count()).toBe(0);
    await page.route('**/v1/analyze*', (route) => route.abort());
    await page.getByRole('button', { name: 'Look for people and things' }).click();
    await page.getByRole('button', { name: 'Load and look' }).click();
    await awaitRows(page);
    expect(await rows(page).filter({ hasText: 'Person' }).count()).toBe(3);
  });

  /** Clicks at a point of the photo, in fractions. */
  async function clickPhoto(page: Page, x: number, y: number, modifiers: ('Alt' | 'Shift')[] = []): Promise<void> {
    const frame = await page.locator('.frame').boundingBox();
    if (frame === null) throw new Error('There is no photo.');
    const position = { x: frame.x + frame.width * x, y: frame.y + frame.height * y };
    for (const key of modifiers) await page.keyboard.down(key);
    await page.mouse.click(position.x, position.y);
    for (const key of modifiers) await page.keyboard.up(key);
  }
  const picked = (page: Page) => page.getByRole('list', { name: 'Picked' }).locator('.scene-row');

  it.each(['server', 'browser'] as const)('picks what is clicked in the photo (%s)', async (place) => {
    const page = await show(place, PHOTO);
    if (place === 'server') await toggle(page).click();
    else await openList(page);
    await awaitRows(page);
    // A person of the list lights up, and goes out with the next click.
    await clickPhoto(page, 0.8, 0.49);
    await lit(page).waitFor();
    expect(await lit(page).getAttribute('data-lit')).toBe('person-1');
    expect(await page.locator('.scene-row[aria-pressed=true]').textContent()).toContain('Person 1');
    await clickPhoto(page, 0.8, 0.49);
    await lit(page).waitFor({ state: 'detached' });
    expect(await picked(page).count()).toBe(0);
    // A picture on the wall, which no list knows.
    await clickPhoto(page, 0.24, 0.04);
    await picked(page).waitFor();
    expect(await picked(page).textContent()).toContain('Picked 1');
    expect(await lit(page).getAttribute('data-lit')).toBe('picked-1');
    await page.getByRole('button', { name: 'Take picked 1 off the list' }).click();
    await lit(page).waitFor({ state: 'detached' });
    expect(await picked(page).count()).toBe(0);
  });

  it('does not pick where the photo is dragged or zoomed by a double click', async () => {
    const page = await show('server', PHOTO);
    await toggle(page).click();
    await awaitRows(page);
    const frame = await page.locator('.frame').boundingBox();
    const [x, y] = [(frame?.x ?? 0) + 300, (frame?.y ?? 0) + 200];
    await page.mouse.dblclick(x, y);
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + 60, y + 30, { steps: 4 });
    await page.mouse.up();
    // Longer than a click waits for a second one.
    await page.waitForTimeout(600);
    expect(await lit(page).count()).toBe(0);
    expect(await note(page).textContent()).toContain('Click anything in the photo');
  });

  it('picks with Alt before anything was looked for, and says where nothing stands out', async () => {
    const blue = { width: 320, height: 200, channels: 3, background: '#24c' } as const;
    const disc = Buffer.from('<svg width="320" height="200"><circle cx="90" cy="100" r="50" fill="#e82"/></svg>');
    const page = await show(
      'server',
      await sharp({ create: blue })
        .composite([{ input: disc }])
        .png()
        .toBuffer(),
    );
    await clickPhoto(page, 0.28, 0.5, ['Alt']);
    await picked(page).waitFor();
    expect(await toggle(page).getAttribute('aria-expanded')).toBe('true');
    await page.getByRole('button', { name: 'Look for people and things' }).waitFor();
    const frame = await page.locator('.frame').boundingBox();
    const box = await page.locator('.scene-frame').boundingBox();
    if (frame === null || box === null) throw new Error('Nothing is lit up.');
    expect((box.x - frame.x) / frame.width).toBeCloseTo(40 / 320, 1);
    expect(box.width / frame.width).toBeCloseTo(100 / 320, 1);

    const grey = { width: 320, height: 200, channels: 3, background: '#888' } as const;
    await page.setInputFiles('#open-photo', {
      name: 'wall.png',
      mimeType: 'image/png',
      buffer: await sharp({ create: grey }).png().toBuffer(),
    });
    await page.locator('.stage[aria-label*="wall.png"]').waitFor({ timeout: PATIENCE_MS });
    await page.getByText('Subject found by').waitFor({ timeout: PATIENCE_MS });
    expect(await lit(page).count()).toBe(0);
    await clickPhoto(page, 0.7, 0.6, ['Alt']);
    await page.getByText('Nothing stands out from its background there.').waitFor();
    expect(await picked(page).count()).toBe(0);
  });

  it('picks by the keyboard: P brings the cross, arrows move it, Enter picks, Escape puts out', async () => {
    const page = await show('server', PHOTO);
    await page.keyboard.press('p');
    const aim = page.locator('.pick-aim');
    await aim.waitFor();
    const start = await aim.boundingBox();
    for (let i = 0; i < 3; i++) await page.keyboard.press('Shift+ArrowRight');
    await page.keyboard.press('ArrowUp');
    const there = await aim.boundingBox();
    expect((there?.x ?? 0) - (start?.x ?? 0)).toBeGreaterThan(50);
    await page.keyboard.press('Enter');
    await lit(page).waitFor();
    expect(await aim.count()).toBe(0);
    await page.keyboard.press('Escape');
    await lit(page).waitFor({ state: 'detached' });
    await page.keyboard.press('p');
    await aim.waitFor();
    await page.keyboard.press('Escape');
    await aim.waitFor({ state: 'detached' });
  });
});
