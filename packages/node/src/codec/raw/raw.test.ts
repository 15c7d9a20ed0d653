import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inspectMedia } from '../../media/inspect.ts';
import { makeThumbnails } from '../../media/thumbnails.ts';
import { decodePicture } from '../decode.ts';
import { findLargestJpeg } from './find-jpeg.ts';
import { sniffRaw } from './raw.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'focal-raw-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Red above, blue below, so that it shows which way is up. */
async function drawPreview(width: number, height: number, orientation?: number): Promise<Buffer> {
  const data = Buffer.alloc(width * height * 3);
  for (let at = 0; at < data.length; at += 3) data[at + (at < data.length / 2 ? 0 : 2)] = 230;
  const image = sharp(data, { raw: { width, height, channels: 3 } }).jpeg({ quality: 95 });
  return (orientation === undefined ? image : image.withMetadata({ orientation })).toBuffer();
}

type Entry = readonly [tag: number, type: 2 | 3 | 4 | 5, value: string | readonly number[]];

/** A TIFF structure with one directory after the other, and what they point to behind them. */
function makeTiff(
  directories: readonly (readonly Entry[])[],
  blobs: readonly Uint8Array[],
  { isLittle = true, magic = 42, base = 0, isChain = true } = {},
): Buffer {
  const parts: Buffer[] = [];
  const header = Buffer.alloc(8);
  const write16 = (buffer: Buffer, value: number, at: number) =>
    isLittle ? buffer.writeUInt16LE(value, at) : buffer.writeUInt16BE(value, at);
  const write32 = (buffer: Buffer, value: number, at: number) =>
    isLittle ? buffer.writeUInt32LE(value, at) : buffer.writeUInt32BE(value, at);
  header.write(isLittle ? 'II' : 'MM', 'latin1');
  write16(header, magic, 2);
  write32(header, 8, 4);
  parts.push(header);
  const sizes = directories.map((entries) => 6 + entries.length * 12);
  const starts = sizes.map((_, index) => 8 + sizes.slice(0, index).reduce((sum, size) => sum + size, 0));
  let free = 8 + sizes.reduce((sum, size) => sum + size, 0);
  const extra: Buffer[] = [];
  const place = (bytes: Buffer): number => {
    const at = free;
    extra.push(bytes);
    free += bytes.length;
    return at;
  };
  const places = blobs.map((blob) => place(Buffer.from(blob)));
  for (const [index, entries] of directories.entries()) {
    const directory = Buffer.alloc(sizes[index] as number);
    write16(directory, entries.length, 0);
    for (const [n, [tag, type, value]] of entries.entries()) {
      const at = 2 + n * 12;
      write16(directory, tag, at);
      write16(directory, type, at + 2);
      const numbers = typeof value === 'string' ? [...Buffer.from(`${value}\0`)] : value;
      const count = type === 5 ? numbers.length / 2 : numbers.length;
      write32(directory, count, at + 4);
      const size = { 2: 1, 3: 2, 4: 4, 5: 8 }[type] * count;
      const bytes = Buffer.alloc(Math.max(4, size));
      for (const [member, number] of numbers.entries()) {
        // Below zero: where the blob or directory of that number is.
        const plain =
          number >= 0
            ? number
            : number <= -100
              ? (starts[-100 - number] as number)
              : base + (places[-1 - number] as number);
        if (type === 2) bytes[member] = plain;
        else if (type === 3) write16(bytes, plain, member * 2);
        else write32(bytes, plain, member * 4);
      }
      if (size <= 4) bytes.copy(directory, at + 8);
      else write32(directory, place(bytes), at + 8);
    }
    const next = isChain && index + 1 < directories.length && index === 0 ? (starts[1] as number) : 0;
    write32(directory, next, (sizes[index] as number) - 4);
    parts.push(directory);
  }
  return Buffer.concat([...parts, ...extra]);
}

const EXIF: readonly Entry[] = [
  [0x829a, 5, [1, 250]],
  [0x829d, 5, [28, 10]],
  [0x8827, 3, [400]],
  [0x9003, 2, '2023:07:14 18:30:05'],
  [0x9011, 2, '+02:00'],
  [0x920a, 5, [35, 1]],
];
const camera = (make: string, orientation: number): Entry[] => [
  [0x10f, 2, make],
  [0x110, 2, 'Test One'],
  [0x112, 3, [orientation]],
];

/** A DNG: a small preview, and in directories within it what the sensor saw and the large preview. */
async function makeDng(orientation: number, isLittle = true): Promise<Buffer> {
  const [small, large] = [await drawPreview(160, 120), await drawPreview(600, 400)];
  const sensor = Buffer.alloc(5000, 0xff);
  return makeTiff(
    [
      [
        [0xfe, 4, [1]],
        ...camera('Focal', orientation),
        [0x111, 4, [-1]],
        [0x117, 4, [small.length]],
        [0x14a, 4, [-101, -102]],
        [0x8769, 4, [-103]],
        [0xc612, 4, [1, 4]],
      ],
      [
        [0xfe, 4, [0]],
        [0x103, 3, [7]],
        [0x106, 3, [32_803]],
        [0x111, 4, [-3]],
      ],
      [
        [0xfe, 4, [1]],
        [0x103, 3, [7]],
        [0x106, 3, [6]],
        [0x111, 4, [-2]],
        [0x117, 4, [large.length]],
      ],
      EXIF,
    ],
    [small, large, sensor],
    { isLittle, isChain: false },
  );
}

const FACTS = {
  takenLocal: '2023-07-14T18:30:05',
  offsetMinutes: 120,
  model: 'Test One',
  exposureSeconds: 1 / 250,
  aperture: 2.8,
  iso: 400,
  focalLengthMm: 35,
};

