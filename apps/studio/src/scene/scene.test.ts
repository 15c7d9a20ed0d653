import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serve } from '@focal/server';
import { launchChromium } from '@focal/testing';
import { createFocal } from 'focal';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

// "In this photo": the list of people, faces and things, and what it lights up, in the built studio on the real server.
const STUDIO = fileURLToPath(new URL('../../dist', import.meta.url));
const PHOTOS = join(dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json')), 'demo');
const PHOTO = join(PHOTOS, 'sample1.jpg');
const PATIENCE_MS = 60_000;

type Server = Extract<Awaited<ReturnType<typeof serve>>, { state: 'listening' }>;

describe('the list of who and what is in the photo', () => {
  let server: Server;
  let browser: Browser;
  const pages: Page[] = [];

  beforeAll(async () => {
    const focal = await createFocal({ withoutModels: ['isnet-medium'] });
    const serving = await serve({ focal, port: 0, studioDir: STUDIO });
    if (serving.state !== 'listening') throw new Error('The port is taken.');
    server = serving;
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close(0);
  });
  afterEach(async () => {
    for (const page of pages.splice(0)) await page.context().close();
  });

  async function show(place: 'server' | 'browser', photo: string | Buffer, options: BrowserContextOptions = {}) {
    const context = await browser.newContext({ viewport: { width: 1100, height: 760 }, ...options });
    await context.addInitScript((saved) => localStorage.setItem('focal-settings', saved), JSON.stringify({ place }));
    const page = await context.newPage();
    pages.push(page);
    await page.goto(server.url);
    const file = typeof photo === 'string' ? photo : { name: 'grey.png', mimeType: 'image/png', buffer: photo };
    await page.setInputFiles('#open-photo', file);
    await page.getByText('Subject found by').waitFor({ timeout: PATIENCE_MS });
    return page;
  }

  const toggle = (page: Page) => page.getByRole('button', { name: /In this photo/ });
  const rows = (page: Page) => page.locator('.scene-row');
  const lit = (page: Page) => page.locator('.scene-light');
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
    await toggle(page).click();
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
    await awaitRows(page);
    await page.keyboard.press('Tab');
    const first = await lit(page).getAttribute('data-lit');
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
    await awaitRows(page);
    const row = rows(page).first();
    await row.tap();
    await lit(page).waitFor();
    await row.tap();
    await lit(page).waitFor({ state: 'detached' });
    await row.tap();
    await lit(page).waitFor();
    await page.setInputFiles('#open-photo', join(PHOTOS, 'sample3.jpg'));
    await page.getByText('sample1.jpg” was closed').waitFor({ timeout: PATIENCE_MS });
    expect(await lit(page).count()).toBe(0);
    expect(await rows(page).count()).toBe(0);
    expect(await toggle(page).getAttribute('aria-expanded')).toBe('false');
  });

  it('says so where there is nothing it knows', async () => {
    const grey = { width: 320, height: 200, channels: 3, background: '#888' } as const;
    const page = await show('browser', await sharp({ create: grey }).png().toBuffer());
    await toggle(page).click();
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
    const again = page.getByRole('button', { name: 'Look again' });
    await again.waitFor();
    await page.unroute('**/v1/analyze*');
    expect(await rows(page).count()).toBe(0);
    await again.click();
    await awaitRows(page);
    expect(await rows(page).filter({ hasText: 'Person' }).count()).toBe(3);
  });
});
