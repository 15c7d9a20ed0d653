import { createMatte, createPicture, FocalError, type Picture, resizeMatte, toTensor } from '@focal/core';
import type { ModelEntry } from '../catalogue/index.ts';
import type { Session, Tensor } from '../ports.ts';
import { toBytes } from '../tasks/matte.ts';
import { takeFloats } from '../tasks/outputs.ts';
import type { OwnModelFit } from './own-model.ts';

/**
 * A session of a user's own model that is fed, and answers, as the model `entry` in whose place it runs: size, layout
 * and range are turned on the way in, the size of the alpha on the way out. Closing it closes `session`.
 */
export function adaptSession(session: Session, { input, output }: OwnModelFit, entry: ModelEntry): Session {
  const name = entry.outputs?.[0] ?? 'alpha';
  return {
    inputNames: [entry.input.name],
    outputNames: [name],
    device: session.device,
    async run(feeds, options = {}) {
      const feed = feeds[entry.input.name];
      if (feed === undefined) throw new FocalError('invalid-argument', `Expected the input ${entry.input.name}.`);
      const { width, height, layout, range } = input;
      const [black, white] = range;
      const scale = (white - black) / 255;
      const mean = -black / scale;
      const { data } = toTensor(toPicture(feed, entry), width, height, {
        fit: 'stretch',
        layout,
        mean: [mean, mean, mean],
        scale: [scale, scale, scale],
      });
      const dims = layout === 'nchw' ? [1, 3, height, width] : [1, height, width, 3];
      const outputs = await session.run(
        { [input.name]: { type: 'float32', data, dims } },
        { ...options, outputs: [output.name] },
      );
      const alpha = takeFloats(outputs, output.name, output.width * output.height);
      const [side, across] = sizeOf(entry);
      return {
        [name]: { type: 'float32', data: resizeAlpha(alpha, output, across, side), dims: [1, 1, side, across] },
      };
    },
    close: () => session.close(),
  };
}

/** The 8-bit picture that a task has made a model's input from. */
function toPicture(feed: Tensor, { input }: ModelEntry): Picture {
  const [height, width] = sizeOf({ input });
  const plane = width * height;
  if (feed.type !== 'float32' || feed.data.length !== plane * 3) {
    throw new FocalError('invalid-argument', `Expected ${plane * 3} floats for the input ${input.name}.`);
  }
  const [black, white] = input.range;
  const scale = 255 / (white - black);
  const [step, stride] = input.layout === 'nchw' ? [1, plane] : [3, 1];
  const { data } = feed;
  const picture = createPicture(width, height);
  for (let i = 0; i < plane; i++) {
    for (let channel = 0; channel < 3; channel++) {
      picture.data[i * 4 + channel] = ((data[i * step + channel * stride] as number) - black) * scale + 0.5;
    }
    picture.data[i * 4 + 3] = 255;
  }
  return picture;
}

function resizeAlpha(
  alpha: Float32Array,
  { width, height }: OwnModelFit['output'],
  toWidth: number,
  toHeight: number,
): Float32Array {
  if (width === toWidth && height === toHeight) return alpha;
  const { data } = resizeMatte(createMatte(width, height, { data: toBytes(alpha) }), toWidth, toHeight);
  const floats = new Float32Array(data.length);
  for (let i = 0; i < floats.length; i++) floats[i] = (data[i] as number) / 255;
  return floats;
}

function sizeOf({ input: { layout, dims } }: Pick<ModelEntry, 'input'>): readonly [height: number, width: number] {
  return layout === 'nchw' ? [dims[2], dims[3]] : [dims[1], dims[2]];
}
