import type { OnnxModel, OnnxNode } from '@focal/models';
import type { FloatTensor } from './tfjs.ts';
import { type Tf, tf } from './tfjs-core.ts';

/**
 * A value of the graph. `nhwc`: what ONNX has as [batch, channels, rows, columns] lies as TensorFlow.js wants it;
 * `onnx`: it lies as ONNX says.
 */
interface Value {
  readonly tensor: Tf.Tensor;
  readonly layout: 'onnx' | 'nhwc';
}

/** What the kernel below uses of a backend. */
interface KernelStore {
  readSync(dataId: object): Float32Array;
  write(values: Float32Array, shape: number[], dtype: 'float32'): object;
}

export interface ReferenceOptions {
  /** The value whose gradient is wanted. */
  readonly of: string;
  readonly rule: 'plain' | 'guided';
  readonly input: FloatTensor;
  /** The gradient is that of the sum of the value times this, which is laid out as ONNX has it. */
  readonly seed: FloatTensor;
}

/**
 * Gradient of an ONNX graph by TensorFlow.js: the graph is built from its operations, and its automatic differentiation
 * does the rest. {@link openTfjs} must have been called.
 */
export function differentiateInTfjs(model: OnnxModel, { of, rule, input, seed }: ReferenceOptions): FloatTensor {
  registerDepthwiseGradient();
  return tf.tidy(() => {
    const name = model.graph.inputs[0]?.name ?? '';
    const gradient = tf.grad((x) => {
      const value = toOnnx(evaluate(model, of, rule, new Map([[name, { tensor: x, layout: 'onnx' }]])));
      return tf.sum(tf.mul(value, tf.tensor(seed.data, [...seed.dims])));
    })(tf.tensor(input.data, [...input.dims]));
    return { dims: gradient.shape, data: gradient.dataSync() as Float32Array };
  });
}

function evaluate(model: OnnxModel, of: string, rule: 'plain' | 'guided', values: Map<string, Value>): Value {
  for (const { name, dataType, dims, data } of model.graph.initializers) {
    if (dataType !== 1) continue;
    const floats = new Float32Array(data.bytes.slice().buffer);
    values.set(name, { tensor: tf.tensor(floats, [...dims]), layout: 'onnx' });
  }
  for (const node of model.graph.nodes) {
    if (values.has(of)) break;
    values.set(node.outputs[0] ?? '', evaluateNode(model, node, rule, values));
  }
  const value = values.get(of);
  if (value === undefined) throw new Error(`The graph has no value ${of}.`);
  return value;
}

function evaluateNode(model: OnnxModel, node: OnnxNode, rule: 'plain' | 'guided', values: Map<string, Value>): Value {
  const at = (index: number): Value => {
    const value = values.get(node.inputs[index] ?? '');
    if (value === undefined) throw new Error(`The graph has no value ${node.inputs[index]}.`);
    return value;
  };
  const nhwc = (tensor: Tf.Tensor): Value => ({ tensor, layout: 'nhwc' });
  const like = (tensor: Tf.Tensor): Value => ({ tensor, layout: at(0).layout });
  switch (node.opType) {
    case 'Add':
    case 'Mul': {
      const layout = [at(0), at(1)].some((value) => value.layout === 'nhwc') ? 'nhwc' : 'onnx';
      const [a, b] = [toLayout(at(0), layout), toLayout(at(1), layout)];
      return { tensor: node.opType === 'Add' ? tf.add(a, b) : tf.mul(a, b), layout };
    }
    case 'Clip':
      return like(clip(at(0).tensor, scalarOf(at(1)), scalarOf(at(2)), rule));
    case 'Concat':
      return nhwc(
        tf.concat(
          node.inputs.map((_, index) => toLayout(at(index), 'nhwc')),
          3,
        ),
      );
    case 'Conv':
      return nhwc(convolve(node, toLayout(at(0), 'nhwc'), at(1).tensor, node.inputs[2] ? at(2).tensor : undefined));
    case 'GlobalAveragePool':
      return nhwc(tf.mean(toLayout(at(0), 'nhwc'), [1, 2], true));
    case 'Identity':
      return at(0);
    case 'Relu':
      return like(clip(at(0).tensor, 0, Number.POSITIVE_INFINITY, rule));
    case 'Reshape':
      return { tensor: tf.reshape(toOnnx(at(0)), intsConstant(model, node.inputs[1] ?? '')), layout: 'onnx' };
    case 'Resize': {
      // Asymmetric coordinates are what TensorFlow has when neither corners nor half pixels are asked for.
      const [, , rows = 1, columns = 1] = intsConstant(model, node.inputs[3] ?? '');
      return nhwc(tf.image.resizeBilinear(toLayout(at(0), 'nhwc') as Tf.Tensor4D, [rows, columns]));
    }
    case 'Sigmoid':
      return like(tf.sigmoid(at(0).tensor));
    case 'Transpose': {
      const perm = intsAttribute(node, 'perm').join();
      if (perm === '0,3,1,2' && at(0).layout === 'onnx') return nhwc(at(0).tensor);
      if (perm === '0,2,3,1' && at(0).layout === 'nhwc') return { tensor: at(0).tensor, layout: 'onnx' };
      return { tensor: tf.transpose(toOnnx(at(0)), perm.split(',').map(Number)), layout: 'onnx' };
    }
    default:
      throw new Error(`The reference knows no ${node.opType}.`);
  }
}

