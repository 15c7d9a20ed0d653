import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createPicture, createRecipe, type Picture, type ResolvedStep, resolveRecipe, type Scene } from '@focal/core';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reportAnonymised } from './anonymise-report.ts';
import { createEngine, type Engine } from './engine.ts';
import { analyseStep, renderStep } from './steps.ts';

const PHOTOS = join(dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json')), 'demo');

let home = '';
let engine: Engine;
/** Four people side by side, and what is known of them. */
let original: Picture;
let scene: Scene;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'focal-report-'));
  engine = createEngine({ home, device: 'cpu', withoutModels: ['isnet-medium'] });
  original = await toPicture(sharp(join(PHOTOS, 'sample6.jpg')).resize(900));
  ({ scene } = await analyseStep(engine, original, ['faces', 'possible-faces'], {}));
});
afterAll(async () => {
  await engine.close();
  await rm(home, { recursive: true, force: true });
});

async function toPicture(image: Sharp): Promise<Picture> {
  const { data, info } = await image.ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return createPicture(info.width, info.height, { data });
}

async function blur({ data, width, height }: Picture, sigma: number): Promise<Picture> {
  return toPicture(sharp(data, { raw: { width, height, channels: 4 } }).blur(sigma));
}

function toStep(params: Readonly<Record<string, unknown>>): ResolvedStep {
  const [step] = resolveRecipe(createRecipe([{ effect: 'anonymize', params }]), original, scene).steps;
  if (step === undefined) throw new Error('Expected a step.');
  return step;
}

describe('the report on an anonymised picture', () => {
  it('finds nothing left of faces, whatever covers them', async () => {
    expect(scene.faces?.faces).toHaveLength(4);
    for (const style of ['blur', 'mosaic', 'solid']) {
      const step = toStep({ style });
      const result = await renderStep(engine, original, scene, [step], {}, {});
      const report = await reportAnonymised(engine, { original, result, scene, step }, {});
      expect(report).toMatchObject({ verdict: 'safe', careful: true });
      expect(report.entries.filter(({ id }) => id.startsWith('face-'))).toHaveLength(4);
      for (const { similarity = 0 } of report.entries) expect(similarity).toBeLessThan(0.4);
    }
  });

  it('flags a weak blur of every face', async () => {
    const size = Math.max(...(scene.faces?.faces ?? []).map(({ box }) => box.height * original.height));
    const result = await blur(original, 0.04 * size);
    const report = await reportAnonymised(engine, { original, result, scene, step: toStep({}) }, {});
    expect(report.verdict).toBe('failed');
    const faces = report.entries.filter(({ id }) => id.startsWith('face-'));
    expect(faces.map(({ verdict }) => verdict)).toEqual(['failed', 'failed', 'failed', 'failed']);
  });

  it('says which face is still seen where nothing was hidden, unless it was left out on purpose', async () => {
    const [first, ...others] = scene.faces?.faces ?? [];
    if (first === undefined || scene.faces === undefined) throw new Error('Expected faces.');
    const all = toStep({ fast: true });
    const step = { ...all, selection: { ...all.selection, faces: others } };
    const result = await renderStep(engine, original, scene, [step], {}, {});
    const onPurpose = await reportAnonymised(engine, { original, result, scene, step }, {});
    expect(onPurpose.entries).toHaveLength(3);
    expect(onPurpose.verdict).toBe('safe');
    expect(onPurpose.warnings).toEqual([expect.stringContaining('fast')]);
    const unaware = { ...scene, faces: { ...scene.faces, faces: others } };
    const missed = await reportAnonymised(engine, { original, result, scene: unaware, step }, {});
    expect(missed.verdict).toBe('doubtful');
    expect(missed.warnings).toContain('A face is still seen where nothing was hidden.');
  });

  it('does not take a neighbour who was left out on purpose for the one who was hidden', async () => {
    const all = toStep({ fast: true, style: 'mosaic' });
    for (const face of scene.faces?.faces ?? []) {
      const step = { ...all, selection: { ...all.selection, faces: [face] } };
      const result = await renderStep(engine, original, scene, [step], {}, {});
      const report = await reportAnonymised(engine, { original, result, scene, step }, {});
      expect(report.entries).toMatchObject([{ id: face.id, found: false, verdict: 'safe' }]);
    }
  });

  it('refuses a result of another size', async () => {
    const result = createPicture(10, 10);
    await expect(reportAnonymised(engine, { original, result, scene, step: toStep({}) }, {})).rejects.toMatchObject({
      code: 'invalid-argument',
    });
  });
});
