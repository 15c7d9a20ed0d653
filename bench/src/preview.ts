import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { serve } from '@focal/server';
import { launchChromium } from '@focal/testing';
import { createFocal } from 'focal';
import type { Browser, Page } from 'playwright-core';
import { type Bench, type BenchResult, median, percentile, withinMs } from './bench.ts';

/** As large as shows a photo of 4000×3000 at 1280×960. */
const VIEWPORT = { width: 1616, height: 1160 };
const EVENTS = 20;
const WARM_UP = 4;
const [DRAFT_MS, EXACT_MS, MAIN_MS, STROKE_MS] = [50, 400, 8, 50];
const STUDIO = fileURLToPath(new URL('../../apps/studio/dist', import.meta.url));

/** Looks, the step that is opened, and its slider: from where to where it is moved. */
const SLIDERS = [
  { name: 'tone, exposure', look: [{ effect: 'tone', on: 'everything' }], slider: 'Exposure', from: 0.1, by: 0.1 },
  { name: 'bokeh, blur', look: [{ effect: 'bokeh' }], slider: 'Blur', from: 0.008, by: 0.001 },
  { name: 'cut-out, edge', look: [{ effect: 'cutout' }], slider: 'Edge', from: 0.02, by: 0.02 },
  {
    name: 'five steps, exposure of the first',
    look: [
      { effect: 'tone', on: 'everything' },
      { effect: 'background', params: { kind: 'gradient' } },
      { effect: 'bokeh' },
      { effect: 'mono', on: 'background' },
      { effect: 'frame', params: { style: 'polaroid' } },
    ],
    slider: 'Exposure',
    from: 0.1,
    by: 0.1,
  },
] as const;

const draftOf = (name: string): string => `draft after a slider event, ${name}`;
const exactOf = (name: string): string => `exact picture after letting go, ${name}`;
const mainOf = (name: string): string => `main thread for each event, ${name}`;
const paintingOf = (name: string): string => `main thread for each event with painting, ${name}`;
const longestOf = (name: string): string => `longest task of the main thread, ${name}`;
const STROKE_DRAWN = 'stroke of the brush drawn on its canvas';
const STROKE = 'stroke of the brush, until the page can read it back from the screen';

/**
 * What a person waits for in the studio: the whole page in Chromium, a photo of 12 MP shown with 1280 pixels on its long
 * side. From the event of a slider to the picture on the canvas, and what of it falls to the main thread: processor time
 * of scripts, styles and layout; with painting beside, which a graphics card would do otherwise.
 */
export const previewBench: Bench = {
  name: 'preview',
  title: 'the studio with 12 MP at 1280 px in Chromium',
  rows: [
    ...SLIDERS.flatMap(({ name }) => [draftOf(name), exactOf(name), mainOf(name), paintingOf(name), longestOf(name)]),
    STROKE_DRAWN,
    STROKE,
  ],
  async run(context) {
    if (!existsSync(STUDIO)) throw new Error('The studio is not built: npm run build.');
    const calibration = await context.calibrate();
    const { path } = await context.inputs.photo12mp();
    await using focal = await createFocal({ withoutModels: ['isnet-medium'] });
    const server = await serve({ focal, port: 0, studioDir: STUDIO });
    if (server.state !== 'listening') throw new Error('The port is taken.');
    const browser = await launchChromium();
    try {
      const page = await browser.newPage({ viewport: VIEWPORT });
      await page.goto(server.url);
      await page.setInputFiles('#open-photo', path);
      await page.getByText('Subject found by').waitFor({ timeout: 120_000 });
      await awaitRest(page);
      await page.evaluate(MEASURE);
      const results: BenchResult[] = [];
      for (const { name, ...slide } of SLIDERS) {
        const measured = await measureSlider(browser, page, slide);
        context.log(`${name}: drafts of ${measured.width} px, ${measured.draftMs.toFixed(0)} ms`);
        results.push(
          withinMs(draftOf(name), measured.draftMs, DRAFT_MS, calibration),
          withinMs(exactOf(name), measured.exactMs, EXACT_MS, calibration),
          withinMs(mainOf(name), measured.mainMs, MAIN_MS, calibration),
          { name: paintingOf(name), value: measured.paintingMs, unit: 'ms' },
          { name: longestOf(name), value: measured.longestMs, unit: 'ms' },
        );
      }
      const stroke = await measureStroke(page);
      results.push(withinMs(STROKE_DRAWN, stroke.drawnMs, STROKE_MS, calibration));
      results.push({ name: STROKE, value: stroke.readMs, unit: 'ms' });
      return results;
    } finally {
      await browser.close();
      await server.close(0);
    }
  },
};