/** Relu and Relu6 are TensorFlow.js's own, and guided ones have a gradient that lets only positive ones pass. */
function clip(x: Tf.Tensor, low: number, high: number, rule: 'plain' | 'guided'): Tf.Tensor {
  if (low !== 0) return tf.clipByValue(x, low, high);
  const forward = (value: Tf.Tensor): Tf.Tensor => {
    if (high === 6) return tf.relu6(value);
    return high === Number.POSITIVE_INFINITY ? tf.relu(value) : tf.clipByValue(value, low, high);
  };
  if (rule === 'plain') return forward(x);
  const guided = tf.customGrad((value: unknown, save: unknown) => {
    (save as (tensors: Tf.Tensor[]) => void)([value as Tf.Tensor]);
    return {
      value: forward(value as Tf.Tensor),
      gradFunc: (grad: Tf.Tensor, saved: Tf.Tensor[]) => {
        const input = saved[0] as Tf.Tensor;
        const isOpen = tf.logicalAnd(tf.greater(input, 0), tf.less(input, Math.min(high, 1e38)));
        return tf.mul(tf.relu(grad), tf.cast(isOpen, 'float32'));
      },
    };
  });
  return guided(x);
}

function convolve(node: OnnxNode, x: Tf.Tensor, weights: Tf.Tensor, bias?: Tf.Tensor): Tf.Tensor {
  const [top = 0, left = 0, bottom = 0, right = 0] = intsAttribute(node, 'pads');
  const [rows = 1, columns = 1] = intsAttribute(node, 'strides');
  const padded = tf.pad(x, [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ]) as Tf.Tensor4D;
  const isDepthwise = weights.shape[1] === 1 && weights.shape[0] === x.shape[3];
  // [out, in, rows, columns] as [rows, columns, in, out], or of depthwise ones [rows, columns, channels, 1].
  const filter = tf.transpose(weights, isDepthwise ? [2, 3, 0, 1] : [2, 3, 1, 0]) as Tf.Tensor4D;
  const sum = isDepthwise
    ? tf.depthwiseConv2d(padded, filter, [rows, columns], 'valid')
    : tf.conv2d(padded, filter, [rows, columns], 'valid');
  return bias === undefined ? sum : tf.add(sum, bias);
}

function toLayout({ tensor, layout }: Value, wanted: Value['layout']): Tf.Tensor {
  if (layout === wanted || tensor.rank < 2) return tensor;
  if (tensor.rank !== 4) throw new Error('Only pictures can be laid out in two ways.');
  return tf.transpose(tensor, wanted === 'nhwc' ? [0, 2, 3, 1] : [0, 3, 1, 2]);
}

function toOnnx(value: Value): Tf.Tensor {
  return toLayout(value, 'onnx');
}

function scalarOf({ tensor }: Value): number {
  return tensor.dataSync()[0] ?? Number.NaN;
}

function intsAttribute(node: OnnxNode, name: string): readonly number[] {
  const attribute = node.attributes.find((each) => each.name === name);
  return attribute?.kind === 'ints' ? attribute.value.map(Number) : [];
}

function intsConstant({ graph }: OnnxModel, name: string): number[] {
  const tensor = graph.initializers.find((each) => each.name === name);
  if (tensor === undefined) throw new Error(`The graph has no constant ${name}.`);
  return Array.from(new BigInt64Array(tensor.data.bytes.slice().buffer), Number);
}

/** The one kernel that these nets need and the WebAssembly backend lacks, straight from the definition. */
function registerDepthwiseGradient(): void {
  const name = tf.DepthwiseConv2dNativeBackpropInput;
  if (tf.getKernel(name, 'wasm') !== undefined) return;
  tf.registerKernel({
    kernelName: name,
    backendName: 'wasm',
    kernelFunc({ inputs, attrs, backend }) {
      const { dy, filter } = inputs as { dy: Tf.TensorInfo; filter: Tf.TensorInfo };
      const { strides, pad, inputShape } = attrs as unknown as {
        strides: [number, number];
        pad: string;
        inputShape: [number, number, number, number];
      };
      if (pad !== 'valid' || filter.shape[3] !== 1) throw new Error('This kernel knows no padding and no multipliers.');
      const store = backend as unknown as KernelStore;
      const [grads, weights] = [store.readSync(dy.dataId), store.readSync(filter.dataId)];
      const [, height, width, channels] = inputShape;
      const [, rows = 1, columns = 1] = dy.shape;
      const [filterRows = 1, filterColumns = 1] = filter.shape;
      const result = new Float32Array(height * width * channels);
      for (let row = 0; row < rows; row++) {
        for (let column = 0; column < columns; column++) {
          for (let i = 0; i < filterRows * filterColumns; i++) {
            const y = row * strides[0] + Math.floor(i / filterColumns);
            const x = column * strides[1] + (i % filterColumns);
            const [to, from, weight] = [(y * width + x) * channels, (row * columns + column) * channels, i * channels];
            for (let c = 0; c < channels; c++) {
              result[to + c] =
                (result[to + c] as number) + (grads[from + c] as number) * (weights[weight + c] as number);
            }
          }
        }
      }
      return { dataId: store.write(result, inputShape, 'float32'), shape: inputShape, dtype: 'float32' };
    },
  });
}
