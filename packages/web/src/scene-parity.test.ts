import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  type Box,
  type Fact,
  fromSceneJson,
  type Picture,
  type RegionMatte,
  type Scene,
  toSceneJson,
} from '@focal/core';
import { createAnalyser, getModel, type ModelStore, toRunnableOnnx } from '@focal/models';
import { createNodeModelStore, createOrtRuntime } from '@focal/node';
import { launchChromium } from '@focal/testing';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { createServer, defaultClientConditions, type Plugin, type ViteDevServer } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

// The same pixels through Node's runtime and through the browser's must give the same scene.
const FACTS: readonly Fact[] = ['subjects', 'expressions', 'identities'];
const [WIDTH, HEIGHT] = [960, 640];
const PATIENCE_MS = 120_000;

const PAGE = `<!doctype html><script type="module">
import { createPicture, toSceneJson } from '@focal/core';
import { catalogue, createAnalyser } from '@focal/models';
import { createOrtRuntime } from '/packages/web/src/inference/ort-runtime.ts';
import { createFetchModelStore } from '/packages/web/src/inference/fetch-model-store.ts';
globalThis.analyse = async () => {
  const data = new Uint8Array(await (await fetch('/picture')).arrayBuffer());
  const picture = { ...createPicture(${WIDTH}, ${HEIGHT}), data };
  const at = (name) => new URL('/ort/' + name, location.href).href;
  const wasm = { mjs: at('ort-wasm-simd-threaded.mjs'), wasm: at('ort-wasm-simd-threaded.wasm') };
  const runtime = await createOrtRuntime({ wasm });
  const ids = catalogue.filter(({ optional }) => !optional).map(({ id }) => id);
  const store = createFetchModelStore({ urlOf: (id) => '/model/' + id, cacheName: 'parity', modelIds: () => ids });
  const analyser = createAnalyser({ runtime, store, profile: 'low-memory', matteModel: 'selfie' });
  const scene = await analyser.analyse(picture, ${JSON.stringify(FACTS)});
  await analyser.close();
  return JSON.stringify(toSceneJson(scene, { withVectors: true }));
};
</script>`;

