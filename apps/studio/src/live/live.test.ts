import { readFile } from 'node:fs/promises';
import { ALL_FORMATS, BufferSource, EncodedPacketSink, Input } from 'mediabunny';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  awaitRest,
  awaitState,
  boxOf,
  clickMiddle,
  findLit,
  measureDetail,
  openPausedDemo,
  PATIENCE_MS,
  readOverlay,
  startLive,
  type TestLive,
} from '../fixtures/open-live.ts';

let live: TestLive;
beforeAll(async () => {
  live = await startLive(['--autoplay-policy=no-user-gesture-required']);
}, PATIENCE_MS);
afterEach(() => live.closePages());
afterAll(() => live.close());

/** A box of the page in fractions of the picture. */
async function inPicture(page: Page, box: { x: number; y: number; width: number; height: number }) {
  const picture = await boxOf(page.locator('.live-picture'));
  return {
    x: (box.x - picture.x) / picture.width,
    y: (box.y - picture.y) / picture.height,
    width: box.width / picture.width,
    height: box.height / picture.height,
  };
}

/** The middle of a box, where it is surely the figure. */
const coreOf = ({ x, y, width, height }: { x: number; y: number; width: number; height: number }) => ({
  x: x + width * 0.3,
  y: y + height * 0.35,
  width: width * 0.4,
  height: height * 0.3,
});
const SKYLINE = { x: 0, y: 0.42, width: 0.25, height: 0.2 };

describe('locking', { timeout: 3 * PATIENCE_MS }, () => {
  it('keeps a clicked subject sharp, blurs the rest, and takes it back', async () => {
    const page = await live.show();
    await openPausedDemo(page);
    const before = await awaitRest(page);
    const walker = await findLit(page, 'Walker');
    await clickMiddle(page, walker);
    await awaitState(page, 'Locked');
    const locked = await awaitRest(page);
    const core = coreOf(await inPicture(page, walker));
    expect(measureDetail(locked, core)).toBeGreaterThan(0.8 * measureDetail(before, core));
    expect(measureDetail(locked, SKYLINE)).toBeLessThan(0.65 * measureDetail(before, SKYLINE));
    await expect.poll(() => readOverlay(page), { timeout: PATIENCE_MS }).toContain('Subject Walker');

    const balloon = await findLit(page, 'Balloon');
    await clickMiddle(page, balloon);
    await page.locator('.live-overlay', { hasText: 'Balloon' }).waitFor({ timeout: PATIENCE_MS });
    const switched = await awaitRest(page);
    expect(measureDetail(switched, core)).toBeLessThan(0.7 * measureDetail(before, core));

    await page.keyboard.press('Escape');
    await awaitState(page, 'Nothing chosen');
    expect((await awaitRest(page)).data.equals(before.data)).toBe(true);
  });

  it('takes what is clicked where bars stand beside the picture, and nothing on the bars', async () => {
    const page = await live.show('/live', { viewport: { width: 1200, height: 500 } });
    await openPausedDemo(page);
    const [stage, picture] = [await boxOf(page.locator('.live-stage')), await boxOf(page.locator('.live-picture'))];
    expect(picture.x - stage.x).toBeGreaterThan(20);
    await page.mouse.click(stage.x + 8, picture.y + picture.height * 0.75);
    await clickMiddle(page, await findLit(page, 'Walker'));
    await awaitState(page, 'Locked');
    expect(await page.locator('.toast').count()).toBe(0);
    await page.locator('.lock-box').waitFor();
    const box = await boxOf(page.locator('.lock-box'));
    expect(box.x).toBeGreaterThan(picture.x);
  });

  it('does nothing on empty ground but say so; Alt and a click takes what is there', async () => {
    const page = await live.show();
    await openPausedDemo(page);
    const picture = await boxOf(page.locator('.live-picture'));
    const [x, y] = [picture.x + picture.width * 0.02, picture.y + picture.height * 0.6];
    await page.mouse.click(x, y);
    await page.locator('.toast', { hasText: 'Nothing known is here' }).waitFor({ timeout: PATIENCE_MS });
    await expect.poll(() => readOverlay(page), { timeout: PATIENCE_MS }).toContain('Nothing chosen');
    await page.keyboard.down('Alt');
    await page.mouse.click(x, y);
    await page.keyboard.up('Alt');
    await awaitState(page, 'Locked');
    await expect.poll(() => readOverlay(page), { timeout: PATIENCE_MS }).toContain('Subject Picked');
  });
});

