import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { toTensor } from '@focal/core';
import { derivedKey, getModel, toRunnableOnnx } from '@focal/models';
import { createNodeModelStore, createOrtRuntime } from '@focal/node';
import { openLiteRt } from '@focal/testing';
import { atLeast, type BenchContext, type BenchResult } from './bench.ts';
import { defaultCacheFolder } from './inputs.ts';
import { readPhoto } from './photos.ts';

export const QUANTISED_ROW = 'mobilenet-v2: top class as by the quantised model itself';
const PHOTOS = 50;
const GOAL = 0.9;

/**
 * A quantised model is imported as the real numbers that it stands for: how often its first answer is that of LiteRT,
 * which runs it in 8 bits. The same bytes go into both. Nothing where model or photos are missing, and says so.
 */
export async function measureQuantised(context: BenchContext): Promise<readonly BenchResult[]> {
  const { data, models, log } = context;
  const entry = getModel('mobilenet-v2');
  const store = createNodeModelStore({
    cacheFolder: join(defaultCacheFolder(), 'models'),
    ...(models === undefined ? {} : { modelsFolder: models }),
  });
  if (data === undefined || !(await store.has(entry.id))) {
    log(`import: "${QUANTISED_ROW}" left out: it needs --data DIR and --models DIR with mobilenet-v2.`);
    return [];
  }
  const folder = join(data, 'coco_val128', 'images');
  const names = (await readdir(folder)).filter((name) => name.endsWith('.jpg')).sort();
  const photos = names.slice(0, PHOTOS);
  const tflite = await store.read(entry.id);
  const runtime = await createOrtRuntime({ device: 'cpu' });
  const session = await runtime.load(await store.derived(derivedKey(entry), async () => toRunnableOnnx(entry, tflite)));
  const reference = await openLiteRt();
  let same = 0;
  try {
    const [, side] = entry.input.dims;
    const [black, white] = entry.input.range;
    for (const name of photos) {
      const picture = await readPhoto(join(folder, name));
      const options = { fit: 'stretch', layout: 'nhwc', scale: [1, 1, 1] } as const;
      const bytes = Uint8Array.from(toTensor(picture, side, side, options).data, Math.round);
      const floats = Float32Array.from(bytes, (byte) => black + ((white - black) * byte) / 255);
      const dims = [...entry.input.dims];
      const outputs = await session.run({ [entry.input.name]: { type: 'float32', data: floats, dims } });
      const [ours] = Object.values(outputs);
      const [theirs] = await reference.run(tflite, { data: bytes, dims });
      if (ours?.type !== 'float32' || theirs === undefined) throw new Error('A model gave no floats.');
      if (indexOfMax(ours.data) === indexOfMax(theirs.data)) same++;
    }
  } finally {
    await reference.close();
    await runtime.close();
  }
  return [atLeast(QUANTISED_ROW, same / photos.length, GOAL, 'share', `${photos.length} photos`)];
}

function indexOfMax(values: Float32Array): number {
  return values.reduce((best, value, index) => (value > (values[best] as number) ? index : best), 0);
}