interface Measured {
  readonly draftMs: number;
  readonly exactMs: number;
  readonly mainMs: number;
  readonly paintingMs: number;
  readonly longestMs: number;
  /** Of the drafts. */
  readonly width: number;
}

async function measureSlider(
  browser: Browser,
  page: Page,
  { look, slider, from, by }: Omit<(typeof SLIDERS)[number], 'name'>,
): Promise<Measured> {
  const recipe = { format: 'focal-recipe', version: 1, look: { steps: look } };
  const buffer = Buffer.from(JSON.stringify(recipe));
  await page.setInputFiles('#open-look', { name: 'look.json', mimeType: 'application/json', buffer });
  await page.getByRole('slider', { name: slider, exact: true }).waitFor();
  await awaitRest(page);
  const drag = (events: number, start: number): Promise<Drag> =>
    page.evaluate(`drag(${JSON.stringify(slider)}, ${events}, (event) => ${start} + ${by} * event)`);
  await drag(WARM_UP, from);
  const session = await page.context().newCDPSession(page);
  // Of this thread alone: what others do meanwhile on the same cores is not counted.
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const before = await readBusy(session);
  const { drafts, exact, width } = await drag(EVENTS, from + by * WARM_UP);
  const after = await readBusy(session);
  const mainMs = (after.own - before.own) / EVENTS;
  const paintingMs = (after.all - before.all) / EVENTS;
  await browser.startTracing(page, { categories: ['toplevel', '__metadata'] });
  await drag(EVENTS, from);
  const longestMs = findLongest(await browser.stopTracing());
  await session.detach();
  return { draftMs: median(drafts), exactMs: exact, mainMs, paintingMs, longestMs, width };
}

interface Drag {
  readonly drafts: readonly number[];
  readonly exact: number;
  readonly width: number;
}

type Session = Awaited<ReturnType<ReturnType<Page['context']>['newCDPSession']>>;

/** Milliseconds that the page's main thread was at work: on what is the page's own, and on everything. */
async function readBusy(session: Session): Promise<{ readonly own: number; readonly all: number }> {
  const { metrics } = await session.send('Performance.getMetrics');
  const read = (wanted: string): number => (metrics.find(({ name }) => name === wanted)?.value ?? Number.NaN) * 1000;
  const own = read('ScriptDuration') + read('RecalcStyleDuration') + read('LayoutDuration');
  return { own, all: read('TaskDuration') };
}

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds. */
  readonly dur?: number;
  readonly args?: { readonly name?: string };
}

