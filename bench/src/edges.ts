import { join } from 'node:path';
import {
  allocateLocal,
  createMatte,
  createPicture,
  type Matte,
  type Picture,
  planCut,
  resizeMatte,
  runPlan,
} from '@focal/core';
import sharp from 'sharp';
import { atMost, type Bench, type BenchContext, type BenchResult } from './bench.ts';
import { writeWorstCrop } from './edge-crops.ts';
import { drawEdgeScene, type EdgeScene } from './edge-scenes.ts';
import { readMask, readPhoto } from './photos.ts';

const SCENES = 12;
// At least 30 % lower.
const GOAL = 0.7;

/** How well edges come back at full size: alpha beside bicubic upsampling, colours beside the photo's own. */
export const edgesBench: Bench = {
  name: 'edges',
  title: 'full-size edges from a small matte, on drawn composites of known alpha and colour',
  rows: [
    'edges: SAD / bicubic',
    'edges: SAD / bicubic, worst scene',
    'edges: colour error / own colours',
    'edges: colour error / own colours, worst scene',
    'edges: lemur SAD / bicubic',
    'edges: lemur colour error / own colours',
  ],
  run: runEdges,
};

/** Sums over the pixels of true alpha above 0 and below 1. */
interface EdgeErrors {
  readonly sad: number;
  readonly bicubicSad: number;
  /** Mean difference of R, G, B in byte values, weighted by true alpha. */
  readonly color: number;
  readonly ownColor: number;
}

async function runEdges(context: BenchContext): Promise<readonly BenchResult[]> {
  const scenes: EdgeErrors[] = [];
  let crop = '';
  for (let index = 0; index < SCENES; index++) {
    const scene = await drawEdgeScene(context.inputs.samples, index);
    const picture = createPicture(scene.width, scene.height, { data: scene.picture });
    const truth = createMatte(scene.width, scene.height, { data: scene.alpha });
    const { errors, bicubic, cut } = measure(picture, truth, scene.foreground, 1024, 1024);
    context.log(describe(scene, errors));
    const worst = Math.max(0, ...scenes.map((each) => each.sad / each.bicubicSad));
    if (errors.sad / errors.bicubicSad > worst) crop = await writeWorstCrop('edges', { picture, truth, bicubic, cut });
    scenes.push(errors);
  }
  context.log(`  the worst strands, to be looked at: ${crop}`);
  const sads = scenes.map((each) => each.sad / each.bicubicSad);
  const colors = scenes.map((each) => each.color / each.ownColor);
  const results = [
    atMost('edges: SAD / bicubic', mean(sads), GOAL, 'ratio'),
    atMost('edges: SAD / bicubic, worst scene', Math.max(...sads), GOAL, 'ratio'),
    atMost('edges: colour error / own colours', mean(colors), GOAL, 'ratio'),
    atMost('edges: colour error / own colours, worst scene', Math.max(...colors), GOAL, 'ratio'),
  ];
  if (context.data === undefined) {
    context.log('  the lemur is left out: it needs --data DIR');
    return results;
  }
  const lemur = await measureLemur(join(context.data, 'matting_pairs', 'lemur'));
  return [
    ...results,
    atMost('edges: lemur SAD / bicubic', lemur.sad / lemur.bicubicSad, GOAL, 'ratio'),
    atMost('edges: lemur colour error / own colours', lemur.color / lemur.ownColor, GOAL, 'ratio'),
  ];
}

async function measureLemur(folder: string): Promise<EdgeErrors> {
  const picture = await readPhoto(join(folder, 'image.png'));
  const truth = await readMask(join(folder, 'alpha.png'));
  const foreground = await sharp(join(folder, 'foreground.png')).removeAlpha().raw().toBuffer();
  return measure(picture, truth, foreground, 170, 110).errors;
}

/** Reduces the true alpha to the given size by area and 8 bit, and compares what comes back with the truth. */
function measure(
  picture: Picture,
  truth: Matte,
  foreground: Uint8Array,
  width: number,
  height: number,
): { errors: EdgeErrors; bicubic: Matte; cut: Picture } {
  const small = resizeMatte(truth, width, height, { filter: 'area' });
  const bicubic = resizeMatte(small, truth.width, truth.height, { filter: 'bicubic' });
  const cut = runPlan(planCut(picture, small, allocateLocal));
  let sad = 0;
  let bicubicSad = 0;
  let color = 0;
  let ownColor = 0;
  let weights = 0;
  for (const [i, alpha] of truth.data.entries()) {
    if (alpha === 0 || alpha === 255) continue;
    const found = cut.data[i * 4 + 3] as number;
    sad += Math.abs(found - alpha) / 255;
    bicubicSad += Math.abs((bicubic.data[i] as number) - alpha) / 255;
    weights += alpha;
    for (let c = 0; c < 3; c++) {
      const own = picture.data[i * 4 + c] as number;
      const wanted = foreground[i * 3 + c] as number;
      // A cut has no colour where it found no subject: there it is no better than the photo.
      const estimated = found === 0 ? own : (cut.data[i * 4 + c] as number);
      color += (alpha * Math.abs(estimated - wanted)) / 3;
      ownColor += (alpha * Math.abs(own - wanted)) / 3;
    }
  }
  return { errors: { sad, bicubicSad, color: color / weights, ownColor: ownColor / weights }, bicubic, cut };
}

function describe(scene: EdgeScene, { sad, bicubicSad, color, ownColor }: EdgeErrors): string {
  const size = `${scene.width}×${scene.height}`;
  return `  ${scene.name} ${size} sha256 ${scene.sha256.slice(0, 12)}: SAD ${sad.toFixed(0)} / ${bicubicSad.toFixed(0)} = ${(sad / bicubicSad).toFixed(3)}, colour ${color.toFixed(2)} / ${ownColor.toFixed(2)} = ${(color / ownColor).toFixed(3)}`;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
