import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { faceDistance } from '@focal/core';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  awaitState,
  clickMiddle,
  findLit,
  PATIENCE_MS,
  readOverlay,
  startLive,
  type TestLive,
} from '../fixtures/open-live.ts';
import { PHOTOS } from '../fixtures/open-studio.ts';

const FAKE = ['--use-fake-device-for-media-stream'];
const CAMERA = { permissions: ['camera'] };
const PHOTO = 'sample1.jpg';
/** Faces of one person in one photo lie nearer to each other than this, and what is drawn on clothes does not. */
const SAME_PERSON = 0.45;

let folder: string;
let live: TestLive;
let people: readonly Float32Array[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'focal-camera-'));
  const file = join(folder, 'camera.mjpeg');
  await writeFile(file, await panOver(PHOTO));
  live = await startLive([...FAKE, '--use-fake-ui-for-media-stream', `--use-file-for-fake-video-capture=${file}`]);
  people = await vectorsOf(join(PHOTOS, PHOTO));
}, PATIENCE_MS);
afterEach(() => live.closePages());
afterAll(async () => {
  await live.close();
  await rm(folder, { recursive: true });
});

/** The picture without what is marked on it. */
function shotOf(page: Page): Promise<Buffer> {
  const style = '.focus-boxes, .live-overlay, .toasts, .live-cards { visibility: hidden }';
  return page.locator('.live-canvas').screenshot({ style });
}

/** How many of the people in the camera's photo are known by their faces in what is shown, as photos are analysed. */
async function countFaces(page: Page): Promise<number> {
  const shown = await vectorsOf(await shotOf(page));
  return people.filter((person) => shown.some((face) => faceDistance(person, face) < SAME_PERSON)).length;
}

async function vectorsOf(photo: string | Buffer): Promise<readonly Float32Array[]> {
  const { scene } = await live.focal.analyseFile(photo, ['identities'], { cache: false });
  return (scene.faces?.faces ?? []).flatMap(({ vector }) => vector ?? []);
}

async function isOneColor(page: Page): Promise<boolean> {
  const { channels } = await sharp(await shotOf(page))
    .removeAlpha()
    .stats();
  return channels.every(({ min, max }) => max - min < 3);
}

/** A camera that moves over a photo with a person, there and back, slowly, as motion JPEG. */
async function panOver(name: string): Promise<Buffer> {
  const [width, height, travel, count] = [640, 480, 60, 120];
  const photo = await sharp(join(PHOTOS, name))
    .resize(width + travel, height + travel / 2, { fit: 'cover' })
    .png()
    .toBuffer();
  const frames: Buffer[] = [];
  for (let i = 0; i < count; i++) {
    const share = 1 - Math.abs(1 - (2 * i) / count);
    const place = { left: Math.round(travel * share), top: Math.round((travel / 2) * share), width, height };
    frames.push(await sharp(photo).extract(place).jpeg({ chromaSubsampling: '4:2:0' }).toBuffer());
  }
  return Buffer.concat(frames);
}

