import { FocalError } from '@focal/core';
import type { OnnxAttribute, OnnxGraph, OnnxModel, OnnxNode, OnnxOpset, OnnxTensor, OnnxValueInfo } from './model.ts';
import { RAW_DATA } from './model.ts';
import { ProtoReader, readVarint64 } from './proto-reader.ts';

/** A graph inside a graph inside …: If and Loop nest a few levels, a damaged file as many as it has bytes. */
const MAX_DEPTH = 16;
/** Nodes, tensors, names, attributes and their elements together: a hundred times what large models have. */
const MAX_PARTS = 1_000_000;

/**
 * Reads an ONNX model. Weights are views into `bytes`, which must not change while the model is in use: 100 MB of them
 * take a millisecond. Throws `model-invalid` for anything broken and for what is not supported: external data, sparse
 * initialisers.
 *
 * @example
 * readOnnx(bytes).graph.inputs[0]; // { name: 'input', dataType: 1, dims: [1, 3, 1024, 1024] }
 */
export function readOnnx(bytes: Uint8Array): OnnxModel {
  const budget = { parts: MAX_PARTS };
  // Plain bytes: Node's Buffer takes far longer to make views of itself.
  const reader = new ProtoReader(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length));
  let irVersion = 0;
  let producer = '';
  const opsets: OnnxOpset[] = [];
  const functions: Uint8Array[] = [];
  let graph: OnnxGraph | undefined;
  while (reader.next()) {
    spend(budget);
    if (reader.field === 1) irVersion = reader.int();
    else if (reader.field === 2) producer = reader.string();
    else if (reader.field === 7) graph = readGraph(reader.message(), budget, 0);
    else if (reader.field === 8) opsets.push(readOpset(reader.message()));
    else if (reader.field === 25) functions.push(reader.bytes());
    else reader.skip();
  }
  if (graph === undefined || opsets.length === 0) {
    throw invalid(
      `Expected an ONNX model with a graph and its operator set, got ${bytes.length} bytes without.`,
      'The file is damaged, cut short or no ONNX model.',
    );
  }
  return { irVersion, producer, opsets, graph, functions };
}

interface Budget {
  parts: number;
}

function spend(budget: Budget, parts = 1): void {
  budget.parts -= parts;
  if (budget.parts < 0) throw invalid(`Expected an ONNX model of at most ${MAX_PARTS} parts.`);
}

function readOpset(reader: ProtoReader): OnnxOpset {
  let domain = '';
  let version = 0;
  while (reader.next()) {
    if (reader.field === 1) domain = reader.string();
    else if (reader.field === 2) version = reader.int();
    else reader.skip();
  }
  return { domain, version };
}

function readGraph(reader: ProtoReader, budget: Budget, depth: number): OnnxGraph {
  if (depth > MAX_DEPTH) throw invalid(`Expected graphs nested at most ${MAX_DEPTH} deep in the ONNX file.`);
  let name = '';
  const nodes: OnnxNode[] = [];
  const initializers: OnnxTensor[] = [];
  const inputs: OnnxValueInfo[] = [];
  const outputs: OnnxValueInfo[] = [];
  const values: OnnxValueInfo[] = [];
  while (reader.next()) {
    spend(budget);
    if (reader.field === 1) nodes.push(readNode(reader.message(), budget, depth));
    else if (reader.field === 2) name = reader.string();
    else if (reader.field === 5) initializers.push(readTensor(reader.message(), budget));
    else if (reader.field === 11) inputs.push(readValueInfo(reader.message(), budget));
    else if (reader.field === 12) outputs.push(readValueInfo(reader.message(), budget));
    else if (reader.field === 13) values.push(readValueInfo(reader.message(), budget));
    else if (reader.field === 15) throw invalid('Expected dense initialisers in the ONNX file, got a sparse one.');
    else reader.skip();
  }
  return { name, nodes, initializers, inputs, outputs, values };
}

function readNode(reader: ProtoReader, budget: Budget, depth: number): OnnxNode {
  let opType = '';
  let domain = '';
  let name = '';
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes: OnnxAttribute[] = [];
  while (reader.next()) {
    spend(budget);
    if (reader.field === 1) inputs.push(reader.string());
    else if (reader.field === 2) outputs.push(reader.string());
    else if (reader.field === 3) name = reader.string();
    else if (reader.field === 4) opType = reader.string();
    else if (reader.field === 5) attributes.push(readAttribute(reader.bytes(), budget, depth));
    else if (reader.field === 7) domain = reader.string();
    else if (reader.field === 8 && reader.bytes().length > 0) {
      throw invalid(`Expected operators without overloads in the ONNX file, got one of ${opType || 'a node'}.`);
    } else if (reader.field !== 8) reader.skip();
  }
  return { opType, domain, name, inputs, outputs, attributes };
}

const ATTRIBUTE_KINDS = ['', 'float', 'int', 'string', 'tensor', 'graph', 'floats', 'ints'] as const;

