import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serve } from '@focal/server';
import { launchChromium } from '@focal/testing';
import { createFocal } from 'focal';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

// The built studio, served by the real server with the real models, in a real Chromium.
const STUDIO = fileURLToPath(new URL('../dist', import.meta.url));
const PHOTOS = join(dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json')), 'demo');
const PHOTO = join(PHOTOS, 'sample1.jpg');
const SIZE = [1920, 1280] as const;
const PATIENCE_MS = 60_000;

type Server = Extract<Awaited<ReturnType<typeof serve>>, { state: 'listening' }>;

async function startServer(port = 0): Promise<Server> {
  if (!existsSync(join(STUDIO, 'index.html'))) throw new Error('The studio is not built. Run npm run build first.');
  const server = await serve({ focal: await createFocal(), port, studioDir: STUDIO });
  if (server.state !== 'listening') throw new Error('The port is taken.');
  return server;
}

/** A sum over the canvas that changes with any pixel, and whether any is transparent. */
function readCanvas(
  page: Page,
  name: 'result' | 'before',
): Promise<{ sum: number; transparent: boolean; width: number }> {
  return page.evaluate((selector) => {
    const canvas = document.querySelector<HTMLCanvasElement>(selector);
    if (canvas === null) throw new Error(`There is no ${selector}.`);
    const { width, height } = canvas;
    const data = canvas.getContext('2d')?.getImageData(0, 0, width, height).data ?? [];
    let sum = 0;
    let transparent = false;
    for (let i = 0; i < data.length; i++) {
      sum = (sum * 31 + (data[i] as number)) % 2_147_483_647;
      if (i % 4 === 3 && data[i] === 0) transparent = true;
    }
    return { sum, transparent, width };
  }, `canvas.${name}`);
}

/** Waits until the result on the screen is that of the present parameters. */
async function awaitRest(page: Page): Promise<number> {
  await page.locator('.stage[aria-busy=false]').waitFor({ timeout: PATIENCE_MS });
  return (await readCanvas(page, 'result')).sum;
}

/** The same, and that it is another one than before. */
async function awaitChange(page: Page, before: number): Promise<number> {
  const now = await awaitRest(page);
  expect(now).not.toBe(before);
  return now;
}

async function openPhoto(page: Page, photo: string = PHOTO): Promise<void> {
  await page.setInputFiles('#open-photo', photo);
  await page.getByText('Subject found by').waitFor({ timeout: PATIENCE_MS });
  await page.locator('canvas.result[data-frame]').waitFor({ state: 'attached', timeout: PATIENCE_MS });
  // The first reading moves the canvas from the graphics card to memory, which rounds colours another way.
  await awaitRest(page);
}

const applyLook = (page: Page, title: string) => page.getByRole('button', { name: title, exact: true }).click();
const choose = (page: Page, label: string) => page.locator('.controls label.segment', { hasText: label }).click();

/** Drops a file on the page as a person does. */
async function drop(page: Page, name: string, type: string, bytes: Buffer): Promise<void> {
  const transfer = await page.evaluateHandle(
    ({ fileName, mime, data }) => {
      const dropped = new DataTransfer();
      dropped.items.add(new File([Uint8Array.from(data)], fileName, { type: mime }));
      return dropped;
    },
    { fileName: name, mime: type, data: [...bytes] },
  );
  for (const event of ['dragenter', 'dragover', 'drop'])
    await page.dispatchEvent('main', event, { dataTransfer: transfer });
}

async function save(page: Page): Promise<Buffer> {
  const waiting = page.waitForEvent('download', { timeout: PATIENCE_MS });
  await page.getByRole('button', { name: 'Download' }).click();
  return readFile(await (await waiting).path());
}

describe('the studio', () => {
  let server: Server;
  let browser: Browser;
  const pages: Page[] = [];
  const problems: string[] = [];

  beforeAll(async () => {
    [server, browser] = await Promise.all([
      startServer(),
      launchChromium({ args: ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'] }),
    ]);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close(0);
  });
  afterEach(async () => {
    for (const page of pages.splice(0)) await page.context().close();
    // Nothing may fail unseen: no exception, no refused file, no breach of the content policy.
    const unseen = problems.splice(0);
    if (unseen.length > 0) throw new Error(`The page reported: ${unseen.join('; ')}`);
  });

  /** A fresh page. `place` says who finds the subject: the small model in the browser is quicker than the server's. */
  async function show(place: 'server' | 'browser', options: BrowserContextOptions = {}): Promise<Page> {
    const viewport = { width: 1280, height: 800 };
    const context = await browser.newContext({ viewport, colorScheme: 'dark', acceptDownloads: true, ...options });
    await context.addInitScript((value) => {
      // Only at first: later loads keep what the test chose meanwhile.
      if (localStorage.getItem('focal-settings') === null) {
        localStorage.setItem('focal-settings', JSON.stringify({ place: value }));
      }
    }, place);
    const page = await context.newPage();
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().includes('ERR_')) problems.push(message.text());
    });
    await page.goto(server.url);
    await page.getByRole('heading', { name: 'Open a photo' }).waitFor();
    pages.push(page);
    return page;
  }

  it('cuts out a photo and follows every control, back and forth', async () => {
    const page = await show('server');
    expect(await page.evaluate('crossOriginIsolated')).toBe(true);
    await openPhoto(page);
    await page.getByText('Subject found by IS-Net').waitFor();
    const cut = await awaitRest(page);
    expect((await readCanvas(page, 'result')).transparent).toBe(true);
    expect((await readCanvas(page, 'before')).transparent).toBe(false);

    await choose(page, 'Colour');
    const white = await awaitChange(page, cut);
    expect((await readCanvas(page, 'result')).transparent).toBe(false);
    await page.getByRole('button', { name: 'Amber' }).click();
    const amber = await awaitChange(page, white);

    await page.keyboard.press('Control+z');
    expect(await awaitChange(page, amber)).toBe(white);
    await page.keyboard.press('Control+z');
    expect(await awaitChange(page, white)).toBe(cut);
    await page.keyboard.press('Control+Shift+z');
    expect(await awaitChange(page, cut)).toBe(white);
    await page.getByRole('button', { name: 'Redo' }).click();
    expect(await awaitChange(page, white)).toBe(amber);
  });

  it('moves sliders by mouse, key and number, and undoes a drag in one step', async () => {
    const page = await show('browser');
    await openPhoto(page);
    await applyLook(page, 'Soft background');
    const first = await awaitRest(page);
    const slider = page.getByRole('slider', { name: 'Blur' });
    const box = await slider.boundingBox();
    if (box === null) throw new Error('The slider is not to be seen.');

    await page.mouse.move(box.x + box.width * 0.24, box.y + box.height / 2);
    await page.mouse.down();
    for (let i = 1; i <= 12; i++) await page.mouse.move(box.x + box.width * (0.24 + i * 0.05), box.y + box.height / 2);
    await page.mouse.up();
    await awaitChange(page, first);
    const dragged = await awaitRest(page);
    expect(Number(await slider.inputValue())).toBeGreaterThan(0.03);

    await page.keyboard.press('Control+z');
    await awaitChange(page, dragged);
    expect(await awaitRest(page)).toBe(first);
    expect(await slider.inputValue()).toBe('0.012');

    await slider.focus();
    await page.keyboard.press('ArrowRight');
    expect(await slider.inputValue()).toBe('0.013');
    await awaitChange(page, first);
    const entry = page.getByRole('textbox', { name: 'Blur, value' });
    await entry.fill('2,5');
    await entry.press('Enter');
    expect(await slider.inputValue()).toBe('0.025');
    await page.getByRole('button', { name: 'Reset Blur' }).click();
    expect(await slider.inputValue()).toBe('0.012');
    expect(await awaitRest(page)).toBe(first);
  });

  it('compares by divider and by holding, zooms and pans', async () => {
    const page = await show('browser');
    await openPhoto(page);
    await page.keyboard.press('c');
    const divider = page.getByRole('slider', { name: 'Before and after' });
    const clip = () => page.locator('.after').evaluate((element) => getComputedStyle(element).clipPath);
    const half = await clip();
    expect(half).toMatch(/inset/);
    await divider.focus();
    await page.keyboard.press('ArrowLeft');
    expect(await divider.getAttribute('aria-valuenow')).toBe('48');
    expect(await clip()).not.toBe(half);
    const box = await divider.boundingBox();
    await page.mouse.move((box?.x ?? 0) + 22, 300);
    await page.mouse.down();
    await page.mouse.move(200, 300, { steps: 4 });
    await page.mouse.up();
    expect(Number(await divider.getAttribute('aria-valuenow'))).toBeLessThan(30);
    await page.keyboard.press('c');

    await page.keyboard.down('b');
    expect(await page.locator('.after').evaluate((element) => getComputedStyle(element).visibility)).toBe('hidden');
    await page.keyboard.up('b');
    expect(await page.locator('.after').evaluate((element) => getComputedStyle(element).visibility)).toBe('visible');

    const left = () => page.locator('.frame').evaluate((element) => element.getBoundingClientRect().left);
    const width = () => page.locator('.frame').evaluate((element) => element.getBoundingClientRect().width);
    const fitted = await width();
    await page.mouse.move(400, 400);
    await page.mouse.wheel(0, -400);
    await expect.poll(width).toBeGreaterThan(fitted * 1.5);
    const before = await left();
    await page.mouse.down();
    await page.mouse.move(460, 400, { steps: 3 });
    await page.mouse.up();
    expect((await left()) - before).toBeCloseTo(60, 0);
    await page.keyboard.press('z');
    expect(await width()).toBeCloseTo(1920, 0);
    await page.keyboard.press('0');
    expect(await width()).toBeCloseTo(fitted, 0);
  });

  it('saves in full size, with transparency in PNG and on white in JPEG', async () => {
    const page = await show('browser');
    await openPhoto(page);
    await page.keyboard.press('s');
    await page.getByText('sample1-cutout.png').waitFor();
    const png = sharp(await save(page));
    const { width, height, hasAlpha, format } = await png.metadata();
    expect([width, height, hasAlpha, format]).toEqual([...SIZE, true, 'png']);
    const { channels } = await png.stats();
    expect([channels[3]?.min, channels[3]?.max]).toEqual([0, 255]);

    await page.keyboard.press('s');
    await page.getByRole('dialog').locator('label.segment', { hasText: 'JPEG' }).click();
    await page.getByText('the background becomes white').waitFor();
    const jpeg = sharp(await save(page));
    expect(await jpeg.metadata()).toMatchObject({ width: SIZE[0], height: SIZE[1], format: 'jpeg' });
    const corner = await jpeg.extract({ left: 4, top: 4, width: 8, height: 8 }).raw().toBuffer();
    expect(Math.min(...corner)).toBeGreaterThan(250);
  });

  it('saves in the size that is chosen', async () => {
    const page = await show('browser');
    await openPhoto(page);
    await page.keyboard.press('s');
    const side = page.getByRole('combobox', { name: 'Longer side' });
    const choices = await side.locator('option').evaluateAll((all) => all.map((each) => each.getAttribute('value')));
    expect(choices.slice(1).every((each) => Number(each) < SIZE[0])).toBe(true);
    await side.selectOption('1080');
    await page.getByText(`1080 × ${Math.round((1080 * SIZE[1]) / SIZE[0])} pixels`).waitFor();
    const { width, height } = await sharp(await save(page)).metadata();
    expect([width, height]).toEqual([1080, Math.round((1080 * SIZE[1]) / SIZE[0])]);
  });

  it('says what is wrong with a file and keeps the photo that is open', async () => {
    const page = await show('browser');
    await drop(page, 'notes.txt', 'text/plain', Buffer.from('no picture at all'));
    await page.getByText('“notes.txt” is not a picture').waitFor();
    await drop(page, 'broken.jpg', 'image/jpeg', (await readFile(PHOTO)).subarray(0, 300));
    await page.getByText('“broken.jpg” cannot be opened').waitFor();
    await page.getByText('The JPEG picture is broken, cut short or too large.').waitFor();
    await drop(page, 'empty.png', 'image/png', Buffer.alloc(0));
    await page.getByText('“empty.png” cannot be opened').waitFor();
    await page.getByText('The file is empty.').waitFor();
    await drop(page, 'sample1.jpg', 'image/jpeg', await readFile(PHOTO));
    await page.getByText('Subject found by').waitFor({ timeout: PATIENCE_MS });
    await drop(page, 'notes.txt', 'text/plain', Buffer.from('no picture at all'));
    await page.getByText('“notes.txt” is not a picture').waitFor();
    expect((await readCanvas(page, 'result')).transparent).toBe(true);
  });

  it('turns a photo upright by its EXIF orientation', async () => {
    const page = await show('browser');
    const turned = await sharp(PHOTO).resize(600).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    await drop(page, 'turned.jpg', 'image/jpeg', turned);
    await page.getByText('400 × 600').waitFor();
    await page.getByText('Subject found by').waitFor({ timeout: PATIENCE_MS });
    await page.keyboard.press('s');
    expect(await sharp(await save(page)).metadata()).toMatchObject({ width: 400, height: 600 });
  });

  it('puts a picture of your own behind the subject', async () => {
    const page = await show('browser');
    await openPhoto(page);
    await choose(page, 'Colour');
    const before = await awaitRest(page);
    await choose(page, 'Picture');
    await page.getByText('Choose a picture').waitFor();
    await page.locator('.asset input').setInputFiles(join(PHOTOS, 'sample5.jpg'));
    await page.getByText('sample5.jpg').waitFor();
    await awaitChange(page, before);
    const behind = await awaitRest(page);
    expect((await readCanvas(page, 'result')).transparent).toBe(false);
    await choose(page, 'Contain');
    await awaitChange(page, behind);
  });

  it('takes a photo with the camera', async () => {
    const page = await show('browser');
    await page.context().grantPermissions(['camera']);
    await page.getByRole('button', { name: 'Take one' }).click();
    await page.getByRole('button', { name: 'Take photo' }).click({ timeout: PATIENCE_MS });
    await page.getByText('camera.png').waitFor({ timeout: PATIENCE_MS });
    await page.locator('canvas.before[data-frame]').waitFor({ timeout: PATIENCE_MS });
    expect((await readCanvas(page, 'before')).sum).not.toBe(0);
  });

  it('can be cancelled while it looks for the subject, and tried again', async () => {
    const page = await show('server');
    await page.route('**/v1/cutout*', () => undefined);
    await page.setInputFiles('#open-photo', PHOTO);
    await page.getByText('Finding the subject').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('has not been looked for').waitFor();
    // The cut-out waits for a subject: there is nothing to save yet.
    expect(await page.getByRole('button', { name: 'Save', exact: true }).isDisabled()).toBe(true);
    await page.unroute('**/v1/cutout*');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('Subject found by').waitFor({ timeout: PATIENCE_MS });
  });

  it('works by touch on a narrow screen without scrolling sideways', async () => {
    const page = await show('browser', { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
    await openPhoto(page);
    const cut = await awaitRest(page);
    await page.locator('.controls label.segment', { hasText: 'Gradient' }).tap();
    await awaitChange(page, cut);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
    const sizes = await page
      .locator('.top-bar button:visible, .zoom-bar button:visible')
      .evaluateAll((buttons) => buttons.map((button) => button.getBoundingClientRect().height));
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(36);
    await page.getByRole('button', { name: 'Hide the controls' }).tap();
    expect(await page.locator('.panel-scroll').isVisible()).toBe(false);
  });

  it('follows the theme of the system until one is chosen', async () => {
    const page = await show('browser');
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const dark = await ground();
    await page.emulateMedia({ colorScheme: 'light' });
    const light = await ground();
    expect(light).not.toBe(dark);
    await page.getByRole('button', { name: /Theme/ }).click();
    await page.getByRole('button', { name: /Theme: light/ }).click();
    expect(await ground()).toBe(dark);
    await page.reload();
    await expect.poll(ground).toBe(dark);
  });

  it('shows its keys', async () => {
    const page = await show('browser');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys and gestures' }).waitFor();
    await page.keyboard.press('Escape');
    expect(await page.getByRole('dialog').count()).toBe(0);
  });
});

describe('the studio with its server gone', () => {
  it('goes on in the browser alone, from what it keeps', async () => {
    const server = await startServer();
    const browser = await launchChromium();
    try {
      const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
      await page.goto(server.url);
      await page.evaluate('navigator.serviceWorker.ready');
      await page.getByRole('button', { name: /Where the work happens/ }).click();
      await page.locator('.choice', { hasText: 'This browser alone' }).click();
      await page.getByRole('button', { name: 'Use this browser' }).click();
      await openPhoto(page);
      await page.getByText(/Subject found by Selfie.*this browser.*WebAssembly/).waitFor();
      expect((await readCanvas(page, 'result')).transparent).toBe(true);

      await server.close(0);
      await page.reload();
      await page.locator('.stage[aria-label*="sample1.jpg"]').waitFor({ timeout: PATIENCE_MS });
      await page.setInputFiles('#open-photo', join(PHOTOS, 'sample2.jpg'));
      await page.locator('.stage[aria-label*="sample2.jpg"]').waitFor({ timeout: PATIENCE_MS });
      await page.getByText(/Subject found by Selfie/).waitFor({ timeout: PATIENCE_MS });
      await awaitRest(page);
      expect((await readCanvas(page, 'result')).transparent).toBe(true);

      await page.getByRole('button', { name: /Where the work happens/ }).click();
      await page.getByText('Does not answer now').waitFor();
      await page.locator('.choice', { hasText: 'Focal server' }).click();
      await page.getByRole('button', { name: 'Use the server' }).click();
      await page.getByText('The Focal server does not answer.').waitFor();
      await page.getByRole('button', { name: 'Use this browser' }).click();
      await page.getByText(/Subject found by Selfie/).waitFor({ timeout: PATIENCE_MS });
    } finally {
      await browser.close();
      await server.close(0);
    }
  }, 150_000);
});
