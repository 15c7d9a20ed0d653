import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { alphaAt, createPicture } from '@focal/core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFocal } from './create-focal.ts';
import type { Focal } from './types.ts';

const PHOTOS = join(dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json')), 'demo');

let folder = '';
let focal: Focal;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'focal-pick-'));
  focal = await createFocal({ home: folder, device: 'cpu', withoutModels: ['isnet-medium'] });
});
afterAll(async () => {
  await focal.close();
  await rm(folder, { recursive: true, force: true });
});

describe('focal.pickFile', () => {
  it('gives the person at a point, and the scene in which only that person is the subject', async () => {
    const photo = await sharp(join(PHOTOS, 'sample1.jpg')).resize(480).jpeg().toBuffer();
    const point = { x: 0.8, y: 0.49 };
    const { pick, picked, scene, picture, recalled } = await focal.pickFile(photo, point);
    const people = (scene.subjects?.subjects ?? []).filter(({ kind }) => kind === 'person');
    expect(people).toHaveLength(3);
    const [right] = people.filter(({ matte }) => alphaAt(matte, point) >= 128);
    expect(pick).toMatchObject({ basis: 'subject', subjectId: right?.id, box: right?.box });
    expect([picture.width, recalled]).toEqual([480, []]);

    const cut = await focal.render(picture, picked, 'cutout');
    const alpha = (x: number, y: number) =>
      cut.data[4 * (Math.floor(y * cut.height) * cut.width + Math.floor(x * cut.width)) + 3];
    expect(alpha(point.x, point.y)).toBeGreaterThan(240);
    for (const { anchor } of people.filter(({ id }) => id !== right?.id)) {
      expect(alpha(anchor.x, anchor.y)).toBeLessThan(16);
    }

    // The anchor of the pick gives it again, out of the scene that was kept.
    const again = await focal.pickFile(photo, pick.anchor);
    expect(again.pick).toMatchObject({ basis: 'subject', subjectId: right?.id });
    expect(again.recalled).toContain('subjects');
  });

  it('says so where nothing stands out, and refuses points outside', async () => {
    const grey = createPicture(160, 120, { data: new Uint8Array(160 * 120 * 4).fill(180) });
    const file = await focal.encode(grey);
    await expect(focal.pickFile(file, { x: 0.5, y: 0.5 })).rejects.toMatchObject({
      code: 'not-found',
      message: 'Nothing stands out from its background at 0.5, 0.5.',
    });
    const scene = await focal.analyse(grey, ['matte']);
    expect(await focal.pick(grey, scene, { x: 0.5, y: 0.5 })).toBeUndefined();
    for (const point of [
      { x: 1.2, y: 0.5 },
      { x: 0.5, y: Number.NaN },
    ]) {
      await expect(focal.pick(grey, scene, point)).rejects.toMatchObject({ code: 'invalid-argument' });
      await expect(focal.pickFile(file, point)).rejects.toMatchObject({ code: 'invalid-argument' });
    }
  });
});
