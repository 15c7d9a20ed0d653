import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { collect, readLines, runFocal, samplePhoto, startFocal } from './fixtures/run-focal.ts';

// The built command, started as users start it, on real photos with the real models.

// A process with a model of 88 MB for every test: slow where the machine is busy.
vi.setConfig({ testTimeout: 240_000 });

let folder: string;
const at = (...names: string[]) => join(folder, ...names);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'focal-cli-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** Mean alpha, and how much of the picture is nearly opaque and nearly clear. */
async function alphaOf(bytes: Uint8Array): Promise<{ mean: number; opaque: number; clear: number }> {
  const { data, info } = await sharp(bytes).ensureAlpha().extractChannel(3).raw().toBuffer({ resolveWithObject: true });
  const total = info.width * info.height;
  const share = (test: (value: number) => boolean) => data.filter(test).length / total;
  return {
    mean: data.reduce((sum, value) => sum + value, 0) / total / 255,
    opaque: share((value) => value > 250),
    clear: share((value) => value < 5),
  };
}

describe('focal cutout', () => {
  test('cuts the person out of a photo, beside it, as PNG of the same size', async () => {
    await copyFile(samplePhoto(1), at('photo.jpg'));
    const { code, stdout, stderr } = await runFocal(['cutout', 'photo.jpg'], { folder });
    expect({ code, stderr, stdout: stdout.toString() }).toEqual({
      code: 0,
      stderr: '',
      stdout: `${at('photo-cutout.png')}\n`,
    });
    const { width, height } = await sharp(samplePhoto(1)).metadata();
    expect(await sharp(at('photo-cutout.png')).metadata()).toMatchObject({ format: 'png', width, height });
    const alpha = await alphaOf(await readFile(at('photo-cutout.png')));
    expect(alpha.opaque).toBeGreaterThan(0.1);
    expect(alpha.clear).toBeGreaterThan(0.1);
  });

  test('goes from standard input to standard output, onto a colour, as JPEG', async () => {
    const input = await readFile(samplePhoto(2));
    const { code, stdout } = await runFocal(['cutout', '-', '--color', '#ff0000', '--format', 'jpeg'], {
      folder,
      input,
    });
    expect(code).toBe(0);
    const { data, info } = await sharp(stdout).raw().toBuffer({ resolveWithObject: true });
    expect((await sharp(stdout).metadata()).format).toBe('jpeg');
    const red = Array.from({ length: info.width * info.height }, (_, index) => index * 3).filter(
      (offset) => (data[offset] ?? 0) > 240 && (data[offset + 1] ?? 255) < 15 && (data[offset + 2] ?? 255) < 15,
    );
    expect(red.length / (info.width * info.height)).toBeGreaterThan(0.05);
    expect(await readdir(folder)).toEqual([]);
  });

  test('keeps nothing of what the photo tells about itself, but what it is told to', async () => {
    const exif = { IFD0: { Make: 'Focal' }, IFD3: { GPSLatitudeRef: 'S', GPSLatitude: '46/1 30/1 0/1' } };
    await sharp(samplePhoto(1)).resize(400).withExif(exif).jpeg().toFile(at('photo.jpg'));
    const kept: unknown[] = [];
    for (const metadata of [[], ['--metadata', 'no-location'], ['--metadata', 'all']]) {
      const { code } = await runFocal(['tone', 'photo.jpg', '--exposure', '0.5', '--force', ...metadata], { folder });
      const block = (await sharp(at('photo-tone.jpg')).metadata()).exif;
      kept.push([code, block?.includes('Focal'), block?.includes(Buffer.from([0x25, 0x88, 4, 0, 1, 0, 0, 0]))]);
    }
    expect(kept).toEqual([
      [0, undefined, undefined],
      [0, true, false],
      [0, true, true],
    ]);
    const wrong = await runFocal(['cutout', 'photo.jpg', '--metadata', 'some'], { folder });
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('none, no-location, all')]);
  });

  test('writes the mask alone, and crops to the subject', async () => {
    await copyFile(samplePhoto(3), at('a.jpg'));
    expect((await runFocal(['cutout', 'a.jpg', '--mask-only'], { folder })).code).toBe(0);
    expect((await runFocal(['cutout', '--trim', 'a.jpg', '-o', 'trimmed.png'], { folder })).code).toBe(0);
    const whole = await sharp(samplePhoto(3)).metadata();
    const mask = await sharp(at('a-mask.png')).stats();
    expect(mask.channels[0]?.max).toBeGreaterThan(250);
    expect(mask.channels[0]?.min).toBeLessThan(5);
    const trimmed = await sharp(at('trimmed.png')).metadata();
    expect((trimmed.width ?? 0) * (trimmed.height ?? 0)).toBeLessThan(whole.width * whole.height);
    expect((await alphaOf(await readFile(at('trimmed.png')))).opaque).toBeGreaterThan(0.2);
  });

  test('puts a picture behind', async () => {
    await sharp({ create: { width: 40, height: 30, channels: 3, background: '#00ff00' } })
      .png()
      .toFile(at('green.png'));
    const args = ['cutout', samplePhoto(4), '--background-picture', 'green.png', '-o', 'out.png'];
    expect((await runFocal(args, { folder })).code).toBe(0);
    const { data, info } = await sharp(at('out.png')).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    let green = 0;
    for (let offset = 0; offset < data.length; offset += 3) {
      if ((data[offset + 1] ?? 0) > 250 && (data[offset] ?? 255) < 5) green += 1;
    }
    expect(green / (info.width * info.height)).toBeGreaterThan(0.05);
  });
});

