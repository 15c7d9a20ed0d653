import { createMatte, type Matte, type Picture, toTensor } from '@focal/core';
import type { RunOptions, Session } from '../ports.ts';
import { takeFloats } from './outputs.ts';

/** Width and height of what IS-Net sees and gives. */
export const MATTE_SIDE = 1024;
const SIDE = MATTE_SIDE;

/**
 * The subject of a picture, whatever it is, by IS-Net (Qin et al. 2022, "Highly accurate dichotomous image
 * segmentation"): 1024×1024 whatever the picture's shape, since the model sees it stretched to a square.
 * Some 2 s on two cores. The session stays the caller's.
 */
export async function runMatte(session: Session, picture: Picture, options: RunOptions = {}): Promise<Matte> {
  const { data } = toTensor(picture, SIDE, SIDE, {
    fit: 'stretch',
    layout: 'nchw',
    mean: [128, 128, 128],
    scale: [1 / 256, 1 / 256, 1 / 256],
  });
  const outputs = await session.run(
    { input: { type: 'float32', data, dims: [1, 3, SIDE, SIDE] } },
    { ...options, outputs: ['output'] },
  );
  return createMatte(SIDE, SIDE, { data: toBytes(takeFloats(outputs, 'output', SIDE * SIDE)) });
}

/** Shares 0..1 as bytes, rounded, clamped. */
export function toBytes(shares: Float32Array): Uint8Array {
  const bytes = new Uint8Array(shares.length);
  for (let i = 0; i < shares.length; i++) {
    const value = shares[i] as number;
    bytes[i] = value <= 0 ? 0 : value >= 1 ? 255 : (value * 255 + 0.5) | 0;
  }
  return bytes;
}
