import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serve } from '@focal/server';
import { launchChromium } from '@focal/testing';
import { createFocal } from 'focal';
import type { CDPSession, Page } from 'playwright-core';
import sharp from 'sharp';
import { atMost, type Bench, type BenchResult, median, percentile, withinMs } from './bench.ts';
import type { Calibration } from './calibration.ts';
import { CARD_ROWS, compareCard } from './live-card.ts';
import { mean } from './metrics.ts';

const STUDIO = fileURLToPath(new URL('../../apps/studio/dist', import.meta.url));
/** A subject of davis2016val that is a person, and one that is a thing. */
const SUBJECTS = [
  { subject: 'person', clip: 'parkour' },
  { subject: 'thing', clip: 'car-shadow' },
] as const;
const SIZES = [
  { name: '640×480', width: 640, height: 480 },
  { name: '1280×720', width: 1280, height: 720 },
] as const;
const PATIENCE_MS = 120_000;
/** How long is measured after the lock. */
const SECONDS = Number(process.env.FOCAL_BENCH_LIVE_SECONDS ?? 60);
const [MEDIAN_MS, SLOWEST_MS, CORE_SHARE, MAIN_MS, GROWTH] = [25, 150, 0.8, 4, 1.1];

const rowsOf = (what: string) => ({
  median: `${what}: frame in to mask and box, median`,
  slowest: `${what}: the same, p99`,
  locked: `${what}: the same of the frames in which it was locked, median`,
  share: `${what}: share of one core, mean`,
  main: `${what}: main thread, a frame`,
  rate: `${what}: pictures shown a second`,
  memory: `${what}: memory at the end / after ten seconds`,
});

/**
 * The live page in Chromium with a made-up camera: from a frame's arrival in the worker that follows to its mask and box,
 * frames of the detector included, preset Balanced. Before that, frames drawn with WebGL2 beside core's.
 */
export const liveBench: Bench = {
  name: 'live',
  title: `the live page in Chromium, ${SECONDS} s after a lock`,
  rows: [
    ...Object.values(CARD_ROWS),
    ...SUBJECTS.flatMap(({ subject }) => SIZES.flatMap(({ name }) => Object.values(rowsOf(`${subject}, ${name}`)))),
  ],
  needsData: true,
  async run({ data = '', log, calibrate }) {
    if (!existsSync(STUDIO)) throw new Error('The studio is not built: npm run build.');
    const calibration = await calibrate();
    const folder = await mkdtemp(join(tmpdir(), 'focal-bench-live-'));
    const focal = await createFocal();
    const server = await serve({ focal, port: 0, studioDir: STUDIO });
    if (server.state !== 'listening') throw new Error('The port is taken.');
    const results: BenchResult[] = [];
    try {
      results.push(...(await compareCard(data)));
      for (const { subject, clip } of SUBJECTS) {
        for (const size of SIZES) {
          const file = join(folder, `${subject}-${size.width}.mjpeg`);
          const point = await writeCamera(join(data, 'davis2016val', clip), size, file);
          const what = `${subject}, ${size.name}`;
          const measured = await measure(server.url, file, point);
          log(`${what}: ${measured.times.length} frames followed, ${measured.locked.length} of them locked`);
          results.push(...judge(what, measured, calibration));
        }
      }
    } finally {
      await server.close(0);
      await rm(folder, { recursive: true });
    }
    return results;
  },
};

interface Measured {
  /** Milliseconds in the worker, frame by frame. */
  readonly times: readonly number[];
  /** Those after answers, whether or not a frame waited for them. */
  readonly afterMs: number;
  /** Of those in which the subject was locked. */
  readonly locked: readonly number[];
  readonly shown: number;
  readonly seconds: number;
  readonly mainMs: number;
  readonly growth: number;
}

function judge(what: string, of: Measured, calibration: Calibration): readonly BenchResult[] {
  const rows = rowsOf(what);
  const share = (mean(of.times) * of.times.length + of.afterMs) / (of.seconds * 1000);
  return [
    withinMs(rows.median, median(of.times), MEDIAN_MS, calibration),
    withinMs(rows.slowest, percentile(of.times, 0.99), SLOWEST_MS, calibration),
    { name: rows.locked, value: of.locked.length === 0 ? Number.NaN : median(of.locked), unit: 'ms' },
    atMost(rows.share, share, CORE_SHARE, 'core', 'of the worker that follows'),
    withinMs(rows.main, of.mainMs, MAIN_MS, calibration),
    { name: rows.rate, value: of.shown / of.seconds, unit: '1/s' },
    atMost(rows.memory, of.growth, GROWTH, 'ratio'),
  ];
}