async function readPicture(): Promise<Picture> {
  const photos = join(dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json')), 'demo');
  const resized = sharp(join(photos, 'sample1.jpg')).resize(WIDTH, HEIGHT, { fit: 'fill' });
  const data = await resized.ensureAlpha().raw().toBuffer();
  return { width: WIDTH, height: HEIGHT, colorSpace: 'srgb', data: new Uint8Array(data) };
}

describe('the scene in Node and in Chromium', () => {
  let cacheFolder: string;
  let server: ViteDevServer;
  let browser: Browser;
  let here: Scene;
  let there: Scene;

  beforeAll(async () => {
    cacheFolder = await mkdtemp(join(tmpdir(), 'focal-parity-'));
    const store = createNodeModelStore({ cacheFolder });
    const picture = await readPicture();
    here = await analyseHere(store, picture);
    server = await serve(store, picture);
    browser = await launchChromium();
    const page: Page = await browser.newPage();
    await page.goto(server.resolvedUrls?.local[0] ?? '');
    await page.waitForFunction('globalThis.analyse !== undefined', undefined, { timeout: PATIENCE_MS });
    there = fromSceneJson(JSON.parse(await page.evaluate<string>('analyse()')));
  }, PATIENCE_MS);

  afterAll(async () => {
    await browser?.close();
    await server?.close();
    await rm(cacheFolder, { recursive: true, force: true });
  });

  it('finds the same people and things, with boxes within one pixel', () => {
    const [ours, theirs] = [here.subjects?.subjects ?? [], there.subjects?.subjects ?? []];
    expect(ours.filter(({ kind }) => kind === 'person')).toHaveLength(3);
    expect(theirs.map(({ id, faceIds }) => [id, faceIds])).toEqual(ours.map(({ id, faceIds }) => [id, faceIds]));
    for (const [i, { box }] of ours.entries()) expectNear(theirs[i]?.box, box);
    const objects = here.objects?.objects ?? [];
    expect(there.objects?.objects.map(({ label }) => label)).toEqual(objects.map(({ label }) => label));
    for (const [i, { box }] of objects.entries()) expectNear(there.objects?.objects[i]?.box, box);
  });

  it('cuts them out alike: an IoU of at least .99', () => {
    const theirs = there.subjects?.subjects ?? [];
    const overlaps = (here.subjects?.subjects ?? []).map((subject, i) => iou(subject.matte, theirs[i]?.matte));
    expect(Math.min(...overlaps)).toBeGreaterThanOrEqual(0.99);
  });

  it('finds the same faces, smiles and vectors', () => {
    const [ours, theirs] = [here.faces?.faces ?? [], there.faces?.faces ?? []];
    expect(ours).toHaveLength(3);
    expect(theirs.map(({ id }) => id)).toEqual(ours.map(({ id }) => id));
    ours.forEach((face, i) => {
      expectNear(theirs[i]?.box, face.box);
      expect(theirs[i]?.expression?.smile).toBeCloseTo(face.expression?.smile ?? Number.NaN, 2);
      expect(cosine(face.vector ?? [], theirs[i]?.vector ?? [])).toBeGreaterThanOrEqual(0.999);
    });
  });
});

async function analyseHere(store: ModelStore, picture: Picture): Promise<Scene> {
  const runtime = await createOrtRuntime();
  const analyser = createAnalyser({ runtime, store, matteModel: 'selfie' });
  try {
    const scene = await analyser.analyse(picture, FACTS);
    return fromSceneJson(JSON.parse(JSON.stringify(toSceneJson(scene, { withVectors: true }))));
  } finally {
    await analyser.close();
    await runtime.close();
  }
}

/** A page with the picture, the models and the runtime's files at its side. */
async function serve(store: ModelStore, picture: Picture): Promise<ViteDevServer> {
  const ort = dirname(createRequire(import.meta.url).resolve('onnxruntime-web'));
  const plugin: Plugin = {
    name: 'focal-scene-parity',
    configureServer(dev) {
      dev.middlewares.use((request, response, next) => {
        const [, kind, name = ''] = (request.url ?? '').split('?')[0]?.split('/') ?? [];
        if (kind === 'picture') response.end(picture.data);
        else if (kind === 'model') void sendModel(name, store, response);
        else if (kind === 'ort') void sendFile(join(ort, name), response);
        else if (request.url === '/') {
          void dev.transformIndexHtml('/', PAGE).then((html) => {
            response.setHeader('content-type', 'text/html');
            response.end(html);
          });
        } else next();
      });
    },
  };
  const server = await createServer({
    configFile: false,
    root: new URL('../../..', import.meta.url).pathname,
    cacheDir: 'node_modules/.vite-scene-parity',
    appType: 'custom',
    logLevel: 'error',
    plugins: [plugin],
    resolve: { conditions: ['source', ...defaultClientConditions] },
    optimizeDeps: { noDiscovery: true, include: [] },
    server: { port: 0, host: '127.0.0.1', hmr: false, watch: null },
  });
  return server.listen();
}

async function sendModel(id: string, store: ModelStore, response: ServerResponse): Promise<void> {
  response.end(toRunnableOnnx(getModel(id), await store.read(id)));
}

async function sendFile(path: string, response: ServerResponse): Promise<void> {
  response.setHeader('content-type', path.endsWith('.wasm') ? 'application/wasm' : 'text/javascript');
  response.end(await readFile(path));
}

/** Edges within one pixel of the photo. */
function expectNear(theirs: Box | undefined, ours: Box): void {
  const edges = ({ x, y, width, height }: Box) => [x * WIDTH, y * HEIGHT, (x + width) * WIDTH, (y + height) * HEIGHT];
  const [a, b] = [edges(ours), edges(theirs ?? { x: -1, y: -1, width: 0, height: 0 })];
  expect(Math.max(...a.map((value, i) => Math.abs(value - (b[i] ?? Number.NaN))))).toBeLessThanOrEqual(1);
}

/** Of what is more than half opaque, on the photo's pixels. */
function iou(ours: RegionMatte, theirs: RegionMatte | undefined): number {
  if (theirs === undefined) return 0;
  let [both, either] = [0, 0];
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const [a, b] = [isOpaque(ours, x, y), isOpaque(theirs, x, y)];
      both += Number(a && b);
      either += Number(a || b);
    }
  }
  return either === 0 ? 0 : both / either;
}

function isOpaque({ box, matte }: RegionMatte, x: number, y: number): boolean {
  const column = Math.floor((((x + 0.5) / WIDTH - box.x) / box.width) * matte.width);
  const row = Math.floor((((y + 0.5) / HEIGHT - box.y) / box.height) * matte.height);
  if (column < 0 || row < 0 || column >= matte.width || row >= matte.height) return false;
  return (matte.data[row * matte.width + column] as number) >= 128;
}

function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [dot, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] as number, b[i] ?? 0];
    dot += x * y;
    aa += x * x;
    bb += y * y;
  }
  return dot / Math.sqrt(aa * bb);
}
