import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { runInThisContext } from 'node:vm';
import type { FloatTensor } from './tfjs.ts';
import { type Tf, tf } from './tfjs-core.ts';

type FaceApiNet = 'ssdMobilenetv1' | 'faceRecognitionNet' | 'faceExpressionNet';

interface FaceApi {
  readonly nets: Readonly<
    Record<FaceApiNet, { loadFromDisk(folder: string): Promise<void>; forwardInput(input: unknown): unknown }>
  >;
  toNetInput(input: unknown): Promise<unknown>;
}

/**
 * face-api's own nets on the TensorFlow.js that is open, as a reference. Its build for Node asks for the whole of
 * TensorFlow.js: it is given the core, with the few chained operators that these nets use.
 */
export function openFaceApi(): FaceApi {
  const require = createRequire(import.meta.url);
  const folder = faceApiFolder();
  const source = readFileSync(join(folder, 'dist/face-api.node-wasm.js'), 'utf8');
  const reshape = function (this: Tf.Tensor, ...sizes: number[]): Tf.Tensor {
    return tf.reshape(this, sizes);
  };
  Object.assign(tf.Tensor.prototype, {
    as2D: reshape,
    as3D: reshape,
    as4D: reshape,
    div(this: Tf.Tensor, other: number) {
      return tf.div(this, other);
    },
    mean(this: Tf.Tensor, axes: number[]) {
      return tf.mean(this, axes);
    },
  });
  const module: { exports: unknown } = { exports: {} };
  const load = (name: string): unknown => {
    if (name === '@tensorflow/tfjs') return tf;
    return name.startsWith('@tensorflow') ? {} : require(name);
  };
  runInThisContext(`(function (module, exports, require) {${source}\n})`)(module, module.exports, load);
  return module.exports as FaceApi;
}

/** What a net gives for a picture [1, height, width, 3] of RGB 0..255, which it scales itself. */
export async function runFaceApi(
  faceApi: FaceApi,
  name: FaceApiNet,
  { data, dims }: FloatTensor,
): Promise<Readonly<Record<string, FloatTensor>>> {
  const net = faceApi.nets[name];
  await net.loadFromDisk(join(faceApiFolder(), 'model'));
  const result = net.forwardInput(await faceApi.toNetInput(tf.tensor(data, [...dims])));
  if (result instanceof tf.Tensor) return { result: await read(result) };
  const { boxes, scores } = result as { boxes: Tf.Tensor[]; scores: Tf.Tensor[] };
  return { boxes: await read(boxes[0] as Tf.Tensor), scores: await read(scores[0] as Tf.Tensor) };
}

async function read(tensor: Tf.Tensor): Promise<FloatTensor> {
  return { dims: tensor.shape, data: (await tensor.data()) as Float32Array };
}

function faceApiFolder(): string {
  return dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json'));
}
