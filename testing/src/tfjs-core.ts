import type * as Tf from '../references/node_modules/@tensorflow/tfjs-core/dist/index.js';
import { requireReference } from './references.ts';

export type { Tf };

/** TensorFlow.js' core: one for all, since backends, kernels and gradients are registered with it. */
export const tf = requireReference('@tensorflow/tfjs-core') as typeof Tf;
