import { createRequire } from 'node:module';
import { createPicture, type Matte, type Picture, type Scene } from '@focal/core';
import {
  findDetectorEvidence,
  getModel,
  type Runtime,
  type Session,
  toRunnableOnnx,
  toSaliencyFact,
  toSaliencyOnnx,
} from '@focal/models';
import { createOrtRuntime } from '@focal/node';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readBundledModel } from './bundled-model.ts';

const PHOTOS = createRequire(import.meta.url)
  .resolve('@vladmandic/face-api/package.json')
  .replace('package.json', 'demo/');

let runtime: Runtime;
let session: Session;

beforeAll(async () => {
  const entry = getModel('centernet');
  runtime = await createOrtRuntime({ device: 'cpu' });
  session = await runtime.load(toSaliencyOnnx(entry, toRunnableOnnx(entry, await readBundledModel(entry))));
});

afterAll(async () => {
  await session.close();
  await runtime.close();
});

describe('evidence from the detector', () => {
  it('lights up the person in a photo, on whichever side', async () => {
    const person = await sharp(`${PHOTOS}sample6.jpg`).resize(300, 400, { fit: 'cover' }).toBuffer();
    for (const left of [20, 480]) {
      const picture = await paste(person, left);
      const { map, classes, vocabulary } = await findDetectorEvidence(session, picture);
      expect(vocabulary).toBe('coco');
      expect(classes[0]?.label).toBe('person');
      expect(map.width / map.height).toBeCloseTo(2, 1);
      expect(Math.max(...map.data)).toBe(255);
      expect(evidenceBetween(map, left / 800, (left + 300) / 800)).toBeGreaterThan(0.8);
    }
  });

  it('is none where nothing is recognised, and the saliency says so', async () => {
    const picture = createPicture(64, 48, { data: new Uint8Array(64 * 48 * 4).fill(255) });
    const evidence = await findDetectorEvidence(session, picture);
    expect(evidence.classes).toEqual([]);
    expect(evidence.map.data.every((value) => value === 0)).toBe(true);
    const scene: Scene = { version: 1, width: 64, height: 48, facts: ['saliency'] };
    const fact = toSaliencyFact(evidence, scene, { models: ['centernet'] });
    expect(fact).toMatchObject({ basis: 'centre', confidence: 0, box: { x: 0, y: 0, width: 1, height: 1 } });
  });

  it('is given for pictures of one pixel', async () => {
    const { map } = await findDetectorEvidence(session, createPicture(1, 1));
    expect(map.data).toHaveLength(map.width * map.height);
  });
});

/** A photo on a plain ground of 800 × 400. */
async function paste(photo: Buffer, left: number): Promise<Picture> {
  const ground = sharp({ create: { width: 800, height: 400, channels: 4, background: '#8a9aa0' } });
  return createPicture(800, 400, {
    data: await ground
      .composite([{ input: photo, left, top: 0 }])
      .raw()
      .toBuffer(),
  });
}

/** Share of the map's evidence between two columns, in fractions of the width. */
function evidenceBetween({ width, data }: Matte, left: number, right: number): number {
  let [inside, total] = [0, 0];
  for (const [i, value] of data.entries()) {
    const x = ((i % width) + 0.5) / width;
    total += value;
    if (x >= left && x <= right) inside += value;
  }
  return inside / total;
}
