// TensorFlow.js as a reference, apart from the rest: who imports it loads all of it.
export { openFaceApi, runFaceApi } from './face-api.ts';
export { differentiateInTfjs } from './onnx-in-tfjs.ts';
export { type FloatTensor, openTfjs } from './tfjs.ts';
export { registerTfjsGradients } from './tfjs-gradients.ts';
