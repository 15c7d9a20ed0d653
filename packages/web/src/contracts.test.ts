import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { getModel, toRunnableOnnx } from '@focal/models';
import { launchChromium } from '@focal/testing';
import type { Browser, Page } from 'playwright-core';
import { createServer, defaultClientConditions, type Plugin, type ViteDevServer } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const PAGE = `<!doctype html><script type="module">
import { modelStoreContract, runtimeContract } from '@focal/testing/contracts';
import { createFetchModelStore, createOrtRuntime } from '@focal/web';
import cpuMjs from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url';
import cpuWasm from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';

const here = (path) => new URL(path, location.href).href;
let caches = 0;
const suites = {
  runtime: runtimeContract({
    open: () => createOrtRuntime({ wasm: { mjs: here(cpuMjs), wasm: here(cpuWasm) } }),
  }),
  store: modelStoreContract({
    open: async () => createFetchModelStore({
      urlOf: (id) => '/models/' + id,
      cacheName: 'contract-' + caches++,
      modelIds: () => ['selfie'],
    }),
    present: 'selfie',
    missing: 'pose-lite',
    originals: false,
    keepsDerived: false,
  }),
};
globalThis.runSuite = async (name) => {
  const outcomes = [];
  for (const { name: rule, run } of suites[name]) {
    try {
      await run();
      outcomes.push({ rule, problem: '' });
    } catch (error) {
      outcomes.push({ rule, problem: String(error) });
    }
  }
  return outcomes;
};
</script>`;

const ISOLATION = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' };

/** The page above, and one model in the form that browsers run. */
function contractPage(model: Uint8Array): Plugin {
  return {
    name: 'focal-contracts',
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const path = request.url?.split('?')[0];
        if (path === '/models/selfie') {
          response.setHeader('content-length', model.length);
          response.end(model);
        } else if (path?.startsWith('/models/')) {
          response.statusCode = 404;
          response.end();
        } else if (path === '/') {
          void server.transformIndexHtml('/', PAGE).then((page) => {
            for (const [name, value] of Object.entries({ ...ISOLATION, 'content-type': 'text/html' })) {
              response.setHeader(name, value);
            }
            response.end(page);
          });
        } else next();
      });
    },
  };
}

interface Outcome {
  readonly rule: string;
  readonly problem: string;
}

describe('the ports in Chromium', () => {
  let server: ViteDevServer;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    const require = createRequire(import.meta.url);
    const entry = getModel('selfie');
    const file = require.resolve('@mediapipe/selfie_segmentation/selfie_segmentation.tflite');
    const model = toRunnableOnnx(entry, await readFile(file));
    server = await createServer({
      configFile: false,
      root: new URL('../../..', import.meta.url).pathname,
      cacheDir: 'node_modules/.vite-contracts',
      appType: 'custom',
      logLevel: 'error',
      plugins: [contractPage(model)],
      resolve: { conditions: ['source', 'onnxruntime-web-use-extern-wasm', ...defaultClientConditions] },
      optimizeDeps: { noDiscovery: true, include: [] },
      server: {
        port: 0,
        host: '127.0.0.1',
        hmr: false,
        watch: null,
        headers: ISOLATION,
      },
    });
    await server.listen();
    browser = await launchChromium();
    page = await browser.newPage();
    await page.goto(server.resolvedUrls?.local[0] ?? '');
    await page.waitForFunction('globalThis.runSuite !== undefined', undefined, { timeout: 60_000 });
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  it('share memory between threads', async () => {
    expect(await page.evaluate('crossOriginIsolated')).toBe(true);
  });

  it.each(['runtime', 'store'])('keep the contract of the %s', async (suite) => {
    const outcomes = await page.evaluate<readonly Outcome[]>(`runSuite(${JSON.stringify(suite)})`);
    expect(outcomes.filter(({ problem }) => problem !== '')).toEqual([]);
    expect(outcomes.length).toBeGreaterThan(3);
  });
});
