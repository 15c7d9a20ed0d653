import type { NhwcGraph, NhwcValue } from '../nhwc/graph.ts';

/** What face-api's face nets do first: mean colour of its training faces taken off, 0..255 brought to about -0.5..0.5. */
const MEAN_RGB = Float32Array.of(122.782, 117.001, 104.298);

/** Brings RGB 0..255 to what the nets were trained on. In the graph, since padding must come after it. */
export function normalizeRgb(graph: NhwcGraph, x: NhwcValue): NhwcValue {
  const centred = graph.binary('Sub', x, graph.constant([3], MEAN_RGB));
  return graph.binary('Mul', centred, graph.constant([1], Float32Array.of(1 / 255)));
}
