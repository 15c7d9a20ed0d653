import { FocalError } from '@focal/core';
import type { Tensor } from '@focal/models';
import type * as Ort from 'onnxruntime-node';

/** The same numbers for ONNX Runtime. Data on shared memory is copied: the library takes plain buffers only. */
export function toOrtTensor(ort: typeof Ort, tensor: Tensor): Ort.Tensor {
  const dims = [...tensor.dims];
  switch (tensor.type) {
    case 'float32':
      return new ort.Tensor('float32', isShared(tensor.data) ? Float32Array.from(tensor.data) : tensor.data, dims);
    case 'uint8':
      return new ort.Tensor('uint8', isShared(tensor.data) ? Uint8Array.from(tensor.data) : tensor.data, dims);
    case 'int32':
      return new ort.Tensor('int32', isShared(tensor.data) ? Int32Array.from(tensor.data) : tensor.data, dims);
    case 'int64':
      return new ort.Tensor('int64', isShared(tensor.data) ? BigInt64Array.from(tensor.data) : tensor.data, dims);
    case 'float16':
      return new ort.Tensor('float16', Uint16Array.from(tensor.data), dims);
  }
}

/** The port's view of a result; the bytes are those of ONNX Runtime, not copied. */
export function fromOrtTensor(value: Ort.OnnxValue): Tensor {
  const dims = value.dims;
  const data: unknown = value.data;
  if (value.type === 'float32' && data instanceof Float32Array) return { type: 'float32', data, dims };
  if (value.type === 'uint8' && data instanceof Uint8Array) return { type: 'uint8', data, dims };
  if (value.type === 'int32' && data instanceof Int32Array) return { type: 'int32', data, dims };
  if (value.type === 'int64' && data instanceof BigInt64Array) return { type: 'int64', data, dims };
  if (value.type === 'float16' && ArrayBuffer.isView(data)) {
    return { type: 'float16', data: new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2), dims };
  }
  throw new FocalError('model-invalid', `The model gave a result of type ${value.type}, which Focal does not read.`);
}

function isShared(data: ArrayBufferView): boolean {
  return data.buffer instanceof SharedArrayBuffer;
}