describe('keys and files', { timeout: 3 * PATIENCE_MS }, () => {
  it('pauses, steps, shows its keys and saves a snapshot', async () => {
    const page = await live.show();
    await openPausedDemo(page);
    const first = await awaitRest(page);
    await page.keyboard.press('ArrowRight');
    const second = await awaitRest(page);
    expect(second.data.equals(first.data)).toBe(false);
    await page.keyboard.press('ArrowLeft');
    expect((await awaitRest(page)).data.equals(first.data)).toBe(true);
    const waiting = page.waitForEvent('download');
    await page.keyboard.press('s');
    const file = await waiting;
    expect(file.suggestedFilename()).toMatch(/^focal-\d{4}-\d\d-\d\d-\d{6}\.png$/);
    const { width, height, format } = await sharp(await file.path()).metadata();
    expect([format, width, height]).toEqual(['png', 720, 405]);
    await page.keyboard.press('?');
    expect(await page.getByRole('dialog').innerText()).toContain('Let the subject go');
  });

  it('records the rendered frames with their times', async () => {
    const page = await live.show();
    // Chosen while it stands still, as a click comes late where much else goes on.
    await openPausedDemo(page);
    await clickMiddle(page, await findLit(page, 'Walker'));
    await awaitState(page, 'Locked');
    await page.getByRole('button', { name: 'Go on' }).click();
    const { bytes, name } = await record(page, 3000);
    expect(name).toMatch(/\.mp4$/);
    const input = new Input({ source: new BufferSource(bytes), formats: ALL_FORMATS });
    const track = await input.getPrimaryVideoTrack();
    expect(track?.codec).toBe('avc');
    expect([track?.displayWidth, track?.displayHeight]).toEqual([720, 406]);
    expect(await input.computeDuration()).toBeGreaterThan(1.5);
    expect(await input.computeDuration()).toBeLessThan(12);
    const times: number[] = [];
    if (track !== null) for await (const packet of new EncodedPacketSink(track).packets()) times.push(packet.timestamp);
    expect(times.length).toBeGreaterThan(4);
    expect(times.toSorted((a, b) => a - b)).toEqual(times);
    expect(await input.getPrimaryAudioTrack()).toBeNull();
  });

  it('plays a video file with its sound, and records both', async () => {
    const page = await live.show();
    await page.setInputFiles('#open-video', {
      name: 'clip.webm',
      mimeType: 'video/webm',
      buffer: await makeClip(page, true),
    });
    await page.getByRole('button', { name: 'Mute' }).waitFor({ timeout: PATIENCE_MS });
    await page.getByText('320 × 240').waitFor();
    await awaitState(page, 'Nothing chosen');
    const { bytes } = await record(page, 2500);
    const input = new Input({ source: new BufferSource(bytes), formats: ALL_FORMATS });
    expect((await input.getPrimaryVideoTrack())?.displayWidth).toBe(320);
    const sound = await input.getPrimaryAudioTrack();
    expect(['aac', 'opus']).toContain(sound?.codec);
    expect((await sound?.computePacketStats())?.packetCount).toBeGreaterThan(10);
  });

  it('plays a video without sound, and offers none', async () => {
    const page = await live.show();
    await page.setInputFiles('#open-video', {
      name: 'clip.webm',
      mimeType: 'video/webm',
      buffer: await makeClip(page, false),
    });
    await page.getByText('320 × 240').waitFor({ timeout: PATIENCE_MS });
    await awaitState(page, 'Nothing chosen');
    expect(await page.getByRole('button', { name: 'Mute' }).count()).toBe(0);
  });

  it('says what a file is that does not play', async () => {
    const page = await live.show();
    const buffer = Buffer.from('no video at all '.repeat(50));
    await page.setInputFiles('#open-video', { name: 'letter.mp4', mimeType: 'video/mp4', buffer });
    await page.getByRole('alert').waitFor({ timeout: PATIENCE_MS });
    expect(await page.getByRole('alert').innerText()).toContain('It is no video file');
    await page.getByRole('button', { name: 'Demo' }).click();
    await awaitState(page, 'Nothing chosen');
  });
});

