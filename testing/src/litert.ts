import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { launchChromium } from './chromium.ts';
import { resolveReference } from './references.ts';

/** A dense float tensor that the reference takes or gives. */
export interface ReferenceTensor {
  readonly name: string;
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/** What the reference is fed: floats, or bytes for models that are quantised. */
export interface ReferenceInput {
  readonly dims: readonly number[];
  readonly data: Float32Array | Uint8Array;
}

/** Google's own runtime for TFLite models (LiteRT.js on its CPU kernels) in a real Chromium. */
export interface LiteRt {
  /** Runs a model with one input; gives every output, bytes as floats of the same values. */
  run(tflite: Uint8Array, input: ReferenceInput): Promise<readonly ReferenceTensor[]>;
  close(): Promise<void>;
}

const ORIGIN = 'http://localhost';

const PAGE = `<!doctype html><script type="importmap">
{ "imports": { "@litertjs/core": "/core/dist/index.js", "@litertjs/wasm-utils": "/wasm-utils/dist/index.js" } }
</script><script type="module">
import { loadAndCompile, loadLiteRt, Tensor } from '@litertjs/core';
const ready = loadLiteRt('/core/wasm/');
const fetchBytes = async (path) => new Uint8Array(await (await fetch(path)).arrayBuffer());
const toBase64 = (data) => {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
};
globalThis.runModel = async (dims, isBytes) => {
  await ready;
  const model = await loadAndCompile(await fetchBytes('/model'), { accelerator: 'wasm' });
  const bytes = await fetchBytes('/input');
  const input = new Tensor(isBytes ? bytes : new Float32Array(bytes.buffer), dims);
  const tensors = await model.run(input);
  const details = model.getOutputDetails();
  const outputs = await Promise.all(tensors.map(async (tensor, index) => ({
    name: details[index].name,
    dims: [...details[index].shape],
    data: toBase64(Float32Array.from(await tensor.data())),
  })));
  for (const tensor of [input, ...tensors]) tensor.delete();
  model.delete();
  return outputs;
};
</script>`;

/** Starts the reference. Its files come from node_modules; every other address is refused. Close it in the end. */
export async function openLiteRt(): Promise<LiteRt> {
  const folders: Readonly<Record<string, string>> = {
    core: dirname(dirname(resolveReference('@litertjs/core'))),
    'wasm-utils': dirname(dirname(resolveReference('@litertjs/wasm-utils'))),
  };
  const browser = await launchChromium();
  const page = await browser.newPage();
  let model: Uint8Array = new Uint8Array();
  let input: Uint8Array = new Uint8Array();
  await page.route('**/*', async (route) => {
    const { origin, pathname } = new URL(route.request().url());
    const [, first = '', ...rest] = pathname.split('/');
    const folder = folders[first];
    if (origin !== ORIGIN) await route.abort();
    else if (pathname === '/') await route.fulfill({ contentType: 'text/html', body: PAGE });
    else if (pathname === '/model') await route.fulfill({ body: Buffer.from(model) });
    else if (pathname === '/input') await route.fulfill({ body: Buffer.from(input) });
    else if (folder === undefined) await route.fulfill({ status: 404 });
    else {
      const body = await readFile(join(folder, ...rest));
      await route.fulfill({ contentType: contentType(pathname), body });
    }
  });
  await page.goto(`${ORIGIN}/`, { waitUntil: 'load' });
  return {
    run: async (tflite, { data, dims }) => {
      model = tflite;
      input = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
      const outputs = await page
        .evaluate<readonly { name: string; dims: number[]; data: string }[]>(
          `runModel(${JSON.stringify(dims)}, ${data instanceof Uint8Array})`,
        )
        .catch((error: unknown) => {
          // Its stack names addresses of the page, which test runners take for files.
          const message = error instanceof Error ? error.message : String(error);
          throw new Error(`LiteRT failed: ${message.split('\n', 1)[0]}`);
        });
      return outputs.map((output) => ({ ...output, data: fromBase64(output.data) }));
    },
    close: () => browser.close(),
  };
}

function fromBase64(text: string): Float32Array {
  return new Float32Array(Uint8Array.from(Buffer.from(text, 'base64')).buffer);
}

function contentType(path: string): string {
  return path.endsWith('.wasm') ? 'application/wasm' : 'text/javascript';
}
