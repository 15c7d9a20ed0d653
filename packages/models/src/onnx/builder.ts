import {
  ONNX_TYPE,
  type OnnxAttribute,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValueInfo,
  RAW_DATA,
} from './model.ts';

/** Opset 17 with IR version 8: read by every ONNX Runtime since 1.12. */
const OPSET = 17;
const IR_VERSION = 8;

/** The value of a node attribute, with the kind that JavaScript's one number type cannot tell. */
type AttributeValue =
  | { readonly int: number }
  | { readonly ints: readonly number[] }
  | { readonly float: number }
  | { readonly string: string };

export interface NodeOptions {
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
  /** Name of the output; a new one is made when left out. */
  readonly output?: string;
  /** Names of further outputs that the operator may have. */
  readonly moreOutputs?: readonly string[];
}

/**
 * Puts an ONNX graph together. Nodes are added in topological order; each gives back the name of its output.
 *
 * @example
 * const graph = new GraphBuilder('demo');
 * graph.input('x', [1, 4]);
 * graph.output(graph.node('Relu', ['x'], { output: 'y' }), [1, 4]);
 * writeOnnx(graph.build());
 */
export class GraphBuilder {
  readonly #name: string;
  readonly #nodes: OnnxNode[] = [];
  readonly #initializers: OnnxTensor[] = [];
  readonly #inputs: OnnxValueInfo[] = [];
  readonly #outputs: OnnxValueInfo[] = [];
  readonly #names = new Set<string>();
  /** How often each base of a name was asked for, so that a long graph takes no longer for each node. */
  readonly #counts = new Map<string, number>();
  readonly #intConstants = new Map<string, string>();
  readonly #scalars = new Map<number, string>();

  constructor(name: string) {
    this.#name = name;
  }

  /** A value name that nobody has yet, and nobody will get: `base`, or `base` with a number. */
  unique(base: string): string {
    let count = this.#counts.get(base) ?? 0;
    let name: string;
    do {
      count++;
      name = count === 1 ? base : `${base}_${count}`;
    } while (this.#names.has(name));
    this.#counts.set(base, count);
    this.#names.add(name);
    return name;
  }

  /** Declares a float32 input. */
  input(name: string, dims: readonly number[]): void {
    this.#names.add(name);
    this.#inputs.push({ name, dataType: ONNX_TYPE.float32, dims });
  }

  /** Declares a float32 output that some node writes. */
  output(name: string, dims: readonly number[]): void {
    this.#outputs.push({ name, dataType: ONNX_TYPE.float32, dims });
  }

  node(opType: string, inputs: readonly string[], options: NodeOptions = {}): string {
    const output = options.output ?? this.unique(opType);
    const attributes = Object.entries(options.attributes ?? {}).map(([name, value]) => toAttribute(name, value));
    this.#nodes.push({
      opType,
      domain: '',
      name: output,
      inputs,
      outputs: [output, ...(options.moreOutputs ?? [])],
      attributes,
    });
    return output;
  }

  /** A float32 constant. `values` must not change before the model is written. */
  floats(base: string, dims: readonly number[], values: Float32Array): string {
    return this.#initializer(base, ONNX_TYPE.float32, dims, toLittleEndian(values));
  }

  /** A 1-D int64 constant: shapes, sizes and pads. The same values are written once. */
  ints(values: readonly number[]): string {
    const key = values.join(',');
    const known = this.#intConstants.get(key);
    if (known !== undefined) return known;
    const data = toLittleEndian(BigInt64Array.from(values, BigInt));
    const name = this.#initializer('ints', ONNX_TYPE.int64, [values.length], data);
    this.#intConstants.set(key, name);
    return name;
  }

  /** A float32 constant of no dimensions. The same value is written once. */
  scalar(value: number): string {
    const known = this.#scalars.get(value);
    if (known !== undefined) return known;
    const name = this.floats('scalar', [], Float32Array.of(value));
    this.#scalars.set(value, name);
    return name;
  }

  build(): OnnxModel {
    return {
      irVersion: IR_VERSION,
      producer: 'Focal',
      opsets: [{ domain: '', version: OPSET }],
      functions: [],
      graph: {
        name: this.#name,
        nodes: this.#nodes,
        initializers: this.#initializers,
        inputs: this.#inputs,
        outputs: this.#outputs,
        values: [],
      },
    };
  }

  #initializer(base: string, dataType: number, dims: readonly number[], bytes: Uint8Array): string {
    const name = this.unique(base);
    this.#initializers.push({ name, dataType, dims, data: { field: RAW_DATA, bytes } });
    return name;
  }
}

function toAttribute(name: string, value: AttributeValue): OnnxAttribute {
  if ('int' in value) return { name, kind: 'int', value: BigInt(value.int) };
  if ('ints' in value) return { name, kind: 'ints', value: value.ints.map(BigInt) };
  if ('float' in value) return { name, kind: 'float', value: value.float };
  return { name, kind: 'string', value: value.string };
}

/** The bytes of `values` as files keep them. Everything that runs Focal is little-endian, as ONNX Runtime is. */
function toLittleEndian(values: Float32Array | BigInt64Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