function readAttribute(bytes: Uint8Array, budget: Budget, depth: number): OnnxAttribute {
  const reader = new ProtoReader(bytes);
  let name = '';
  let type = 0;
  let float = 0;
  let int = 0n;
  let string = '';
  let tensor: OnnxTensor | undefined;
  let graph: OnnxGraph | undefined;
  const floats: number[] = [];
  const ints: bigint[] = [];
  let reference = false;
  while (reader.next()) {
    spend(budget);
    if (reader.field === 1) name = reader.string();
    else if (reader.field === 2) float = reader.float();
    else if (reader.field === 3) int = reader.int64();
    else if (reader.field === 4) string = reader.string();
    else if (reader.field === 5) tensor = readTensor(reader.message(), budget);
    else if (reader.field === 6) graph = readGraph(reader.message(), budget, depth + 1);
    else if (reader.field === 7) appendFloats(floats, reader, budget);
    else if (reader.field === 8) appendInts(ints, reader, budget);
    else if (reader.field === 20) type = reader.int();
    else if (reader.field === 21) {
      reference = true;
      reader.skip();
    } else reader.skip();
  }
  const kind = reference ? '' : ATTRIBUTE_KINDS[type];
  if (kind === 'float') return { name, kind, value: float };
  if (kind === 'int') return { name, kind, value: int };
  if (kind === 'string') return { name, kind, value: string };
  if (kind === 'floats') return { name, kind, value: floats };
  if (kind === 'ints') return { name, kind, value: ints };
  if (kind === 'tensor' && tensor !== undefined) return { name, kind, value: tensor };
  if (kind === 'graph' && graph !== undefined) return { name, kind, value: graph };
  return { name, kind: 'raw', value: bytes };
}

function appendInts(values: bigint[], reader: ProtoReader, budget: Budget): void {
  const payload = reader.payload();
  let at = 0;
  while (at < payload.length) {
    const [value, next] = readVarint64(payload, at, payload.length);
    spend(budget);
    values.push(value);
    at = next;
  }
}

function appendFloats(values: number[], reader: ProtoReader, budget: Budget): void {
  const payload = reader.payload();
  if (payload.length % 4 !== 0)
    throw invalid(`Expected whole floats in an ONNX attribute, got ${payload.length} bytes.`);
  spend(budget, payload.length / 4);
  const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
  for (let at = 0; at < payload.length; at += 4) values.push(view.getFloat32(at, true));
}

/** Fields of `TensorProto` that hold elements: float, int32, int64, double, uint64 and raw data. */
const TENSOR_DATA = new Set([4, 5, 7, RAW_DATA, 10, 11]);

function readTensor(reader: ProtoReader, budget: Budget): OnnxTensor {
  let name = '';
  let dataType = 0;
  const dims: number[] = [];
  let field = RAW_DATA;
  let pieces: Uint8Array[] = [];
  const strings: Uint8Array[] = [];
  while (reader.next()) {
    if (reader.field === 1) for (const dim of unpackDims(reader, budget)) dims.push(dim);
    else if (reader.field === 2) dataType = reader.int();
    else if (TENSOR_DATA.has(reader.field)) {
      spend(budget);
      if (reader.field !== field) pieces = [];
      field = reader.field;
      pieces.push(reader.payload());
    } else if (reader.field === 6) {
      spend(budget);
      strings.push(reader.bytes());
    } else if (reader.field === 8) name = reader.string();
    else if (reader.field === 13 || (reader.field === 14 && reader.int() !== 0)) {
      throw invalid('Expected the weights inside the ONNX file, got a reference to another file.');
    } else if (reader.field !== 14) reader.skip();
  }
  const tensor = { name, dataType, dims, data: { field, bytes: joinBytes(pieces) } };
  return strings.length > 0 ? { ...tensor, strings } : tensor;
}

function unpackDims(reader: ProtoReader, budget: Budget): readonly number[] {
  const dims: bigint[] = [];
  appendInts(dims, reader, budget);
  return dims.map((dim) => {
    if (dim < 0n || dim > 0xffff_ffffn)
      throw invalid(`Expected tensor sizes from 0 to 2^32 in the ONNX file, got ${dim}.`);
    return Number(dim);
  });
}

/** One piece, the usual case, is returned as it is. */
function joinBytes(pieces: readonly Uint8Array[]): Uint8Array {
  if (pieces.length === 1 && pieces[0] !== undefined) return pieces[0];
  const out = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    out.set(piece, at);
    at += piece.length;
  }
  return out;
}

function readValueInfo(reader: ProtoReader, budget: Budget): OnnxValueInfo {
  let name = '';
  let type: Uint8Array | undefined;
  while (reader.next()) {
    if (reader.field === 1) name = reader.string();
    else if (reader.field === 2) type = reader.bytes();
    else reader.skip();
  }
  return type === undefined ? { name } : { name, ...readType(type, budget) };
}

function readType(bytes: Uint8Array, budget: Budget): Omit<OnnxValueInfo, 'name'> {
  const reader = new ProtoReader(bytes);
  while (reader.next()) {
    if (reader.field === 1) return readTensorType(reader.message(), budget);
    reader.skip();
  }
  return { raw: bytes };
}

function readTensorType(reader: ProtoReader, budget: Budget): Omit<OnnxValueInfo, 'name'> {
  let dataType = 0;
  let dims: (number | string | undefined)[] | undefined;
  while (reader.next()) {
    if (reader.field === 1) dataType = reader.int();
    else if (reader.field === 2) {
      dims = [];
      const shape = reader.message();
      while (shape.next()) {
        spend(budget);
        if (shape.field === 1) dims.push(readDimension(shape.message()));
        else shape.skip();
      }
    } else reader.skip();
  }
  return dims === undefined ? { dataType } : { dataType, dims };
}

function readDimension(reader: ProtoReader): number | string | undefined {
  let size: number | string | undefined;
  while (reader.next()) {
    if (reader.field === 1) size = reader.int();
    else if (reader.field === 2) size = reader.string();
    else reader.skip();
  }
  return size;
}

function invalid(message: string, hint?: string): FocalError {
  return new FocalError('model-invalid', message, hint === undefined ? {} : { hint });
}