describe('the timeline of a file', { timeout: 4 * PATIENCE_MS }, () => {
  it('keeps what is set, is edited, saved, opened again and rendered whole', async () => {
    const page = await live.show();
    const clip = { name: 'clip.webm', mimeType: 'video/webm', buffer: await makeClip(page, true, 80) };
    await page.setInputFiles('#open-video', clip);
    await page.getByText('320 × 240').waitFor({ timeout: PATIENCE_MS });
    await page.getByRole('button', { name: 'Pause' }).click();
    const track = await boxOf(page.locator('.timeline-track'));
    const marks = page.locator('.timeline-mark');
    const seek = (share: number) => page.mouse.click(track.x + track.width * share, track.y + 4);
    /** What the clock shows, in seconds. */
    const shownTime = async () => {
      const [minutes = 0, seconds = 0] = (await page.locator('.timeline-clock > span').innerText())
        .split(':')
        .map(Number);
      return minutes * 60 + seconds;
    };
    await seek(0.25);
    await expect.poll(shownTime, { timeout: PATIENCE_MS }).toBeGreaterThan(0.3);
    const first = await shownTime();
    /** Takes what is at the yellow square of the clip. */
    const lock = async () => {
      await awaitRest(page);
      const { x, y } = await findYellow(page);
      await page.keyboard.down('Alt');
      await page.mouse.click(x, y);
      await page.keyboard.up('Alt');
    };
    await lock();
    await awaitState(page, 'Locked');
    await expect.poll(() => marks.count()).toBe(1);
    // So far that what was followed does not hold any more.
    await seek(0.85);
    await expect.poll(shownTime, { timeout: PATIENCE_MS }).toBeGreaterThan(first + 1);
    await awaitState(page, 'Nothing chosen');
    await lock();
    await awaitState(page, 'Locked');
    await page.keyboard.press('Escape');
    await awaitState(page, 'Nothing chosen');
    // What is set at the time of another takes its place.
    await expect.poll(() => marks.count()).toBe(2);

    const mark = await boxOf(marks.first());
    await page.mouse.move(mark.x + 12, mark.y + 12);
    await page.mouse.down();
    await page.mouse.move(track.x + track.width * 0.1, mark.y + 12, { steps: 5 });
    await page.mouse.up();
    const moved = Number(/(\d+\.\d)/.exec((await marks.first().getAttribute('aria-label')) ?? '')?.[1]);
    expect(moved).toBeLessThan(first - 0.15);
    await page.keyboard.press('Control+z');
    await expect.poll(() => marks.first().getAttribute('aria-label')).toContain(`${first.toFixed(1)}`);
    await marks.nth(1).click();
    await page.keyboard.press('Delete');
    await expect.poll(() => marks.count()).toBe(1);

    const saving = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save the timeline' }).click();
    const saved = await saving;
    expect(saved.suggestedFilename()).toBe('clip.focal.json');
    const text = await readFile(await saved.path(), 'utf8');
    const timeline = JSON.parse(text) as { format: string; keyframes: { t: number; lock?: object }[] };
    expect(timeline.format).toBe('focal-timeline');
    expect(timeline.keyframes).toHaveLength(1);
    expect(Math.abs((timeline.keyframes[0]?.t ?? 0) - first)).toBeLessThan(0.11);
    expect(timeline.keyframes[0]?.lock).toBeDefined();

    const rendering = page.waitForEvent('download', { timeout: 3 * PATIENCE_MS });
    await page.getByRole('button', { name: 'Export the video' }).click();
    const file = await rendering;
    expect(await page.locator('.toast.error').count()).toBe(0);
    expect(file.suggestedFilename()).toBe('clip-focus.mp4');
    const input = new Input({ source: new BufferSource(await readFile(await file.path())), formats: ALL_FORMATS });
    expect((await input.getPrimaryVideoTrack())?.displayWidth).toBe(320);
    expect(await input.getPrimaryAudioTrack()).not.toBeNull();

    await page.keyboard.press('Control+z');
    await page.keyboard.press('Control+z');
    const broken = { name: 'x.json', mimeType: 'application/json', buffer: Buffer.from('{"format": "other"}') };
    await page.setInputFiles('#open-timeline', broken);
    await page.locator('.toast', { hasText: 'Expected a timeline' }).waitFor();
    await page.setInputFiles('#open-timeline', { ...broken, buffer: Buffer.from(text) });
    await expect.poll(() => marks.count()).toBe(1);
  });
});

