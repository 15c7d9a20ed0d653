import { createHash } from 'node:crypto';
import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig, type Plugin } from 'vite';

const isolation = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
};

/** Tells the service worker which files the built app has, with a version that changes with their content. */
function precache(): Plugin {
  return {
    name: 'focal-precache',
    apply: 'build',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const worker = bundle['sw.js'];
      if (worker?.type !== 'chunk') throw new Error('The service worker sw.js was not built.');
      const hash = createHash('sha256');
      const files: string[] = [];
      for (const [name, file] of Object.entries(bundle)) {
        // Inference and fonts are large and loaded on demand: the service worker keeps them once they were used.
        if (name === 'sw.js' || name.endsWith('.map') || /ort[.-]|\.(wasm|ttf)$/.test(name)) continue;
        files.push(name);
        hash.update(name).update(file.type === 'chunk' ? file.code : file.source);
      }
      const list = JSON.stringify({ version: hash.digest('hex').slice(0, 12), files: files.sort() });
      worker.code = worker.code.replace('__PRECACHE__', () => list);
    },
  };
}

export default defineConfig({
  plugins: [react(), precache()],
  resolve: { conditions: ['source', 'onnxruntime-web-use-extern-wasm', ...defaultClientConditions] },
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    sourcemap: false,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
    rollupOptions: {
      input: { index: 'index.html', sw: 'src/sw.ts' },
      output: { entryFileNames: (chunk) => (chunk.name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js') },
    },
  },
  server: {
    headers: isolation,
    proxy: { '/v1': 'http://127.0.0.1:4600', '/health': 'http://127.0.0.1:4600' },
  },
  preview: { headers: isolation, proxy: { '/v1': 'http://127.0.0.1:4600', '/health': 'http://127.0.0.1:4600' } },
});