describe('the webcam', { timeout: 3 * PATIENCE_MS }, () => {
  it('asks before it loads the models, then finds and locks a person', async () => {
    const page = await live.show('/live', CAMERA);
    const asked: string[] = [];
    page.on('request', (request) => {
      if (request.url().endsWith('/onnx') && request.method() === 'GET') asked.push(request.url());
    });
    await page.keyboard.press('w');
    await page.getByRole('button', { name: /^Load \d+ MB$/ }).waitFor({ timeout: PATIENCE_MS });
    expect(asked).toEqual([]);
    expect(await page.getByRole('switch', { name: 'Mirror' }).isChecked()).toBe(true);
    await page.getByRole('button', { name: /^Load \d+ MB$/ }).click();
    await clickMiddle(page, await findLit(page, 'Person'));
    await awaitState(page, 'Locked');
    await expect.poll(() => readOverlay(page), { timeout: PATIENCE_MS }).toContain('Subject Person');
    expect(asked.length).toBeGreaterThanOrEqual(3);

    await page.locator('label.segment', { hasText: 'Everyone' }).click();
    await awaitState(page, 'Everyone');
    await page.locator('label.segment', { hasText: 'Colour' }).click();
    await page.locator('.live-overlay', { hasText: 'Outline' }).waitFor({ timeout: PATIENCE_MS });
  });

  it('hides faces in all that is shown, and all of a picture until it can look for them', async () => {
    const page = await live.show('/live', CAMERA);
    await page.keyboard.press('w');
    await awaitState(page, 'Nothing chosen');
    await expect.poll(() => countFaces(page), { timeout: PATIENCE_MS }).toBe(3);
    await page.locator('label.segment', { hasText: /^Hide$/ }).click();
    await awaitState(page, 'Hiding');
    await expect.poll(() => isOneColor(page), { timeout: PATIENCE_MS }).toBe(true);
    await page.getByRole('button', { name: /^Load \d+ MB$/ }).click();
    await expect.poll(() => isOneColor(page), { timeout: PATIENCE_MS }).toBe(false);
    for (const style of ['Mosaic', 'Colour', 'Blur']) {
      await page.locator('label.segment', { hasText: style }).click();
      for (let i = 0; i < 4; i++) {
        await page.waitForTimeout(300);
        expect(await countFaces(page)).toBe(0);
      }
    }
    await page.locator('label.segment', { hasText: 'Whole people' }).click();
    await page.waitForTimeout(1500);
    expect(await countFaces(page)).toBe(0);
    await page.locator('label.segment', { hasText: /^Faces$/ }).click();

    await page.locator('label.segment', { hasText: 'All but one' }).click();
    await clickMiddle(page, await findLit(page, 'Person'));
    await awaitState(page, 'Locked');
    await expect.poll(() => countFaces(page), { timeout: PATIENCE_MS }).toBe(1);
    await page.keyboard.press('Escape');
    await awaitState(page, 'Nothing chosen');
    await expect.poll(() => countFaces(page), { timeout: PATIENCE_MS }).toBe(0);
  });

  it('says when the camera is gone, and starts again', async () => {
    const page = await live.show('/live', CAMERA, () => {
      const devices = navigator.mediaDevices;
      const ask = devices.getUserMedia.bind(devices);
      devices.getUserMedia = async (constraints) => {
        const stream = await ask(constraints);
        Object.assign(globalThis, { lastStream: stream });
        return stream;
      };
    });
    await page.keyboard.press('w');
    await awaitState(page, 'Nothing chosen');
    await page.evaluate(() => {
      const { lastStream } = globalThis as unknown as { lastStream: MediaStream };
      for (const track of lastStream.getTracks()) track.dispatchEvent(new Event('ended'));
    });
    await page.getByRole('alert').waitFor({ timeout: PATIENCE_MS });
    expect(await page.getByRole('alert').innerText()).toContain('The camera is gone.');
    await page.getByRole('button', { name: 'Try again' }).click();
    await awaitState(page, 'Nothing chosen');
  });

  it('rests while the page is hidden, and goes on', async () => {
    const page = await live.show('/live', CAMERA);
    await page.keyboard.press('w');
    await awaitState(page, 'Nothing chosen');
    const hide = (isHidden: boolean) =>
      page.evaluate((hidden) => {
        Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
        document.dispatchEvent(new Event('visibilitychange'));
      }, isHidden);
    await hide(true);
    await expect.poll(() => readOverlay(page), { timeout: PATIENCE_MS }).toContain('Frames/s 0');
    await hide(false);
    await expect.poll(() => readOverlay(page), { timeout: PATIENCE_MS }).not.toContain('Frames/s 0');
  });
});

describe('the better tracker', { timeout: 4 * PATIENCE_MS }, () => {
  let asked: string[];
  let mirror: Server;
  let answer: (name: string) => Buffer | undefined;
  let other: TestLive;
  beforeAll(async () => {
    asked = [];
    answer = () => undefined;
    mirror = createServer((request, response) => {
      asked.push(request.url ?? '');
      const bytes = answer(request.url ?? '');
      response.writeHead(bytes === undefined ? 404 : 200).end(bytes);
    });
    await new Promise<void>((resolve) => mirror.listen(0, '127.0.0.1', resolve));
    const pullFrom = `http://127.0.0.1:${(mirror.address() as AddressInfo).port}/`;
    const camera = `--use-file-for-fake-video-capture=${join(folder, 'camera.mjpeg')}`;
    other = await startLive([...FAKE, '--use-fake-ui-for-media-stream', camera], {
      home: join(folder, 'home'),
      pullFrom,
    });
  }, PATIENCE_MS);
  afterEach(() => other.closePages());
  afterAll(async () => {
    await other.close();
    await new Promise((resolve) => mirror.close(resolve));
  });

  const lockSomebody = async (page: Page) => {
    await page.keyboard.press('w');
    await page.getByRole('button', { name: /^Load \d+ MB$/ }).click({ timeout: PATIENCE_MS });
    await clickMiddle(page, await findLit(page, 'Person'));
    await awaitState(page, 'Locked');
  };

  it('is offered at the first lock, says when it does not come, and is not offered again once declined', async () => {
    const page = await other.show('/live', CAMERA);
    await lockSomebody(page);
    const card = page.getByRole('region', { name: 'Better tracker' });
    await card.waitFor({ timeout: PATIENCE_MS });
    expect(asked).toEqual([]);
    await card.getByRole('button', { name: 'Download 1.8 MB' }).click();
    await card.getByText('NanoTrack did not come.').waitFor({ timeout: PATIENCE_MS });
    expect(asked.length).toBeGreaterThan(0);
    await card.getByRole('button', { name: 'No, thanks' }).click();
    await card.waitFor({ state: 'detached' });
    const settings = await page.evaluate(() => localStorage.getItem('focal-live'));
    expect(JSON.parse(settings ?? '{}')).toMatchObject({ offersTracker: false });
  });
});

describe('without a camera', { timeout: 3 * PATIENCE_MS }, () => {
  it.each([
    ['none is there', [], 'No camera was found'],
    ['it is refused', FAKE, 'may not use the camera'],
  ] as const)('says what to do where %s', async (_, args, told) => {
    const other = await startLive(args);
    try {
      const page = await other.show();
      await page.keyboard.press('w');
      await page.getByRole('alert').waitFor({ timeout: PATIENCE_MS });
      expect(await page.getByRole('alert').innerText()).toContain(told);
      await other.closePages();
    } finally {
      await other.close();
    }
  });
});
