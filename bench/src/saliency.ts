import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Box, boxIou, type Matte, type Picture, resizeMatte, type Scene, toTensor } from '@focal/core';
import {
  createAnalyser,
  findDetectorEvidence,
  getModel,
  logitsOf,
  type ModelEntry,
  prune,
  type Runtime,
  readOnnx,
  type Session,
  saliencyKey,
  toRunnableOnnx,
  toSaliencyFact,
  toSaliencyOnnx,
} from '@focal/models';
import { createNodeModelStore, createOrtRuntime } from '@focal/node';
import { differentiateInTfjs, openTfjs, registerTfjsGradients } from '@focal/testing/tfjs';
import { atMost, type Bench, type BenchResult, median, timeRuns } from './bench.ts';
import { readMaskedPhotos } from './eval-sets.ts';
import { defaultCacheFolder } from './inputs.ts';
import { mean } from './metrics.ts';
import { readMask, readPhoto } from './photos.ts';

const CLASSIFIER_FILE = 'mobilenet_v2_1.0_224_quant.tflite';
/** Photos that the figures on main subjects are of: each takes the matte's two seconds. */
const PHOTOS = 30;

const ROWS = {
  detector: 'guided map against automatic differentiation, centernet',
  classifier: 'guided map against automatic differentiation, mobilenet-v2',
  alone: 'detector alone',
  evidence: 'detector with its map',
  pointing: 'pointing game, ecssd300 odd',
  box: 'main subject against truth, ecssd300 odd',
} as const;

/** How right, how fast and how telling the maps are that say why a picture's main subject is what it is. */
export const saliencyBench: Bench = {
  name: 'saliency',
  title: 'Saliency: gradients against a reference, cost, and where they point',
  rows: Object.values(ROWS),
  needsData: true,
  async run(context) {
    const data = context.data ?? '';
    const store = createNodeModelStore({ cacheFolder: join(defaultCacheFolder(), 'models') });
    const runtime = await createOrtRuntime({ device: 'cpu' });
    try {
      const entry = getModel('centernet');
      const onnx = toRunnableOnnx(entry, await store.read(entry.id));
      const session = await runtime.load(
        await store.derived(saliencyKey(entry), async () => toSaliencyOnnx(entry, onnx)),
      );
      const alone = await runtime.load(onnx);
      const [input] = await context.inputs.photos2mp(1);
      const photo = await readPhoto(input?.path ?? '');
      await openTfjs();
      await registerTfjsGradients();
      const results: BenchResult[] = [
        atMost(ROWS.detector, await gradientError(session, entry, onnx, photo), 1e-3, 'ratio'),
      ];
      const classifier = [join(data, 'models'), join(data, '..', 'models')]
        .map((folder) => join(folder, CLASSIFIER_FILE))
        .find((path) => existsSync(path));
      if (classifier !== undefined) {
        results.push(atMost(ROWS.classifier, await classifierError(runtime, classifier, photo), 1e-3, 'ratio'));
      }
      const feed = tensorOf(entry, photo);
      const outputs = ['tower_0/keypoints'];
      const aloneMs = median(await timeRuns(() => alone.run({ [entry.input.name]: feed }, { outputs }), { runs: 9 }));
      const evidenceMs = median(await timeRuns(() => findDetectorEvidence(session, photo), { runs: 9 }));
      results.push({ name: ROWS.alone, value: aloneMs, unit: 'ms' });
      results.push({
        name: ROWS.evidence,
        value: evidenceMs,
        unit: 'ms',
        note: 'a photo of 2 MP, resizing and smoothing too',
      });
      const photos = (await readMaskedPhotos(join(data, 'ecssd300'))).filter(({ index }) => index % 2 === 1);
      const analyser = createAnalyser({ runtime, store });
      const [hits, overlaps]: [number[], number[]] = [[], []];
      for (const { image, mask } of photos.slice(0, PHOTOS)) {
        const [picture, truth] = [await readPhoto(image), await readMask(mask)];
        const evidence = await findDetectorEvidence(session, picture);
        if (evidence.classes.length > 0) hits.push(isHit(evidence.map, truth) ? 1 : 0);
        const scene: Scene = await analyser.analyse(picture, ['matte']);
        overlaps.push(boxIou(toSaliencyFact(evidence, scene, { models: [] }).box, boxOf(truth)));
      }
      await analyser.close();
      const note = `${hits.length} of ${overlaps.length} photos hold something that the detector knows`;
      results.push({ name: ROWS.pointing, value: mean(hits), unit: 'share', note });
      results.push({ name: ROWS.box, value: mean(overlaps), unit: 'IoU', note: 'of boxes, with the matte' });
      return results;
    } finally {
      await runtime.close();
    }
  },
};

async function classifierError(runtime: Runtime, path: string, photo: Picture): Promise<number> {
  const entry = getModel('mobilenet-v2');
  const onnx = toRunnableOnnx(entry, new Uint8Array(await readFile(path)));
  return gradientError(await runtime.load(toSaliencyOnnx(entry, onnx)), entry, onnx, photo);
}

/** The largest difference from the reference's gradient, of the reference's largest number. */
async function gradientError(session: Session, entry: ModelEntry, onnx: Uint8Array, photo: Picture): Promise<number> {
  const input = tensorOf(entry, photo);
  const { gradient, top } = await session.run({ [entry.input.name]: input }, { outputs: ['gradient', 'top'] });
  const [scores = ''] = session.outputNames;
  const model = prune(readOnnx(onnx), [scores]);
  const dims = entry.task === 'classify' ? [1, 1001] : [1, 80, 128, 128];
  const seed = { dims, data: new Float32Array(dims.reduce((product, size) => product * size, 1)) };
  seed.data[Number(top?.data[0])] = 1;
  const of = logitsOf(model, scores);
  const expected = differentiateInTfjs(model, { of, rule: 'guided', input, seed }).data;
  let [largest, difference] = [0, 0];
  for (const [i, value] of expected.entries()) {
    largest = Math.max(largest, Math.abs(value));
    difference = Math.max(difference, Math.abs(value - Number(gradient?.data[i] ?? Number.NaN)));
  }
  return largest > 0 ? difference / largest : Number.NaN;
}

function tensorOf({ input: { dims, range } }: ModelEntry, photo: Picture) {
  const [, height, width] = dims;
  const [black, white] = range;
  const scale = (white - black) / 255;
  const mean = -black / scale;
  const { data } = toTensor(photo, width, height, {
    fit: 'stretch',
    layout: 'nhwc',
    mean: [mean, mean, mean],
    scale: [scale, scale, scale],
  });
  return { type: 'float32' as const, data, dims };
}

/** Whether the map's strongest point lies in the truth. */
function isHit(map: Matte, truth: Matte): boolean {
  const { data } = resizeMatte(truth, map.width, map.height);
  return (data[map.data.indexOf(255)] as number) >= 128;
}

function boxOf({ width, height, data }: Matte): Box {
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (const [i, value] of data.entries()) {
    if (value < 128) continue;
    const [x, y] = [i % width, Math.floor(i / width)];
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x + 1);
    bottom = Math.max(bottom, y + 1);
  }
  return { x: left / width, y: top / height, width: (right - left) / width, height: (bottom - top) / height };
}