describe('the page', { timeout: 3 * PATIENCE_MS }, () => {
  it('fills the window with the picture alone in clean mode', async () => {
    const page = await live.show('/live?clean=1');
    expect(await page.getByRole('banner').count()).toBe(0);
    await page.keyboard.press('d');
    await page.locator('.live-picture').waitFor();
    await expect.poll(async () => (await boxOf(page.locator('.live-picture'))).width, { timeout: 5000 }).toBe(1200);
    expect(await page.locator('.transport, .panel').count()).toBe(0);
    expect(await page.locator('.live-overlay').isVisible()).toBe(false);
  });

  it('is reached from the photos and leads back', async () => {
    const page = await live.show();
    await page.getByRole('link', { name: 'Photos' }).click();
    await page.getByRole('heading', { name: 'Open a photo' }).waitFor();
    await page.getByRole('link', { name: 'Live' }).click();
    await page.getByRole('heading', { name: 'Keep one subject sharp' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/live');
  });

  it('fits a narrow screen and is used by touch', async () => {
    const page = await live.show('/live', { viewport: { width: 360, height: 720 }, hasTouch: true, isMobile: true });
    await page.getByRole('button', { name: 'Demo' }).tap();
    await awaitState(page, 'Nothing chosen');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    await page.getByRole('button', { name: 'Pause' }).tap();
    await awaitRest(page);
    const picture = await boxOf(page.locator('.live-picture'));
    await page.touchscreen.tap(picture.x + 4, picture.y + picture.height * 0.6);
    await page.getByText('A long press takes whatever is there').waitFor({ timeout: PATIENCE_MS });
  });

  it('says when a worker does not start', async () => {
    // A service worker would hand out what it kept.
    const page = await live.show('/', { serviceWorkers: 'block' });
    await page.route('**/assets/live-*.js', (route) => route.abort());
    await page.goto(new URL('/live', page.url()).href);
    await page.getByRole('alert').waitFor({ timeout: PATIENCE_MS });
    expect(await page.getByRole('alert').innerText()).toContain('A worker of this page stopped.');
    expect(await page.getByRole('button', { name: 'Reload the page' }).isVisible()).toBe(true);
  });

  it('remembers its settings', async () => {
    const page = await live.show();
    await page.getByRole('button', { name: 'Demo' }).click();
    await page.locator('label.segment', { hasText: 'Quality' }).click();
    await page.getByRole('switch', { name: 'Mirror' }).check();
    await page.reload();
    await page.getByRole('button', { name: 'Demo' }).click();
    expect(await page.getByRole('switch', { name: 'Mirror' }).isChecked()).toBe(true);
    expect(await page.getByRole('radio', { name: 'Quality' }).isChecked()).toBe(true);
  });
});

/** The middle of what is yellow in the picture, on the page. */
async function findYellow(page: Page): Promise<{ x: number; y: number }> {
  const canvas = page.locator('.live-canvas');
  const box = await boxOf(canvas);
  const style = '.focus-boxes, .live-overlay, .toasts, .live-cards { visibility: hidden }';
  const shot = sharp(await canvas.screenshot({ style })).removeAlpha();
  const { data, info } = await shot.raw().toBuffer({ resolveWithObject: true });
  let [x, y, count] = [0, 0, 0];
  for (let i = 0, at = 0; at < data.length; i++, at += 3) {
    if ((data[at] ?? 0) < 200 || (data[at + 2] ?? 0) > 130) continue;
    x += i % info.width;
    y += Math.floor(i / info.width);
    count++;
  }
  if (count === 0) throw new Error('Nothing yellow is shown.');
  return { x: box.x + x / count, y: box.y + y / count };
}

/** What is recorded in so long, or until the end of a file, where a recording ends by itself. */
async function record(page: Page, durationMs: number): Promise<{ bytes: Buffer; name: string }> {
  const waiting = page.waitForEvent('download', { timeout: 2 * PATIENCE_MS });
  const stop = page.getByRole('button', { name: 'Stop and save' });
  await page.getByRole('button', { name: 'Record' }).click();
  await Promise.race([waiting, stop.waitFor({ timeout: 2 * PATIENCE_MS })]);
  await page.waitForTimeout(durationMs);
  if (await stop.isVisible()) await page.keyboard.press('r');
  const file = await waiting;
  return { bytes: await readFile(await file.path()), name: file.suggestedFilename() };
}

/** Some seconds of a moving square, with a tone where asked for, as this browser itself records it. */
async function makeClip(page: Page, hasSound: boolean, frames = 240): Promise<Buffer> {
  const base64 = await page.evaluate(
    async ([withTone, count]) => {
      const canvas = document.createElement('canvas');
      canvas.width = 320;
      canvas.height = 240;
      const context = canvas.getContext('2d');
      const stream = canvas.captureStream(30);
      if (withTone) {
        const audio = new AudioContext();
        const tone = audio.createOscillator();
        const out = audio.createMediaStreamDestination();
        tone.connect(out);
        tone.start();
        for (const track of out.stream.getTracks()) stream.addTrack(track);
      }
      const recorder = new MediaRecorder(stream, { mimeType: 'video/webm' });
      const parts: Blob[] = [];
      recorder.ondataavailable = (event) => parts.push(event.data);
      const done = new Promise((resolve) => {
        recorder.onstop = resolve;
      });
      recorder.start();
      for (let i = 0; i < count; i++) {
        if (context !== null) {
          context.fillStyle = '#268';
          context.fillRect(0, 0, 320, 240);
          context.fillStyle = '#fc4';
          context.fillRect(20 + (i * 240) / count, 80, 60, 60);
        }
        await new Promise((resolve) => setTimeout(resolve, 33));
      }
      recorder.stop();
      await done;
      const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
      let text = '';
      for (const byte of bytes) text += String.fromCharCode(byte);
      return btoa(text);
    },
    [hasSound, frames] as const,
  );
  return Buffer.from(base64, 'base64');
}
