import { FocalError } from '@focal/core';
import type { OnnxGraph, OnnxModel, OnnxNode, OnnxValueInfo } from './model.ts';
import { ONNX_TYPE } from './model.ts';

/** Inputs and outputs of a joined tracker. */
export const TRACKER_NAMES = { template: 'template', search: 'search', scores: 'scores', boxes: 'boxes' } as const;

/** Side of the picture of the subject, and of the part of the frame that it is looked for in. */
export const TEMPLATE_SIDE = 127;
export const SEARCH_SIDE = 255;

/**
 * A Siamese tracker in one net: the backbone, made for the search part only, is laid out twice over the same weights,
 * and both feed the head. Nothing is kept between runs, so one session serves any number of subjects; looking at the
 * template again takes a fifth of a run. Throws `model-invalid` for nets of another kind.
 */
export function joinTracker(backbone: OnnxModel, head: OnnxModel): OnnxModel {
  const [picture] = backbone.graph.inputs;
  const [features] = backbone.graph.outputs;
  const [template, search] = head.graph.inputs;
  const [scores, boxes] = head.graph.outputs;
  if (!picture || !features || !template || !search || !scores || !boxes) {
    throw new FocalError('model-invalid', 'Expected the backbone and the head of a Siamese tracker.');
  }
  const weights = new Set(backbone.graph.initializers.map(({ name }) => name));
  const twin = (from: string, to: string, end: string): readonly OnnxNode[] =>
    renameValues(backbone.graph, (name) => {
      if (name === '' || weights.has(name)) return name;
      if (name === picture.name) return to;
      return name === features.name ? end : `${from}/${name}`;
    });
  const ends = new Map([
    [template.name, 'template-features'],
    [search.name, 'search-features'],
    [scores.name, TRACKER_NAMES.scores],
    [boxes.name, TRACKER_NAMES.boxes],
  ]);
  const prefix = (name: string): string => (name === '' ? '' : (ends.get(name) ?? `head/${name}`));
  return {
    ...backbone,
    graph: {
      name: 'tracker',
      nodes: [
        ...twin('t', TRACKER_NAMES.template, 'template-features'),
        ...twin('s', TRACKER_NAMES.search, 'search-features'),
        ...renameValues(head.graph, prefix),
      ],
      initializers: [
        ...backbone.graph.initializers,
        ...head.graph.initializers.map((tensor) => ({ ...tensor, name: prefix(tensor.name) })),
      ],
      inputs: [pictureOf(TRACKER_NAMES.template, TEMPLATE_SIDE), pictureOf(TRACKER_NAMES.search, SEARCH_SIDE)],
      outputs: [
        { ...scores, name: TRACKER_NAMES.scores },
        { ...boxes, name: TRACKER_NAMES.boxes },
      ],
      // Shapes in between are of one size only.
      values: [],
    },
  };
}

function pictureOf(name: string, side: number): OnnxValueInfo {
  return { name, dataType: ONNX_TYPE.float32, dims: [1, 3, side, side] };
}

function renameValues(graph: OnnxGraph, rename: (name: string) => string): readonly OnnxNode[] {
  return graph.nodes.map((node) => ({
    ...node,
    name: '',
    inputs: node.inputs.map(rename),
    outputs: node.outputs.map(rename),
  }));
}
