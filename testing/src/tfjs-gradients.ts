import { dirname, join } from 'node:path';
import { runInThisContext } from 'node:vm';
import { build } from 'vite';
import { resolveReference } from './references.ts';

/**
 * Makes the TensorFlow.js that is open able to differentiate. Its build for Node leaves gradients out, and the files
 * that have them are written for bundlers: so they are bundled. All copies of TensorFlow.js share one register.
 */
export async function registerTfjsGradients(): Promise<void> {
  const folder = dirname(resolveReference('@tensorflow/tfjs-core'));
  const bundle = await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      minify: false,
      lib: { entry: join(folder, 'register_all_gradients.js'), formats: ['iife'], name: 'gradients' },
    },
  });
  const [first] = Array.isArray(bundle) ? bundle : [bundle];
  const chunk = first !== undefined && 'output' in first ? first.output[0] : undefined;
  if (chunk === undefined) throw new Error('Vite bundled nothing.');
  runInThisContext(chunk.code);
}