async function inspect(bytes: Uint8Array) {
  const path = join(folder, 'photo');
  await writeFile(path, bytes);
  return { path, facts: await inspectMedia(path) };
}

describe('raw photos', () => {
  test.each([1, 3, 6, 8])('a DNG is read by its largest preview, upright from orientation %i', async (orientation) => {
    const bytes = await makeDng(orientation, orientation !== 3);
    expect(sniffRaw(bytes)).toBe('dng');
    const { path, facts } = await inspect(bytes);
    const [width, height] = orientation >= 5 ? [400, 600] : [600, 400];
    expect(facts).toMatchObject({
      kind: 'photo',
      format: 'dng',
      width,
      height,
      orientation,
      capture: { ...FACTS, make: 'Focal' },
    });
    const { picture } = await decodePicture(bytes);
    expect([picture.width, picture.height]).toEqual([width, height]);
    // Where red is: above, below, right or left.
    const [x, y] = ({ 1: [0.5, 0.1], 3: [0.5, 0.9], 6: [0.9, 0.5], 8: [0.1, 0.5] } as const)[orientation as 1];
    const at = (Math.floor(y * height) * width + Math.floor(x * width)) * 4;
    expect(picture.data[at]).toBeGreaterThan(200);
    expect(picture.data[at + 2]).toBeLessThan(60);
    const thumbnails = await makeThumbnails({ source: { path }, maxPixels: 1e8 });
    expect([thumbnails.width, thumbnails.height]).toEqual([width, height]);
  });

  test('kinds are told by what is in the file', async () => {
    const preview = await drawPreview(300, 200);
    const own = await drawPreview(300, 200, 6);
    const sensor = (make: string): Buffer =>
      makeTiff([[...camera(make, 1), [0x106, 3, [32_803]], [0x111, 4, [-1]]]], [preview]);
    const cr2 = makeTiff([[...camera('Canon', 1), [0x111, 4, [-1]]]], [preview]);
    const cmt = (entries: readonly Entry[], name: string): Buffer => {
      const tiff = makeTiff([entries], []);
      const head = Buffer.alloc(8);
      head.writeUInt32BE(tiff.length + 8);
      head.write(name, 4);
      return Buffer.concat([head, tiff]);
    };
    const ftyp = Buffer.from('\0\0\0\x18ftypcrx \0\0\0\x01crx isom', 'latin1');
    const kinds: readonly (readonly [string, Uint8Array])[] = [
      ['nef', sensor('NIKON CORPORATION')],
      ['arw', sensor('SONY')],
      ['raw', sensor('Somebody')],
      ['cr2', Buffer.concat([cr2.subarray(0, 8), Buffer.from('CR\x02\0', 'latin1'), cr2.subarray(12)])],
      ['orf', makeTiff([[...camera('OLYMPUS', 1), [0x111, 4, [-1]]]], [preview], { magic: 0x4f52 })],
      ['rw2', makeTiff([[...camera('Panasonic', 1), [0x2e, 4, [-1]]]], [preview], { magic: 0x55 })],
      ['raf', Buffer.concat([Buffer.from('FUJIFILMCCD-RAW 0201FF'), Buffer.alloc(100), own])],
      ['cr3', Buffer.concat([ftyp, cmt(camera('Canon', 8), 'CMT1'), cmt(EXIF, 'CMT2'), Buffer.alloc(64), preview])],
    ];
    for (const [kind, bytes] of kinds) {
      expect([kind, sniffRaw(bytes)]).toEqual([kind, kind]);
      // What comes before the first directory here is another thing than in a real one.
      if (kind === 'cr2') continue;
      const { facts } = await inspect(bytes);
      const isTurned = kind === 'raf' || kind === 'cr3';
      expect([kind, facts]).toEqual([
        kind,
        expect.objectContaining(isTurned ? { width: 200, height: 300 } : { width: 300, height: 200 }),
      ]);
    }
    const { facts } = await inspect(kinds.find(([kind]) => kind === 'cr3')?.[1] ?? new Uint8Array());
    expect(facts).toMatchObject({ capture: FACTS, orientation: 8 });
  });

  test('a plain TIFF, with EXIF or without, is none', async () => {
    const tiff = await sharp(await drawPreview(40, 30))
      .tiff()
      .toBuffer();
    expect(sniffRaw(tiff)).toBeUndefined();
    expect((await inspect(tiff)).facts).toMatchObject({ format: 'tiff', width: 40 });
  });

  test('one without a preview is told as such', async () => {
    const bytes = makeTiff([[...camera('SONY', 1), [0x106, 3, [32_803]], [0x111, 4, [-1]]]], [Buffer.alloc(2000, 7)]);
    await expect(inspect(bytes)).rejects.toMatchObject({
      code: 'unsupported-format',
      message: 'The raw photo (ARW) has no preview in it.',
    });
    const raf = Buffer.concat([Buffer.from('FUJIFILMCCD-RAW 0201FF'), Buffer.alloc(100)]);
    await expect(decodePicture(raf)).rejects.toMatchObject({ code: 'unsupported-format' });
  });

  test('whatever comes in, looking for previews ends', async () => {
    const bytes = await makeDng(1);
    const cut = fc.record({
      at: fc.nat(bytes.length - 1),
      with: fc.uint8Array({ maxLength: 40 }),
      length: fc.nat(bytes.length),
    });
    fc.assert(
      fc.property(cut, ({ at, with: other, length }) => {
        const changed = Buffer.from(bytes);
        changed.set(other.subarray(0, changed.length - at), at);
        const part = changed.subarray(0, length);
        const kind = sniffRaw(part);
        expect(kind === undefined || typeof kind === 'string').toBe(true);
        const found = findLargestJpeg(part);
        expect(found === undefined || found.end <= part.length).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
