import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sceneSchema } from '@focal/core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ended, runFocal, samplePhoto } from './fixtures/run-focal.ts';

const SLOW = 120_000;

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'focal-main-subject-'));
  await sharp(samplePhoto(1)).resize(640).jpeg().toFile(join(folder, 'photo.jpg'));
  await sharp({ create: { width: 64, height: 48, channels: 3, background: '#204060' } })
    .png()
    .toFile(join(folder, 'blue.png'));
  await writeFile(join(folder, 'bad.jpg'), 'text');
  // Builds what is out of date, and says so: no part of what is tested.
  await run(['--version']);
}, SLOW);
afterAll(() => rm(folder, { recursive: true, force: true }));

async function run(
  args: readonly string[],
  input?: Uint8Array,
): Promise<Ended & { readonly text: string; json(): Record<string, unknown> }> {
  const env = { FOCAL_HOME: join(folder, 'home') };
  const ended = await runFocal(args, { folder, env, ...(input === undefined ? {} : { input }) });
  const text = ended.stdout.toString();
  return { ...ended, text, json: () => JSON.parse(text.split('\n')[0] ?? '') as Record<string, unknown> };
}

async function sizeOf(name: string): Promise<string> {
  const { format, width, height } = await sharp(join(folder, name)).metadata();
  return `${format} ${width}x${height}`;
}

describe('focal saliency', () => {
  it('says what a photo is about, and draws why in its size', { timeout: SLOW }, async () => {
    const { code, text, stderr } = await run(['saliency', 'photo.jpg']);
    expect([code, stderr]).toEqual([0, '']);
    expect(text).toMatch(/^photo\.jpg {2}.*class person \(\d+ %\), look at \d+ %, \d+ %, confidence \d+ %\n/);
    expect(text).toContain('→ photo-saliency.png\n');
    expect(await sizeOf('photo-saliency.png')).toBe('png 640x427');
    const { channels } = await sharp(join(folder, 'photo-saliency.png')).stats();
    expect([channels.length, (channels[0]?.max ?? 0) > 200, (channels[0]?.min ?? 255) < 30]).toEqual([1, true, true]);
  });

  it('says in plain words where nothing stands out', { timeout: SLOW }, async () => {
    const { code, text } = await run(['saliency', 'blue.png']);
    expect(code).toBe(0);
    expect(text).toMatch(/^blue\.png {2}no main subject, no class recognised, look at 50 %, 50 %, confidence 0 %\n/);
    expect(text).toContain('a guess: nothing stands out, so this is the middle of the photo');
  });

  it('lays heat over the photo, and tells the saliency as JSON', { timeout: SLOW }, async () => {
    const ended = await run(['saliency', 'photo.jpg', '--heat', '-o', 'out/', '--json']);
    expect(ended.code).toBe(0);
    const { output, saliency, width } = ended.json();
    expect([output, width]).toEqual([join(folder, 'out', 'photo.jpg'), 640]);
    expect(sceneSchema.shape.saliency.unwrap().parse(saliency).map.packbits).toBeUndefined();
    expect(await sizeOf('out/photo.jpg')).toBe('jpeg 640x427');
  });
});

