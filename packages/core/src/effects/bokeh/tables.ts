import { createSrgbTables } from '../../picture/srgb.ts';
import { createFrontTable } from './composite.ts';
import { createEncoder } from './encoder.ts';
import { createBrightnessTable } from './glare.ts';
import { createWeightTable } from './widen.ts';

/** The tables of a bokeh, for those who draw it by other means than the passes here. */
export interface BokehTables {
  /** Linear light 0..1 of each byte. */
  readonly toLinear: Float32Array;
  /** How much of a highlight each value of a pixel's brightest channel is, 0..255. */
  readonly brightness: Uint8Array;
  /** How far each share of the subject lets light enter the blur, 0..255. */
  readonly weights: Uint8Array;
  /** Share of the subject's colour for each share of the subject, 0..1. */
  readonly fronts: Float32Array;
  /** sRGB in steps of 1/256 of a byte for linear light in steps of 1/65535, and a little beyond. */
  readonly encoded: Uint16Array;
}

/** Takes some milliseconds. */
export function createBokehTables(): BokehTables {
  return {
    toLinear: createSrgbTables().toLinear,
    brightness: createBrightnessTable(),
    weights: createWeightTable(),
    fronts: createFrontTable(),
    encoded: createEncoder(),
  };
}