/** Of the tasks of pages' main threads, in milliseconds; the 99th of a hundred, since the machine does other things too. */
function findLongest(trace: Buffer): number {
  const { traceEvents: events } = JSON.parse(trace.toString()) as { traceEvents: readonly TraceEvent[] };
  const threads = new Set(
    events
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  const tasks = events.filter(({ name, pid, tid }) => name.endsWith('RunTask') && threads.has(`${pid} ${tid}`));
  return percentile(
    tasks.map(({ dur = 0 }) => dur / 1000).filter((ms) => ms > 0.5),
    0.99,
  );
}

async function awaitRest(page: Page): Promise<void> {
  await page.locator('.stage[aria-busy=false]').waitFor({ timeout: 60_000 });
}

interface StrokeTimes {
  /** Until the thread has drawn it on the canvas that is seen: the next frame shows it. */
  readonly drawnMs: number;
  /** Until the page, which polls in its own frames, reads it back: in software, some tens of milliseconds longer. */
  readonly readMs: number;
}

/** From the event of a pointer to the pixels on the canvas that a thread draws on. */
async function measureStroke(page: Page): Promise<StrokeTimes> {
  await page.keyboard.press('m');
  await page.locator('.stage[aria-busy=false] canvas.selection').waitFor({ state: 'attached' });
  await page.waitForTimeout(500);
  const thread = await findPainter(page);
  const { started, read } = await page.evaluate<Strokes>(`paint(${EVENTS})`);
  const drawn = await thread.evaluate<readonly number[]>('drawn');
  const drawnMs = started.map((at) => (drawn.find((each) => each > at) ?? Number.POSITIVE_INFINITY) - at);
  return { drawnMs: median(drawnMs.slice(WARM_UP)), readMs: median(read.slice(WARM_UP)) };
}

interface Strokes {
  /** When each event came, by the clock of all threads. */
  readonly started: readonly number[];
  readonly read: readonly number[];
}

/** The thread that draws on the canvas of the selection, told to note when it has drawn. */
async function findPainter(page: Page) {
  for (const worker of page.workers()) {
    if ((await worker.evaluate('name')) !== 'focal-brush') continue;
    await worker.evaluate(NOTE_DRAWN);
    return worker;
  }
  throw new Error('Expected a thread that paints, found none.');
}

const NOTE_DRAWN = `
globalThis.drawn = [];
const { prototype } = OffscreenCanvasRenderingContext2D;
const { putImageData } = prototype;
prototype.putImageData = function (...args) {
  putImageData.apply(this, args);
  drawn.push(performance.timeOrigin + performance.now());
};`;

const MEASURE = `
const nextTurn = () => new Promise((resolve) => setTimeout(resolve, 25));
const stage = document.querySelector('.stage');
globalThis.drag = async (name, events, valueOf) => {
  const label = [...document.querySelectorAll('label.control-title')].find((each) => each.textContent === name);
  const slider = document.getElementById(label.htmlFor);
  const canvas = document.querySelector('canvas.result');
  const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set;
  const pointer = (type) => slider.dispatchEvent(new PointerEvent(type, { bubbles: true, pointerId: 1, isPrimary: true }));
  const drafts = [];
  let width = 0;
  pointer('pointerdown');
  for (let event = 1; event <= events; event++) {
    const drawn = new Promise((resolve) => {
      const observer = new MutationObserver(() => { observer.disconnect(); resolve(); });
      setTimeout(resolve, 5000);
      observer.observe(canvas, { attributeFilter: ['data-frame'] });
    });
    const start = performance.now();
    set.call(slider, String(valueOf(event)));
    slider.dispatchEvent(new Event('input', { bubbles: true }));
    await drawn;
    drafts.push(performance.now() - start);
    width = Math.max(canvas.width, canvas.height);
    await nextTurn();
  }
  set.call(slider, String(valueOf(events) + Number(slider.step)));
  const start = performance.now();
  slider.dispatchEvent(new Event('input', { bubbles: true }));
  pointer('pointerup');
  while (stage.getAttribute('aria-busy') !== 'false') await new Promise(requestAnimationFrame);
  return { drafts, exact: performance.now() - start, width };
};
globalThis.paint = async (events) => {
  const { left, top, width, height } = document.querySelector('.frame').getBoundingClientRect();
  const shown = document.querySelector('canvas.selection');
  const copy = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  const at = (x) => {
    copy.clearRect(0, 0, 1, 1);
    copy.drawImage(shown, Math.floor(x * shown.width), Math.floor(0.03 * shown.height), 1, 1, 0, 0, 1, 1);
    return copy.getImageData(0, 0, 1, 1).data[3];
  };
  const pointer = (type, x, buttons) => stage.dispatchEvent(new PointerEvent(type, {
    bubbles: true, pointerId: 1, isPrimary: true, pointerType: 'mouse', button: type === 'pointermove' ? -1 : 0, buttons,
    clientX: left + x * width, clientY: top + 0.03 * height,
  }));
  stage.setPointerCapture = () => undefined;
  const xOf = (event) => 0.02 + 0.045 * event;
  const [started, read] = [[], []];
  pointer('pointerdown', xOf(0), 1);
  for (let event = 1; event <= events; event++) {
    const x = xOf(event);
    const was = at(x);
    const start = performance.now();
    pointer('pointermove', x, 1);
    while (at(x) === was && performance.now() - start < 1000) await new Promise(requestAnimationFrame);
    started.push(performance.timeOrigin + start);
    read.push(performance.now() - start);
    await nextTurn();
  }
  pointer('pointerup', xOf(events), 0);
  return { started, read };
};`;
