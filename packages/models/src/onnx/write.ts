import type { OnnxAttribute, OnnxGraph, OnnxModel, OnnxNode, OnnxTensor, OnnxValueInfo } from './model.ts';
import { ProtoWriter } from './proto-writer.ts';

/** Writes an ONNX file. Weights are copied once, into the result. The inverse of `readOnnx`. */
export function writeOnnx(model: OnnxModel): Uint8Array {
  const out = new ProtoWriter().int(1, model.irVersion);
  if (model.producer !== '') out.string(2, model.producer);
  out.message(7, (nested) => writeGraph(nested, model.graph));
  for (const opset of model.opsets) {
    out.message(8, (nested) => nested.string(1, opset.domain).int(2, opset.version));
  }
  for (const definition of model.functions) out.bytes(25, definition);
  return out.finish();
}

function writeGraph(out: ProtoWriter, graph: OnnxGraph): void {
  for (const node of graph.nodes) out.message(1, (nested) => writeNode(nested, node));
  out.string(2, graph.name);
  for (const tensor of graph.initializers) out.message(5, (nested) => writeTensor(nested, tensor));
  for (const info of graph.inputs) out.message(11, (nested) => writeValueInfo(nested, info));
  for (const info of graph.outputs) out.message(12, (nested) => writeValueInfo(nested, info));
  for (const info of graph.values) out.message(13, (nested) => writeValueInfo(nested, info));
}

function writeNode(out: ProtoWriter, node: OnnxNode): void {
  for (const name of node.inputs) out.string(1, name);
  for (const name of node.outputs) out.string(2, name);
  if (node.name !== '') out.string(3, node.name);
  out.string(4, node.opType);
  for (const attribute of node.attributes) {
    if (attribute.kind === 'raw') out.bytes(5, attribute.value);
    else out.message(5, (nested) => writeAttribute(nested, attribute));
  }
  if (node.domain !== '') out.string(7, node.domain);
}

function writeAttribute(out: ProtoWriter, attribute: Exclude<OnnxAttribute, { kind: 'raw' }>): void {
  out.string(1, attribute.name);
  if (attribute.kind === 'float') out.float(2, attribute.value).int(20, 1);
  else if (attribute.kind === 'int') out.int(3, attribute.value).int(20, 2);
  else if (attribute.kind === 'string') out.string(4, attribute.value).int(20, 3);
  else if (attribute.kind === 'tensor') out.message(5, (nested) => writeTensor(nested, attribute.value)).int(20, 4);
  else if (attribute.kind === 'graph') out.message(6, (nested) => writeGraph(nested, attribute.value)).int(20, 5);
  else if (attribute.kind === 'floats') out.packedFloats(7, attribute.value).int(20, 6);
  else out.packedInts(8, attribute.value).int(20, 7);
}

function writeTensor(out: ProtoWriter, tensor: OnnxTensor): void {
  if (tensor.dims.length > 0) out.packedInts(1, tensor.dims);
  out.int(2, tensor.dataType);
  if (tensor.strings === undefined) out.bytes(tensor.data.field, tensor.data.bytes);
  else for (const string of tensor.strings) out.bytes(6, string);
  if (tensor.name !== '') out.string(8, tensor.name);
}

function writeValueInfo(out: ProtoWriter, info: OnnxValueInfo): void {
  out.string(1, info.name);
  if (info.raw !== undefined) out.bytes(2, info.raw);
  else if (info.dataType !== undefined)
    out.message(2, (type) => type.message(1, (nested) => writeTensorType(nested, info)));
}

function writeTensorType(out: ProtoWriter, info: OnnxValueInfo): void {
  out.int(1, info.dataType ?? 0);
  if (info.dims === undefined) return;
  const { dims } = info;
  out.message(2, (shape) => {
    for (const dim of dims) {
      shape.message(1, (nested) => {
        if (typeof dim === 'number') nested.int(1, dim);
        else if (dim !== undefined) nested.string(2, dim);
      });
    }
  });
}
