import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { dirname, join, normalize } from 'node:path';
import { launchChromium } from '@focal/testing';
import sharp from 'sharp';
import { type Bench, type BenchResult, median, withinMs } from './bench.ts';

const [WIDTH, HEIGHT] = [1152, 864];
const EVENTS = 20;
const WARM_UP = 5;
/** What one event of a slider may take for the picture to follow the hand. */
const EVENT_MS = 50;

/** Parameters of each event of a slider that is moved. */
const SLIDERS = {
  'bokeh, blur': '{ radius: 0.008 + 0.0005 * event }',
  'bokeh, widest blur': '{ radius: 0.05 - 1e-4 * event }',
  'bokeh, highlights': '{ highlights: 0.04 * event }',
  'cutout, edge': '{ edge: 0.02 * event }',
} as const;

const rowOf = (slider: string): string => `slider event in Chromium, ${slider}`;

/**
 * What slider events cost in a real browser: the plan at screen size on one thread, given the cut and what is kept of
 * the event before. The studio takes several threads where the machine has them.
 */
export const studioBench: Bench = {
  name: 'studio',
  title: 'slider events at 1 MP in Chromium, one thread',
  rows: Object.keys(SLIDERS).map(rowOf),
  async run(context) {
    const calibration = await context.calibrate();
    const { path } = await context.inputs.photo12mp();
    const resized = sharp(path).resize(WIDTH, HEIGHT, { fit: 'fill' });
    const server = await serveModules(await resized.ensureAlpha().raw().toBuffer());
    const browser = await launchChromium();
    try {
      const page = await browser.newPage();
      await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      const results: BenchResult[] = [];
      for (const [slider, params] of Object.entries(SLIDERS)) {
        const [effect] = slider.split(',');
        const times = await page.evaluate(`measure('${effect}', (event) => (${params}))`);
        results.push(withinMs(rowOf(slider), median(times as readonly number[]), EVENT_MS, calibration));
      }
      return results;
    } finally {
      await browser.close();
      server.close();
    }
  },
};

const PAGE = `<!doctype html><script type="importmap">
{ "imports": { "@focal/core": "/core/index.js", "zod": "/zod/index.js" } }
</script><script type="module">
import { allocateLocal, createMatte, createPicture, getEffect, parseParameters, planCut, runPlan } from '@focal/core';

const [width, height] = [${WIDTH}, ${HEIGHT}];

// Somebody who stands in the middle of the picture, a seventh of its area.
function drawFigure(side) {
  const matte = createMatte(side, side);
  for (let i = 0; i < side * side; i++) {
    const [x, y] = [((i % side) + 0.5) / side, (Math.floor(i / side) + 0.5) / side];
    const inside = ((x - 0.5) / 0.06) ** 2 + ((y - 0.22) / 0.09) ** 2 < 1 || ((x - 0.5) / 0.13) ** 4 + ((y - 0.6) / 0.31) ** 4 < 1;
    matte.data[i] = inside ? 255 : 0;
  }
  return matte;
}

globalThis.measure = async (name, paramsOf) => {
  const picture = createPicture(width, height, { data: new Uint8Array(await (await fetch('/picture')).arrayBuffer()) });
  const matte = drawFigure(1024);
  const scene = { version: 1, width, height, facts: ['matte'], matte: { matte, provenance: { models: [] } } };
  const cut = runPlan(planCut(picture, matte, allocateLocal));
  const effect = getEffect(name);
  const kept = new Map();
  const times = [];
  for (let event = 0; event < ${EVENTS + WARM_UP}; event++) {
    const start = performance.now();
    const params = parseParameters(effect, paramsOf(event));
    const input = { picture, scene, cut, params, assets: {}, allocate: allocateLocal };
    const known = {};
    for (const step of effect.steps ?? []) {
      const key = JSON.stringify(step.by.map((parameter) => params[parameter]));
      if (kept.get(step.name)?.key !== key) {
        kept.set(step.name, { key, result: runPlan(step.plan({ ...input, kept: { ...known } })) });
      }
      known[step.name] = kept.get(step.name).result;
    }
    runPlan(effect.plan({ ...input, kept: known }));
    if (event >= ${WARM_UP}) times.push(performance.now() - start);
  }
  return times;
};
</script>`;

/** Serves the page, the picture's bytes, and the modules of core and zod as they lie in their packages. */
async function serveModules(picture: Uint8Array): Promise<Server> {
  const core = createRequire(import.meta.url).resolve('@focal/core');
  const folders = { core: join(dirname(core), '../dist'), zod: dirname(createRequire(core).resolve('zod')) };
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    const [, folder, rest] = /^\/(core|zod)(\/[\w./-]+\.js)$/.exec(normalize(path)) ?? [];
    if (path === '/') response.setHeader('content-type', 'text/html; charset=utf-8').end(PAGE);
    else if (path === '/picture') response.end(picture);
    else if (rest !== undefined) {
      readFile(join(folders[folder as keyof typeof folders], rest)).then(
        (bytes) => response.setHeader('content-type', 'text/javascript').end(bytes),
        () => response.writeHead(404).end(),
      );
    } else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