/** A clip, there and back, as the motion JPEG of a camera; gives the middle of its subject in the first frame. */
async function writeCamera(
  clip: string,
  { width, height }: { readonly width: number; readonly height: number },
  file: string,
): Promise<{ readonly x: number; readonly y: number }> {
  const names = (await readdir(join(clip, 'frames'))).sort();
  const frames: Buffer[] = [];
  for (const name of names) {
    const frame = sharp(join(clip, 'frames', name)).resize(width, height, { fit: 'fill' });
    frames.push(await frame.jpeg({ chromaSubsampling: '4:2:0', quality: 90 }).toBuffer());
  }
  await writeFile(file, Buffer.concat([...frames, ...frames.slice(1, -1).reverse()]));
  const [first = ''] = (await readFile(join(clip, 'groundtruth_rect.txt'), 'utf8')).trim().split('\n');
  const [x = 0, y = 0, w = 0, h = 0] = first.split(/[,\s]+/).map(Number);
  const whole = await sharp(join(clip, 'frames', names[0] ?? '')).metadata();
  return { x: (x + w / 2) / (whole.width ?? 1), y: (y + h / 2) / (whole.height ?? 1) };
}

/** Keeps what workers answer about frames: how long each took, and what state it was in. */
const WATCH = `
  globalThis.followed = [];
  globalThis.shown = 0;
  const plain = globalThis.Worker;
  globalThis.Worker = class extends plain {
    constructor(...args) {
      super(...args);
      this.addEventListener('message', ({ data }) => {
        const result = data?.result ?? data?.value;
        if (typeof result?.ms === 'number' && result.view) followed.push([result.ms, result.view.state, result.timings.learn ?? 0]);
        else if (typeof result?.ms === 'number') globalThis.shown++;
      });
    }
  };
`;

async function measure(
  url: string,
  camera: string,
  point: { readonly x: number; readonly y: number },
): Promise<Measured> {
  const browser = await launchChromium({
    drawsAsUsual: true,
    args: [
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      `--use-file-for-fake-video-capture=${camera}`,
    ],
  });
  try {
    const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, permissions: ['camera'] });
    await context.addInitScript(WATCH);
    const page = await context.newPage();
    await page.goto(`${url}/live`);
    await page.getByRole('button', { name: 'Webcam' }).click();
    await page.getByRole('button', { name: /^Load \d+ MB$/ }).click({ timeout: PATIENCE_MS });
    await page.locator('.live-picture').waitFor({ timeout: PATIENCE_MS });
    await lock(page, point);
    const session = await context.newCDPSession(page);
    await session.send('Performance.enable');
    await page.waitForTimeout(10_000);
    const begin = await readBusy(session);
    const before = await readMemory(page);
    await page.evaluate('followed.length = 0; globalThis.shown = 0');
    await page.waitForTimeout(SECONDS * 1000);
    const followed = (await page.evaluate('followed')) as (readonly [number, string, number])[];
    const shown = (await page.evaluate('globalThis.shown')) as number;
    const mainMs = (await readBusy(session)) - begin;
    return {
      times: followed.map(([ms]) => ms),
      afterMs: followed.reduce((sum, [, , learnMs]) => sum + learnMs, 0),
      locked: followed.filter(([, state]) => state === 'locked').map(([ms]) => ms),
      shown,
      seconds: SECONDS,
      mainMs: mainMs / Math.max(1, followed.length),
      growth: (await readMemory(page)) / before,
    };
  } finally {
    await browser.close();
  }
}

/** Clicks where the subject is in the first frame until it is locked: the clip comes round. */
async function lock(page: Page, point: { readonly x: number; readonly y: number }): Promise<void> {
  const until = Date.now() + PATIENCE_MS;
  while (Date.now() < until) {
    const box = await page.locator('.live-picture').boundingBox();
    if (box === null) throw new Error('No picture is shown.');
    // A camera's picture is mirrored unless that is switched off.
    await page.mouse.click(box.x + box.width * (1 - point.x), box.y + box.height * point.y);
    await page.waitForTimeout(1500);
    const states = (await page.evaluate('followed.slice(-5).map(([, state]) => state)')) as readonly string[];
    if (states.includes('locked')) return;
  }
  throw new Error('The subject could not be locked.');
}

/** Milliseconds that scripts and layout took on the page's main thread; painting is the compositor's. */
async function readBusy(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  const of = (name: string): number => metrics.find((each) => each.name === name)?.value ?? Number.NaN;
  return (of('ScriptDuration') + of('LayoutDuration') + of('RecalcStyleDuration')) * 1000;
}

/** Bytes of the page and its workers. */
async function readMemory(page: Page): Promise<number> {
  const measured = (await page.evaluate('performance.measureUserAgentSpecificMemory()')) as { readonly bytes: number };
  return measured.bytes;
}
