import { execFileSync } from 'node:child_process';
import { chmod, copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { collect, runFocal, samplePhoto, startFocal } from './fixtures/run-focal.ts';

// What is wrong with a picture, a place or an option: each ends with its exit code, says what was expected and what
// came, and leaves nothing behind.

// A process with a model of 88 MB for every test: slow where the machine is busy.
vi.setConfig({ testTimeout: 240_000 });

let folder: string;
const at = (...names: string[]) => join(folder, ...names);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'focal-bad-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

describe('a picture that cannot be used', () => {
  const cases: readonly [string, number, () => Promise<Uint8Array>, RegExp][] = [
    ['an empty file', 4, async () => new Uint8Array(0), /empty/i],
    ['a truncated JPEG', 4, async () => (await readFile(samplePhoto(1))).subarray(0, 20_000), /JPEG|cut short|broken/i],
    ['a text named .jpg', 4, async () => Buffer.from('Dear diary,\n'), /picture|format/i],
    ['a header that claims 50,000 × 50,000 pixels', 5, async () => hugePng(), /50[, ]?000|pixels/],
  ];

  test.each(cases)('%s ends with %d', async (_, expected, make, message) => {
    await writeFile(at('photo.jpg'), await make());
    const { code, stderr } = await runFocal(['cutout', 'photo.jpg'], { folder });
    expect(code).toBe(expected);
    expect(stderr).toMatch(/^photo\.jpg: /);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(await readdir(folder)).toEqual(['photo.jpg']);
  });

  test('a picture over --max-pixels is refused', async () => {
    const { code, stderr } = await runFocal(['cutout', samplePhoto(1), '--max-pixels', '0.5MP', '-o', 'x.png'], {
      folder,
    });
    expect(code).toBe(5);
    expect(stderr).toMatch(/pixels/);
  });

  test('a picture of one pixel is worked on', async () => {
    await sharp({ create: { width: 1, height: 1, channels: 3, background: 'red' } })
      .png()
      .toFile(at('dot.png'));
    const { code, stderr } = await runFocal(['cutout', 'dot.png'], { folder });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(await sharp(at('dot-cutout.png')).metadata()).toMatchObject({ width: 1, height: 1 });
  });

  test('nothing on standard input is told', async () => {
    const { code, stderr, stdout } = await runFocal(['cutout', '-'], { folder, input: new Uint8Array(0) });
    expect(code).toBe(4);
    expect(stderr).toMatch(/^standard input: .*empty/i);
    expect(stdout).toHaveLength(0);
  });
});

describe('a reader that goes away', () => {
  test('ends with 141 and without a word', async () => {
    const child = startFocal(['cutout', samplePhoto(1), '-o', '-'], { folder });
    child.stdout?.destroy();
    const { code, stderr } = await collect(child);
    expect({ code, stderr }).toEqual({ code: 141, stderr: '' });
  });
});

describe('a command line that is wrong', () => {
  test.each<[string[], number, string]>([
    [['cutout', 'a.jpg', '--colr', 'red'], 2, 'Did you mean --color?'],
    [['cutot', 'a.jpg'], 2, 'Did you mean cutout?'],
    [['cutout'], 2, 'Name at least one picture'],
    [['cutout', 'missing.jpg'], 3, 'There is no file or folder missing.jpg.'],
    [['cutout', 'missing/*.jpg'], 3, 'matches no pictures'],
    [['cutout', 'a.jpg', '-o', 'missing/a.png'], 3, 'There is no folder'],
    [['cutout', 'a.jpg', '-o', 'a.doc'], 4, 'Focal does not write files like a.doc.'],
    [['cutout', 'a.jpg', '--color', 'nocolour'], 2, 'colour'],
    [['bokeh', 'a.jpg', '--radius', '7'], 2, 'Expected a number from'],
    [['cutout', 'a.jpg', '--background', 'transparent', '--color', 'red'], 2, 'color goes with background color'],
    [['cutout', 'a.jpg', '--device', 'cuda'], 9, 'cuda'],
    [['cutout', 'a.jpg', '-o', 'a.jpg'], 2, 'over the original a.jpg'],
    [['cutout', 'a.jpg', '-o', '{name'], 2, 'has a { without its }'],
    [['cutout', 'a.jpg', '-o', '{nam}.png'], 2, 'unknown placeholder {nam}'],
    [['cutout', 'a.jpg', '-o', 'x.jpg', '--format', 'png'], 2, '--format png contradicts the name x.jpg.'],
    [['cutout', 'a.jpg', '-o', '{name}.jpg', '--format', 'png'], 2, 'contradicts the name {name}.jpg.'],
    [['cutout', 'a.jpg', '--quality', '80'], 2, '--quality goes with lossy formats, and the result is png.'],
    [
      ['cutout', 'a.jpg', 'a.jpg', '-', '-o', '-'],
      2,
      "Give a folder (-o out/) or a pattern (-o '{name}-cutout.{ext}').",
    ],
    [['cutout', 'a.jpg', '--trim', '--mask-only'], 2, 'Only a cut-out picture can be trimmed.'],
    [['bokeh', 'a.jpg', '--trim'], 2, 'Only a cut-out picture can be trimmed.'],
    [['cutout', 'a.jpg', '--background-picture', 'b.jpg'], 3, 'There is no file b.jpg for the background.'],
    [['cutout', 'a.jpg', '--background-picture', '.'], 2, 'Expected a picture, got the folder . for the background.'],
    [['cutout', ''], 2, 'Expected the name of a file or folder, got an empty one.'],
    [['cutout', 'a.jpg', '-o', ''], 2, 'got an empty one'],
    [['doctor', '--dry-run'], 2, '--dry-run goes with --prune.'],
    [['cutout', '--watch', 'missing'], 3, 'There is no folder missing to watch.'],
    [['serve', '--port', '99999'], 2, 'Expected a whole number from 0 to 65535'],
  ])('focal %j ends with %d', async (args, expected, message) => {
    await copyFile(samplePhoto(1), at('a.jpg'));
    const before = await readFile(at('a.jpg'));
    const { code, stderr } = await runFocal(args, { folder });
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(code).toBe(expected);
    expect(await readdir(folder)).toEqual(['a.jpg']);
    expect(before.equals(await readFile(at('a.jpg')))).toBe(true);
  });

  test('what is there is kept, and written over with --force only', async () => {
    await copyFile(samplePhoto(1), at('a.jpg'));
    await writeFile(at('a-cutout.png'), 'mine');
    const refused = await runFocal(['cutout', 'a.jpg'], { folder });
    expect(refused.code).toBe(6);
    expect(refused.stderr).toContain('--force');
    expect(await readFile(at('a-cutout.png'), 'utf8')).toBe('mine');
    expect((await runFocal(['cutout', 'a.jpg', '--force'], { folder })).code).toBe(0);
    expect((await sharp(at('a-cutout.png')).metadata()).format).toBe('png');
  });
});

describe('a place that cannot be written', () => {
  test('a read-only folder ends with 7', async (context) => {
    await mkdir(at('locked'));
    if (process.getuid?.() === 0) {
      if (!tryRun('mount', ['-t', 'tmpfs', '-o', 'ro,size=1m', 'tmpfs', at('locked')])) {
        return context.skip('root may write everywhere, and a read-only file system cannot be mounted here');
      }
    } else await chmod(at('locked'), 0o500);
    try {
      const { code, stderr } = await runFocal(['cutout', samplePhoto(1), '-o', 'locked/'], { folder });
      expect(code).toBe(7);
      expect(stderr).toMatch(/read-only|refused access/);
    } finally {
      if (process.getuid?.() === 0) tryRun('umount', [at('locked')]);
    }
    expect(await readdir(at('locked'))).toEqual([]);
  });

  test('a full disk ends with 7 and leaves nothing half-written', async (context) => {
    await mkdir(at('small'));
    if (!tryRun('mount', ['-t', 'tmpfs', '-o', 'size=100k', 'tmpfs', at('small')])) {
      return context.skip('a small file system cannot be mounted here (needs root)');
    }
    try {
      const { code, stderr } = await runFocal(['cutout', samplePhoto(1), '-o', 'small/'], { folder });
      expect(stderr).toContain('the disk is full');
      expect(code).toBe(7);
      expect(await readdir(at('small'))).toEqual([]);
    } finally {
      tryRun('umount', [at('small')]);
    }
  });
});

function tryRun(program: string, args: readonly string[]): boolean {
  try {
    execFileSync(program, [...args], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** A PNG of 50,000 × 50,000 pixels by its header, with next to nothing behind it. */
function hugePng(): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(50_000, 0);
  header.writeUInt32BE(50_000, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(Buffer.alloc(100)))]);
}

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const crc = Buffer.alloc(4);
  crc.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, crc]);
}

function crc32(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
