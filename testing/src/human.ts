import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Box, Picture } from '@focal/core';
import { launchChromium } from './chromium.ts';
import { resolveReference } from './references.ts';

/** What of the Human library is switched on. */
export interface HumanOptions {
  readonly objects?: boolean;
  /** Detector, mesh, description and emotion. */
  readonly faces?: boolean;
  /** Default .2, as the library's own. */
  readonly minScore?: number;
  /** Whether its kernels may use threads, which they can on pages that are isolated from others. Default false. */
  readonly threads?: boolean;
}

export interface HumanObject {
  readonly label: string;
  readonly score: number;
  readonly box: Box;
}

export interface HumanResult {
  readonly objects: readonly HumanObject[];
  readonly faces: number;
  /** Milliseconds of the detection alone, without handing the picture over. */
  readonly ms: number;
}

/** The Human library (@vladmandic/human) with its WebAssembly kernels in a real Chromium: a reference to stand beside. */
export interface Human {
  detect(picture: Picture): Promise<HumanResult>;
  close(): Promise<void>;
}

const ORIGIN = 'http://localhost';

const PAGE = `<!doctype html><script type="module">
import { Human } from '/human/dist/human.esm.js';
globalThis.open = async ({ objects, faces, minScore }) => {
  const off = { enabled: false };
  const on = { enabled: faces };
  globalThis.human = new Human({
    backend: 'wasm', wasmPath: '/wasm/', modelBasePath: '/human/models/', debug: false, async: false,
    cacheSensitivity: 0, filter: off, body: off, hand: off, gesture: off, segmentation: off,
    face: {
      enabled: faces, detector: { rotation: true, maxDetected: 20, skipFrames: 0, skipTime: 0 }, mesh: on, iris: off,
      description: { enabled: faces, skipFrames: 0, skipTime: 0 }, emotion: { enabled: faces, skipFrames: 0, skipTime: 0 },
      antispoof: off, liveness: off, attention: off, gear: off,
    },
    object: { enabled: objects, minConfidence: minScore, maxDetected: 100, skipFrames: 0, skipTime: 0 },
  });
  await human.load();
};
globalThis.detect = async (width, height) => {
  const bytes = new Uint8Array(await (await fetch('/picture')).arrayBuffer());
  const tensor = human.tf.tensor(bytes, [1, height, width, 3], 'int32');
  const start = performance.now();
  const result = await human.detect(tensor);
  const ms = performance.now() - start;
  tensor.dispose();
  if (result.error) throw new Error(result.error);
  const objects = result.object.map(({ label, score, boxRaw: [x, y, width, height] }) =>
    ({ label, score, box: { x, y, width, height } }));
  return { objects, faces: result.face.length, ms };
};
globalThis.isThere = true;
</script>`;

/** Starts the reference. Its files come from node_modules; every other address is refused. Close it in the end. */
export async function openHuman(options: HumanOptions): Promise<Human> {
  const { objects = false, faces = false, minScore = 0.2, threads = false } = options;
  const folders: Readonly<Record<string, string>> = {
    human: join(dirname(createRequire(import.meta.url).resolve('@vladmandic/human')), '..'),
    wasm: dirname(resolveReference('@tensorflow/tfjs-backend-wasm')),
  };
  const browser = await launchChromium();
  const page = await browser.newPage();
  let picture: Uint8Array = new Uint8Array();
  const isolation = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' };
  const headers = threads ? isolation : {};
  await page.route('**/*', async (route) => {
    const { origin, pathname } = new URL(route.request().url());
    const [, first = '', ...rest] = pathname.split('/');
    const folder = folders[first];
    if (origin !== ORIGIN) await route.abort();
    else if (pathname === '/') await route.fulfill({ contentType: 'text/html', body: PAGE, headers });
    else if (pathname === '/picture') await route.fulfill({ body: Buffer.from(picture) });
    else if (folder === undefined) await route.fulfill({ status: 404 });
    else {
      const body = await readFile(join(folder, ...rest)).catch(() => undefined);
      if (body === undefined) await route.fulfill({ status: 404 });
      else await route.fulfill({ contentType: contentType(pathname), body, headers });
    }
  });
  await page.goto(`${ORIGIN}/`, { waitUntil: 'load' });
  await page.waitForFunction('globalThis.isThere === true');
  await page.evaluate(`open(${JSON.stringify({ objects, faces, minScore })})`);
  return {
    async detect({ width, height, data }) {
      picture = new Uint8Array(width * height * 3);
      for (let i = 0, at = 0; i < data.length; i += 4) {
        picture[at++] = data[i] as number;
        picture[at++] = data[i + 1] as number;
        picture[at++] = data[i + 2] as number;
      }
      return page.evaluate<HumanResult>(`detect(${width}, ${height})`);
    },
    close: () => browser.close(),
  };
}

function contentType(path: string): string {
  if (path.endsWith('.js')) return 'text/javascript';
  if (path.endsWith('.wasm')) return 'application/wasm';
  return path.endsWith('.json') ? 'application/json' : 'application/octet-stream';
}
