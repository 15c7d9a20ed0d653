import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { createServer, defaultClientConditions } from 'vite';
import { type ChromiumOptions, launchChromium } from './chromium.ts';

export interface SourcePageOptions {
  /** HTML whose module scripts may import the project's sources, by package or by path. */
  readonly html: string;
  /** What the page may fetch, by its path. */
  readonly files?: ReadonlyMap<string, Uint8Array>;
  /** The name of what the page's script sets on `globalThis` when it is ready. */
  readonly ready: string;
  readonly chromium?: ChromiumOptions;
}

/** A page in Chromium that runs this project's sources. Whoever opened it closes it. */
export interface SourcePage {
  readonly page: Page;
  close(): Promise<void>;
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export async function openSourcePage({ html, files, ready, chromium }: SourcePageOptions): Promise<SourcePage> {
  const server = await createServer({
    configFile: false,
    root: ROOT,
    cacheDir: `node_modules/.vite-${ready}`,
    appType: 'custom',
    logLevel: 'error',
    plugins: [
      {
        name: 'focal-source-page',
        configureServer(dev) {
          dev.middlewares.use((request, response, next) => {
            const file = files?.get(request.url ?? '');
            if (file !== undefined) response.end(file);
            else if (request.url === '/') {
              void dev.transformIndexHtml('/', html).then((transformed) => {
                response.setHeader('content-type', 'text/html');
                response.end(transformed);
              });
            } else next();
          });
        },
      },
    ],
    resolve: { conditions: ['source', ...defaultClientConditions] },
    optimizeDeps: { noDiscovery: true, include: [] },
    server: { port: 0, host: '127.0.0.1', hmr: false, watch: null },
  });
  let browser: Browser | undefined;
  const close = async () => {
    await browser?.close();
    await server.close();
  };
  try {
    await server.listen();
    browser = await launchChromium(chromium);
    const page = await browser.newPage();
    await page.goto(server.resolvedUrls?.local[0] ?? '');
    await page.waitForFunction(`globalThis.${ready} !== undefined`, undefined, { timeout: 60_000 });
    return { page, close };
  } catch (error) {
    await close();
    throw error;
  }
}
