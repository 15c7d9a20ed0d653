import { importTfjsGraph } from '../import/tfjs.ts';
import { readTflite, TFLITE_TYPE } from '../import/tflite/model.ts';
import { importTflite } from '../import/tflite.ts';
import type { OnnxGraph, OnnxModel } from '../onnx/model.ts';
import { prune } from '../onnx/prune.ts';
import { readOnnx } from '../onnx/read.ts';
import { writeOnnx } from '../onnx/write.ts';

/** A model file in one of the formats that are read, as bytes. */
export type OwnModelFile =
  | { readonly format: 'onnx' | 'tflite'; readonly bytes: Uint8Array }
  | { readonly format: 'tfjs-graph'; readonly json: Uint8Array; readonly weights: Uint8Array };

/** A user's own model, read. */
export interface OwnOnnx {
  readonly graph: OnnxGraph;
  /** What the file itself says of its input, as quantised TFLite models do: what 0 and 255 stand for. */
  readonly range?: readonly [black: number, white: number];
  /** As an ONNX file, with these outputs only. */
  write(outputs?: readonly string[]): Uint8Array;
}

/**
 * Reads a user's own model by Focal's own parsers, which fear no file, before any runtime sees it. Throws
 * `model-invalid`.
 */
export function toOwnOnnx(file: OwnModelFile): OwnOnnx {
  if (file.format === 'onnx') return toOwn(readOnnx(file.bytes));
  if (file.format === 'tfjs-graph') return toOwn(readOnnx(importTfjsGraph(file.json, file.weights)));
  const own = toOwn(readOnnx(importTflite(file.bytes)));
  const { tensors, inputs } = readTflite(file.bytes);
  const { type, quantization } = tensors[inputs[0] ?? 0] ?? {};
  const [scale, zero] = [quantization?.scales[0], quantization?.zeroPoints[0] ?? 0];
  if (type !== TFLITE_TYPE.uint8 || scale === undefined || !(scale > 0)) return own;
  return { ...own, range: [-zero * scale, (255 - zero) * scale] };
}

function toOwn(model: OnnxModel): OwnOnnx {
  return {
    graph: model.graph,
    write: (outputs) => writeOnnx(outputs === undefined ? model : prune(model, outputs)),
  };
}