describe('focal bokeh', () => {
  test('blurs what is not the subject and keeps format and size', async () => {
    await copyFile(samplePhoto(1), at('portrait.jpg'));
    const { code } = await runFocal(['bokeh', 'portrait.jpg', '-o', 'out/', '--quality', '95'], { folder });
    expect(code).toBe(0);
    const before = await sharp(at('portrait.jpg')).raw().toBuffer({ resolveWithObject: true });
    const after = await sharp(at('out/portrait.jpg')).raw().toBuffer({ resolveWithObject: true });
    expect(after.info).toMatchObject({ width: before.info.width, height: before.info.height });
    let changed = 0;
    for (let index = 0; index < before.data.length; index++) {
      if (Math.abs((before.data[index] ?? 0) - (after.data[index] ?? 0)) > 12) changed += 1;
    }
    expect(changed / before.data.length).toBeGreaterThan(0.01);
  });
});

describe('several pictures', () => {
  test('one that is broken does not stop the others, and summary and exit code tell', async () => {
    await copyFile(samplePhoto(1), at('a.jpg'));
    await writeFile(at('b.jpg'), 'not a picture');
    await copyFile(samplePhoto(2), at('c.jpg'));
    const { code, stdout } = await runFocal(['cutout', '.', '--json', '-o', 'out'], { folder });
    const lines = readLines(stdout);
    expect(code).toBe(1);
    // As they are done: several are in the works at once.
    const told = (name: string) => lines.find((line) => line.input === at(name));
    expect(lines.map((line) => line.type)).toEqual(['file', 'file', 'file', 'summary']);
    expect([told('a.jpg'), told('c.jpg')]).toMatchObject([{ ok: true }, { ok: true }]);
    expect(told('b.jpg')).toMatchObject({ ok: false, error: { code: 'unsupported-format' } });
    expect(lines[3]).toMatchObject({ total: 3, done: 2, failed: 1, interrupted: false });
    expect((await readdir(at('out'))).sort()).toEqual(['a.png', 'c.png']);
  });

  test('two that would become one file are refused before any work', async () => {
    await mkdir(at('x'));
    await copyFile(samplePhoto(1), at('a.jpg'));
    await copyFile(samplePhoto(1), at('x/a.jpg'));
    const { code, stderr } = await runFocal(['cutout', 'a.jpg', 'x/a.jpg', '-o', 'out/'], { folder });
    expect(code).toBe(2);
    expect(stderr).toContain('a.jpg and x/a.jpg would both become');
    expect(await readdir(folder)).toEqual(['a.jpg', 'x']);
  });

  test('two runs that write one file leave one whole file, and one of them says it was there', async () => {
    const run = () => runFocal(['cutout', samplePhoto(5), '-o', 'same.png'], { folder });
    const ended = await Promise.all([run(), run()]);
    expect(new Set(ended.map(({ code }) => code))).toEqual(new Set([0, 6]));
    expect((await alphaOf(await readFile(at('same.png')))).opaque).toBeGreaterThan(0.05);
    expect(await readdir(folder)).toEqual(['same.png']);
  });

  test('Ctrl-C in a batch leaves whole files only, says what was done, and ends with 130', async () => {
    for (const number of [1, 2, 3, 4, 5, 6] as const) await copyFile(samplePhoto(number), at(`${number}.jpg`));
    const child = startFocal(['cutout', '.', '-o', 'out/'], { folder });
    const ended = collect(child);
    child.stdout?.once('data', () => child.kill('SIGINT'));
    const { code, stderr, stdout } = await ended;
    expect(code).toBe(130);
    const done = stdout.toString().trim().split('\n').length;
    expect(stderr).toMatch(
      new RegExp(`Stopped: ${done} of 6 done, 0 failed, ${6 - done} not begun or not finished\\.`),
    );
    const files = await readdir(at('out'));
    expect(files).toHaveLength(done);
    for (const file of files) expect((await sharp(at('out', file)).stats()).channels).toHaveLength(4);
  });
});

describe('watching', () => {
  test('works on a picture once it is completely written, and not on its own results', async () => {
    const photo = await readFile(samplePhoto(6));
    const child = startFocal(['cutout', '--watch', '.'], { folder });
    const ended = collect(child);
    await new Promise<void>((resolve) => {
      child.stderr?.on('data', (chunk: Buffer) => chunk.toString().includes('Watching') && resolve());
    });
    const done = new Promise<void>((resolve) => child.stdout?.once('data', () => resolve()));
    // Written in two halves with a pause: the half must not be taken for the whole.
    await writeFile(at('late.jpg'), photo.subarray(0, photo.length >> 1));
    await new Promise((resolve) => setTimeout(resolve, 300));
    await writeFile(at('late.jpg'), photo);
    await done;
    await new Promise((resolve) => setTimeout(resolve, 2000));
    child.kill('SIGINT');
    const { code, stdout } = await ended;
    expect(code).toBe(0);
    expect(stdout.toString()).toBe(`${at('late-cutout.png')}\n`);
    expect((await readdir(folder)).sort()).toEqual(['late-cutout.png', 'late.jpg']);
  });
});
