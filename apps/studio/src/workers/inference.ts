import { getWorkerPort, serveInference } from '@focal/web';
import gpuMjs from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url';
import gpuWasm from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url';
import cpuMjs from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url';
import cpuWasm from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';

const here = (path: string) => new URL(path, location.origin).href;

serveInference(getWorkerPort(), {
  wasm: { mjs: here(cpuMjs), wasm: here(cpuWasm) },
  webgpu: { mjs: here(gpuMjs), wasm: here(gpuWasm) },
  urlOf: (modelId) => `/v1/models/${encodeURIComponent(modelId)}/onnx`,
  cacheName: 'focal-models',
});