describe('focal crop', () => {
  it('keeps of the metadata what it is told to, and nothing by default', { timeout: SLOW }, async () => {
    const exif = {
      IFD0: { Make: 'Canon', Artist: 'Ada' },
      IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '47/1 22/1 0/1' },
    };
    await sharp(samplePhoto(1)).resize(640).withExif(exif).jpeg().toFile(join(folder, 'told.jpg'));
    const keptBy = async (command: string, ...args: readonly string[]): Promise<readonly boolean[]> => {
      const ended = await run([command, 'told.jpg', '-o', 'kept.jpg', '--force', ...args]);
      expect(ended.code).toBe(0);
      const bytes = await readFile(join(folder, 'kept.jpg'));
      return ['Canon', 'Ada', '\x00\x00\x00\x2f\x00\x00\x00\x01'].map((text) =>
        bytes.includes(Buffer.from(text, 'latin1')),
      );
    };
    expect(await keptBy('crop', '--aspect', '1:1')).toEqual([false, false, false]);
    expect(await keptBy('crop', '--aspect', '1:1', '--metadata', 'no-location')).toEqual([true, true, false]);
    expect(await keptBy('crop', '--aspect', '1:1', '--metadata', 'all')).toEqual([true, true, true]);
    expect(await keptBy('pick', '--at', '0.5,0.5', '--metadata', 'no-location')).toEqual([true, true, false]);
    expect(await keptBy('pick', '--at', '0.5,0.5', '--metadata', 'all', '--mask-only')).toEqual([false, false, false]);
  });

  it('makes a file for each shape, tells where it lies, and leaves the rest alone', { timeout: SLOW }, async () => {
    const before = await readFile(join(folder, 'photo.jpg'));
    const ended = await run(['crop', 'photo.jpg', '--aspect', '1:1,16:9,1.91', '--json']);
    expect(ended.code).toBe(0);
    const crops = ended.json().crops as { aspect: string; output: string; box: object; pixels: object }[];
    expect(crops.map(({ aspect, output }) => [aspect, output.slice(folder.length + 1)])).toEqual([
      ['1:1', 'photo-1x1.jpg'],
      ['16:9', 'photo-16x9.jpg'],
      ['1.91', 'photo-1.91.jpg'],
    ]);
    expect(crops[1]).toMatchObject({ box: { x: 0, width: 1 }, pixels: { x: 0, width: 640, height: 360 } });
    expect(await sizeOf('photo-16x9.jpg')).toBe('jpeg 640x360');
    expect(await sizeOf('photo-1x1.jpg')).toMatch(/^jpeg (\d+)x\1$/);
    expect(await readFile(join(folder, 'photo.jpg'))).toEqual(before);

    const again = await run(['crop', 'photo.jpg', '--aspect', '1:1']);
    expect([again.code, again.stderr]).toEqual([6, expect.stringContaining('exists already')]);
    expect((await run(['crop', 'photo.jpg', '--aspect', '1:1', '--force'])).text).toBe(
      `${join(folder, 'photo-1x1.jpg')}\n`,
    );
  });

  it('goes on after a bad photo, and names files by pattern', { timeout: SLOW }, async () => {
    const args = ['bad.jpg', 'photo.jpg', '--aspect', '1:1,4:5', '-o', 'set/{aspect}/{name}.{ext}', '--format', 'webp'];
    const { code, stderr } = await run(['crop', ...args]);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^bad\.jpg: [\s\S]*1 of 2 done, 1 failed\.\n$/)]);
    expect(await readdir(join(folder, 'set', '1x1'))).toEqual(['photo.webp']);
    expect(await sizeOf('set/4x5/photo.webp')).toMatch(/^webp/);
  });

  it('reads and writes pipes', { timeout: SLOW }, async () => {
    const { code, stdout } = await run(['crop', '-', '--aspect', '1:1'], await readFile(join(folder, 'photo.jpg')));
    const { width, height, format } = await sharp(stdout).metadata();
    expect([code, format, width]).toEqual([0, 'jpeg', height]);
  });

  it('refuses wrong uses before any work', { timeout: SLOW }, async () => {
    await mkdir(join(folder, 'empty'), { recursive: true });
    for (const [args, message] of [
      [['photo.jpg'], "required option '--aspect <list>' not specified"],
      [['photo.jpg', '--aspect', 'wide'], 'Expected an aspect ratio such as 16:9 or 1.91, got "wide"'],
      [['photo.jpg', '--aspect', '1:1,1:1'], 'came twice'],
      [['photo.jpg', '--aspect', '1:1,2:1', '-o', 'one.jpg'], 'Several pictures cannot all become one.jpg'],
      [['photo.jpg', '--aspect', '1:1,2:1', '-o', '{name}-a.jpg'], 'Several results of photo.jpg'],
      [['-', '--aspect', '1:1,2:1'], 'Several pictures cannot go to standard output'],
      [['photo.jpg', '--aspect', '1:1', '-o', 'photo.jpg', '--force'], 'over the original'],
      [['blue.png', '--aspect', '1:1', '--quality', '50'], '--quality goes with lossy formats'],
    ] as const) {
      const { code, stderr, text } = await run(['crop', ...args]);
      expect([code, stderr, text]).toEqual([2, expect.stringContaining(message), '']);
    }
  });
});
