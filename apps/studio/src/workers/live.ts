import { getWorkerPort, serveDetect, serveFollow, serveRender } from '@focal/web';
import mjs from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url';
import wasm from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';

const DETECTOR = 'focal-detect';

// One file for all three threads, so that a browser loads it once: the name says which one this is.
if (self.name === 'focal-draw') serveRender(getWorkerPort());
else {
  const here = (path: string) => new URL(path, location.origin).href;
  const cores = navigator.hardwareConcurrency || 1;
  const options = {
    // Plain WebAssembly: these nets are done sooner than their numbers have gone to a graphics card and back.
    wasm: { mjs: here(mjs), wasm: here(wasm) },
    threads: cores >= 6 ? 2 : 1,
    urlOf: (modelId: string) => `/v1/models/${encodeURIComponent(modelId)}/onnx`,
    listUrl: '/v1/models',
    cacheName: 'focal-models',
  };
  if (self.name === DETECTOR) serveDetect(getWorkerPort(), options);
  else {
    const startDetector = () => new Worker(location.href, { type: 'module', name: DETECTOR });
    serveFollow(getWorkerPort(), { ...options, startDetector });
  }
}
