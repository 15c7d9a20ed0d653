import { createPicture } from '@focal/core';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodePicture } from './decode.ts';
import { encodePicture } from './encode.ts';

const SECRET = 'Focal-secret';
const FORMATS = ['png', 'tiff', 'jpeg', 'webp', 'avif'] as const;

/** One entry of a TIFF directory, little-endian: its value, or where it lies. */
function entry(tag: number, type: number, count: number, value: number): Uint8Array {
  const bytes = new Uint8Array(12);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, tag, true);
  view.setUint16(2, type, true);
  view.setUint32(4, count, true);
  view.setUint32(8, value, true);
  return bytes;
}

function directory(entries: readonly Uint8Array[], next: number): Uint8Array {
  const bytes = new Uint8Array(2 + 12 * entries.length + 4);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, entries.length, true);
  for (const [i, each] of entries.entries()) bytes.set(each, 2 + 12 * i);
  view.setUint32(bytes.length - 4, next, true);
  return bytes;
}

/** EXIF 2.3 by hand: the maker's name, a place in the Alps as GPS, and a thumbnail in the second directory. */
function createExif(thumbnail: Uint8Array): Uint8Array {
  const name = new TextEncoder().encode(`${SECRET}-maker\0`);
  const first = 8;
  const gps = first + 2 + 12 * 2 + 4;
  const second = gps + 2 + 12 * 4 + 4;
  const values = second + 2 + 12 * 3 + 4;
  const degrees = (at: number) => {
    const view = new DataView(new ArrayBuffer(24));
    for (const [i, value] of [at, 1, 30, 1, 1234, 100].entries()) view.setUint32(i * 4, value, true);
    return new Uint8Array(view.buffer);
  };
  const latitude = values + name.length;
  const longitude = latitude + 24;
  const picture = longitude + 24;
  const parts = [
    Uint8Array.of(0x49, 0x49, 42, 0, first, 0, 0, 0),
    directory([entry(0x10f, 2, name.length, values), entry(0x8825, 4, 1, gps)], second),
    directory(
      [
        entry(1, 2, 2, 'N'.charCodeAt(0)),
        entry(2, 5, 3, latitude),
        entry(3, 2, 2, 'E'.charCodeAt(0)),
        entry(4, 5, 3, longitude),
      ],
      0,
    ),
    directory([entry(0x103, 3, 1, 6), entry(0x201, 4, 1, picture), entry(0x202, 4, 1, thumbnail.length)], 0),
    name,
    degrees(46),
    degrees(7),
    thumbnail,
  ];
  return Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), ...parts]);
}

function segment(marker: number, body: Uint8Array): Uint8Array {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([head, body]);
}

/** A photo as phones and programs leave it: EXIF with GPS and thumbnail, XMP, IPTC and a comment. */
async function createPhoto(): Promise<Buffer> {
  const solid = (width: number, height: number) =>
    sharp({ create: { width, height, channels: 3, background: '#3366cc' } }).jpeg();
  const thumbnail = await solid(32, 24).toBuffer();
  const plain = await solid(64, 48).toBuffer();
  const marked = Buffer.concat([
    thumbnail.subarray(0, 2),
    segment(0xfe, Buffer.from(`${SECRET}-thumbnail`)),
    thumbnail.subarray(2),
  ]);
  const xmp = `http://ns.adobe.com/xap/1.0/\0<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="${SECRET}-xmp"/></rdf:RDF></x:xmpmeta>`;
  const iptc = Buffer.from(`Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x12\x1c\x02\x50\0\x0d${SECRET}!`, 'latin1');
  return Buffer.concat([
    plain.subarray(0, 2),
    segment(0xe1, createExif(marked)),
    segment(0xe1, Buffer.from(xmp, 'latin1')),
    segment(0xed, iptc),
    segment(0xfe, Buffer.from(`${SECRET}-comment`)),
    plain.subarray(2),
  ]);
}

describe('metadata', () => {
  it('is all there in the photo that these tests start from', async () => {
    const photo = await createPhoto();
    const { exif, xmp, iptc } = await sharp(photo).metadata();
    expect(exif?.includes(`${SECRET}-maker`)).toBe(true);
    expect(exif?.includes(`${SECRET}-thumbnail`)).toBe(true);
    expect(xmp?.includes(`${SECRET}-xmp`)).toBe(true);
    expect(iptc?.includes(SECRET)).toBe(true);
    expect(photo.includes(`${SECRET}-comment`)).toBe(true);
  });

  it('is gone from everything that is written: EXIF, GPS, thumbnail, XMP, IPTC and comments', async () => {
    const { picture } = await decodePicture(await createPhoto());
    const shared = new Uint8Array(new SharedArrayBuffer(picture.data.length));
    shared.set(picture.data);
    for (const colorSpace of ['srgb', 'display-p3'] as const) {
      for (const data of [picture.data, shared]) {
        const image = createPicture(picture.width, picture.height, { data, colorSpace });
        for (const format of FORMATS) {
          const bytes = Buffer.from(await encodePicture(image, { format }));
          for (const trace of [
            SECRET,
            'Exif\0',
            'ns.adobe.com',
            '8BIM',
            'GPS',
            'eXIf',
            'tEXt',
            'iTXt',
            'zTXt',
            'tIME',
          ]) {
            expect([format, trace, bytes.includes(trace)]).toEqual([format, trace, false]);
          }
          const { exif, xmp, iptc, comments } = await sharp(bytes).metadata();
          expect([format, exif, xmp, iptc, comments]).toEqual([format, undefined, undefined, undefined, undefined]);
        }
      }
    }
  });

  it('is gone where the picture came as a PNG or WebP with EXIF', async () => {
    const photo = sharp(await createPhoto()).keepMetadata();
    for (const input of [await photo.clone().png().toBuffer(), await photo.clone().webp().toBuffer()]) {
      expect((await sharp(input).metadata()).exif).toBeDefined();
      const { picture } = await decodePicture(input);
      for (const format of FORMATS) {
        const bytes = Buffer.from(await encodePicture(picture, { format }));
        expect([format, bytes.includes(SECRET)]).toEqual([format, false]);
      }
    }
  });
});
