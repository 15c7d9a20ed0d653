import { createExifBlock, createPicture, embedExif, type MetadataChoice, type Picture } from '@focal/core';
import exifr from 'exifr';
import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodePicture } from './decode.ts';
import { encodePicture, type OutputFormat } from './encode.ts';
import { readKeptExif } from './kept-exif.ts';

const FORMATS = ['png', 'jpeg', 'webp', 'avif', 'tiff'] as const;
const PHOTO = {
  IFD0: {
    Make: 'Focal',
    Model: 'Test 1',
    DateTime: '2024:02:29 12:00:00',
    Artist: 'Ada',
    Copyright: '(C) Ada 2024',
    ImageDescription: 'A day out',
    Software: 'secret-software',
    XPComment: 'secret-comment',
  },
  IFD2: {
    DateTimeOriginal: '2024:02:29 11:59:58',
    OffsetTimeOriginal: '+01:00',
    ExposureTime: '1/250',
    FNumber: '28/10',
    ISOSpeedRatings: '400',
    FocalLength: '35/1',
    ExposureBiasValue: '-1/3',
    LensModel: '35mm F1.8',
    BodySerialNumber: 'secret-number',
    UserComment: 'secret-words',
  },
  IFD3: {
    GPSLatitudeRef: 'S',
    GPSLatitude: '46/1 30/1 3678/100',
    GPSLongitudeRef: 'E',
    GPSLongitude: '7/1 15/1 0/1',
  },
};

async function createPhoto(format: 'jpeg' | 'png' | 'webp' | 'tiff' | 'avif'): Promise<Buffer> {
  const solid = sharp({ create: { width: 60, height: 40, channels: 3, background: '#3366cc' } });
  if (format === 'tiff') {
    // sharp writes no EXIF that others read into TIFF.
    const exif = (await readKeptExif(await createPhoto('jpeg'), 'all')) ?? new Uint8Array();
    return Buffer.from(embedExif(await solid.tiff().toBuffer(), 'tiff', exif));
  }
  return solid
    .withExif(PHOTO)
    .withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/">secret-xmp</x:xmpmeta>')
    [format]()
    .toBuffer();
}

/** With alpha or without, so that WebP comes in its simple and its extended form. */
function draw(alpha: number): Picture {
  const picture = createPicture(31, 17);
  for (let i = 0; i < picture.data.length; i++) picture.data[i] = i % 4 === 3 ? alpha : (i * 7) % 256;
  return picture;
}

async function read(file: Uint8Array, format: OutputFormat): Promise<Record<string, unknown>> {
  const source = format === 'webp' || format === 'avif' ? (await sharp(file).metadata()).exif : file;
  if (source === undefined) return {};
  const block = Buffer.from(source);
  const plain = block.toString('latin1', 0, 4) === 'Exif' ? block.subarray(6) : block;
  return ((await exifr.parse(plain, { reviveValues: false })) ?? {}) as Record<string, unknown>;
}

describe('what is kept of metadata', () => {
  it.each(FORMATS)('goes from any format into %s as it was, and nothing else does', async (format) => {
    for (const from of FORMATS) {
      const photo = await createPhoto(from);
      for (const alpha of [255, 128]) {
        const exif = await readKeptExif(photo, 'all');
        const file = Buffer.from(await encodePicture(draw(alpha), { format, ...(exif !== undefined && { exif }) }));
        const values = await read(file, format);
        expect([from, values]).toEqual([
          from,
          expect.objectContaining({
            Make: 'Focal',
            Model: 'Test 1',
            Artist: 'Ada',
            Copyright: '(C) Ada 2024',
            ImageDescription: 'A day out',
            DateTimeOriginal: '2024:02:29 11:59:58',
            OffsetTimeOriginal: '+01:00',
            ExposureTime: 1 / 250,
            FNumber: 2.8,
            ISO: 400,
            FocalLength: 35,
            ExposureCompensation: expect.closeTo(-1 / 3, 6),
            LensModel: '35mm F1.8',
            latitude: expect.closeTo(-(46 + 30 / 60 + 36.78 / 3600), 8),
            longitude: 7.25,
          }),
        ]);
        expect(file.includes('secret')).toBe(false);
        expect((await sharp(file).metadata()).orientation ?? 1).toBe(1);
      }
    }
  });

  it.each(FORMATS)('leaves the pixels of %s as they are', async (format) => {
    const exif = (await readKeptExif(await createPhoto('jpeg'), 'all')) ?? new Uint8Array();
    for (const picture of [draw(255), draw(90), { ...draw(255), colorSpace: 'display-p3' as const }]) {
      const plain = await decodePicture(await encodePicture(picture, { format }));
      const kept = await decodePicture(await encodePicture(picture, { format, exif }));
      expect(kept.picture.colorSpace).toBe(picture.colorSpace);
      expect(Buffer.compare(Buffer.from(kept.picture.data), Buffer.from(plain.picture.data))).toBe(0);
    }
  });

  it.each(FORMATS)('keeps letters of any language in %s', async (format) => {
    const plain = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#000' } })
      .jpeg()
      .toBuffer();
    const words = { 0x010e: 'Ñandú über 北京 🙂', 0x8298: '© Ada' };
    const photo = embedExif(plain, 'jpeg', createExifBlock({ ifd0: words }, 'all') ?? new Uint8Array());
    const exif = await readKeptExif(photo, 'all');
    const values = await read(await encodePicture(draw(255), { format, ...(exif && { exif }) }), format);
    expect(values).toMatchObject({ ImageDescription: 'Ñandú über 北京 🙂', Copyright: '© Ada' });
  });

  it('tells nothing of the place unless it is asked to', async () => {
    const photo = await createPhoto('jpeg');
    const exif = await readKeptExif(photo, 'no-location');
    const values = await read(await encodePicture(draw(255), { format: 'jpeg', ...(exif && { exif }) }), 'jpeg');
    expect(values).toMatchObject({ Make: 'Focal', FNumber: 2.8 });
    expect(Object.keys(values).filter((name) => /gps|latitude|longitude/i.test(name))).toEqual([]);
  });

  it('is nothing where there is nothing, and where the block is broken', async () => {
    const plain = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#000' } })
      .png()
      .toBuffer();
    expect(await readKeptExif(plain, 'all')).toBeUndefined();
    const photo = await createPhoto('jpeg');
    const at = photo.indexOf('Exif\0\0') + 6;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { minLength: 1, maxLength: 20 }),
        async (faults) => {
          const broken = Buffer.from(photo);
          for (const [offset, value] of faults) broken[at + offset] = value;
          for (const choice of ['no-location', 'all'] satisfies MetadataChoice[]) {
            const exif = await readKeptExif(broken, choice);
            expect(exif?.length ?? 0).toBeLessThan(65_000);
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});
