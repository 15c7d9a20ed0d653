import { type Box, type Picture, toTensor, warpPicture } from '@focal/core';
import type { Session, Tensor } from '@focal/models';

export interface SmileSessions {
  readonly expression: Session;
  readonly emotion: Session;
}

/** How much wider and higher than the face's box what both nets see is. */
const MARGIN = 1.2;
/** Places of `happy` among the classes. */
const EXPRESSION = { side: 112, output: 'logits', happy: 1 };
const EMOTION = { side: 64, output: 'StatefulPartitionedCall/model_1/global_average_pooling2d_1/Mean', happy: 3 };

/**
 * The logit of `happy` as both nets give it without alignment, frames and calibration of ours: its mean over the face's
 * box, 1.2 times as large, and the mirror image of that. What our own reading is measured against.
 */
export async function readPlainSmile(
  { expression, emotion }: SmileSessions,
  picture: Picture,
  box: Box,
): Promise<number> {
  let sum = 0;
  for (const mirrored of [false, true]) {
    const rgb = crop(picture, box, EXPRESSION.side, mirrored);
    const first = await expression.run({ image: toInput(rgb, EXPRESSION.side, 3) }, { outputs: [EXPRESSION.output] });
    const grey = toGrey(crop(picture, box, EMOTION.side, mirrored));
    const second = await emotion.run({ input_1: toInput(grey, EMOTION.side, 1) }, { outputs: [EMOTION.output] });
    sum += toLogit(first[EXPRESSION.output], EXPRESSION.happy) + toLogit(second[EMOTION.output], EMOTION.happy);
  }
  return sum / 4;
}

function toInput(data: Float32Array, side: number, channels: number): Tensor {
  return { type: 'float32', data, dims: [1, side, side, channels] };
}

/** RGB, 0..255, stretched to a square. */
function crop(picture: Picture, box: Box, side: number, mirrored: boolean): Float32Array {
  const width = box.width * picture.width * MARGIN;
  const height = box.height * picture.height * MARGIN;
  const left = (box.x + box.width / 2) * picture.width - width / 2;
  const y0 = (box.y + box.height / 2) * picture.height - height / 2;
  const [xx, x0] = mirrored ? [-width / side, left + width] : [width / side, left];
  const chip = warpPicture(picture, { xx, xy: 0, x0, yx: 0, yy: height / side, y0 }, side, side);
  return toTensor(chip, side, side, { fit: 'stretch', layout: 'nhwc', scale: [1, 1, 1] }).data;
}

/** Luma by BT.601, -1..1. */
function toGrey(rgb: Float32Array): Float32Array {
  const at = (i: number): number => rgb[i] as number;
  return Float32Array.from({ length: rgb.length / 3 }, (_, pixel) => {
    const i = pixel * 3;
    return (0.299 * at(i) + 0.587 * at(i + 1) + 0.114 * at(i + 2)) / 127.5 - 1;
  });
}

/** One class against all others. */
function toLogit(logits: Tensor | undefined, index: number): number {
  const values = Array.from(logits?.data ?? [], Number);
  const others = values.filter((_, i) => i !== index);
  const top = Math.max(...others);
  return (values[index] ?? Number.NaN) - top - Math.log(others.reduce((sum, value) => sum + Math.exp(value - top), 0));
}
