import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { FocalError } from '@focal/core';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { drawPhoto } from '../fixtures/photos.ts';
import { readXmp } from './read-xmp.ts';
import { type Orientation, toStored, toUpright } from './regions.ts';
import { writeXmp } from './write-xmp.ts';
import { parseXml, writeXml } from './xml.ts';

const run = promisify(execFile);
const ORIENTATIONS: readonly Orientation[] = [1, 2, 3, 4, 5, 6, 7, 8];
const hasExiftool = await run('exiftool', ['-ver']).then(
  () => true,
  () => false,
);

/** As digiKam and Lightroom write it: structures as elements, attributes and nested descriptions. */
const OTHERS = `<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="Other 1.0">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="" xmlns:xap="http://ns.adobe.com/xap/1.0/" xmlns:crs="http://ns.adobe.com/camera-raw-settings/1.0/"
    xap:Rating="3" crs:Exposure2012="+0.35">
   <crs:ToneCurve><rdf:Seq><rdf:li>0, 0</rdf:li><rdf:li>255, 255</rdf:li></rdf:Seq></crs:ToneCurve>
  </rdf:Description>
  <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:r="http://www.metadataworkinggroup.com/schemas/regions/"
    xmlns:stArea="http://ns.adobe.com/xmp/sType/Area#" xmlns:stDim="http://ns.adobe.com/xap/1.0/sType/Dimensions#">
   <dc:description><rdf:Alt><rdf:li xml:lang="de">Am See</rdf:li><rdf:li xml:lang="x-default">At the &lt;lake&gt; &amp; more</rdf:li></rdf:Alt></dc:description>
   <dc:subject><rdf:Bag><rdf:li>lake</rdf:li><rdf:li>summer</rdf:li><rdf:li>lake</rdf:li></rdf:Bag></dc:subject>
   <r:Regions rdf:parseType="Resource">
    <r:AppliedToDimensions stDim:w="4000" stDim:h="3000" stDim:unit="pixel"/>
    <r:RegionList><rdf:Bag>
     <rdf:li><rdf:Description r:Name="Zoë" r:Type="Face"><r:Area stArea:x="0.5" stArea:y="0.4" stArea:w="0.2" stArea:h="0.3" stArea:unit="normalized"/></rdf:Description></rdf:li>
     <rdf:li rdf:parseType="Resource"><r:Type>Focus</r:Type><r:Area rdf:parseType="Resource"><stArea:x>0.1</stArea:x><stArea:y>0.1</stArea:y><stArea:d>0.05</stArea:d></r:Area></rdf:li>
    </rdf:Bag></r:RegionList>
   </r:Regions>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>`;

test('reads what other programs write, in each of the ways that RDF has', () => {
  const { regions, ...facts } = readXmp(OTHERS);
  expect(facts).toEqual({
    rating: 3,
    caption: 'At the <lake> & more',
    keywords: ['lake', 'summer'],
    regionSize: { width: 4000, height: 3000 },
  });
  expect(regions).toEqual([
    { name: 'Zoë', type: 'Face', box: { x: 0.4, y: expect.closeTo(0.25, 9), width: 0.2, height: 0.3 } },
    {
      name: '',
      type: 'Focus',
      box: { x: expect.closeTo(0.075, 9), y: expect.closeTo(0.075, 9), width: 0.05, height: 0.05 },
    },
  ]);
});

test('changes what it is told to, and leaves everything else as other programs wrote it', () => {
  const box = { x: 0.1, y: 0.2, width: 0.3, height: 0.4 };
  const change = {
    rating: 5,
    caption: 'New\n"one" <&>',
    keywords: null,
    isFavourite: true,
    regions: { width: 4000, height: 3000, faces: [{ name: 'Ada', type: 'Face', box }] },
  };
  const text = writeXmp(change, OTHERS);
  expect(readXmp(text)).toMatchObject({ rating: 5, caption: 'New\n"one" <&>', isFavourite: true });
  expect(readXmp(text).keywords).toBeUndefined();
  expect(readXmp(text).regions?.map(({ name, type }) => [name, type])).toEqual([
    ['Ada', 'Face'],
    ['', 'Focus'],
  ]);
  expect(text).toContain('crs:Exposure2012="+0.35"');
  expect(text).toContain('<rdf:li>255, 255</rdf:li>');
  expect(text.match(/:Rating/g)).toHaveLength(2);
  // Again the same: nothing is added twice.
  expect(readXmp(writeXmp(change, text))).toEqual(readXmp(text));
  expect(writeXmp({}, OTHERS)).toBe(writeXml(parseXml(OTHERS)));
  // Taking all away leaves no trace.
  const cleared = writeXmp(
    { rating: null, caption: null, isFavourite: false, regions: { width: 1, height: 1, faces: [] } },
    text,
  );
  expect(readXmp(cleared)).toEqual({
    regions: [expect.objectContaining({ type: 'Focus' })],
    regionSize: { width: 1, height: 1 },
  });
});

test('any text comes back as it went in', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }), { maxLength: 5 }),
      (caption, keywords) => {
        // XML has no control characters, and spaces around say nothing.
        const plain = (text: string): string =>
          Buffer.from(text)
            .toString()
            .replaceAll(/(?![\t\n\r\u0080-\u009f])\p{Cc}|[\ufffe\uffff]/gu, '')
            .trim();
        const facts = readXmp(writeXmp({ caption, keywords }));
        expect(facts.caption ?? '').toBe(plain(caption));
        expect(facts.keywords ?? []).toEqual([...new Set(keywords.map(plain).filter((text) => text !== ''))]);
      },
    ),
  );
});

/** Of the error that it throws. */
function codeOf(work: () => unknown): string {
  try {
    work();
    return 'none';
  } catch (error) {
    return error instanceof FocalError ? error.code : String(error);
  }
}

test('whatever comes in, reading ends with facts or with an error of ours', () => {
  const characters = OTHERS.split('');
  fc.assert(
    fc.property(
      fc.nat(characters.length),
      fc.nat(40),
      fc.string({ unit: fc.constantFrom('<', '>', '/', '"', '&', '!', '[', ' ', 'a') }),
      (at, count, text) => {
        const changed = [...characters];
        changed.splice(at, count, text);
        expect(codeOf(() => readXmp(changed.join('')))).toMatch(/^(none|corrupt-input)$/);
      },
    ),
    { numRuns: 500 },
  );
  expect(() => parseXml('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')).toThrow('types of its own');
  expect(() => parseXml('<a>'.repeat(1000))).toThrow('too deep');
});

describe('regions in every orientation', () => {
  const box = fc.record({
    x: fc.double({ min: 0, max: 0.5, noNaN: true }),
    y: fc.double({ min: 0, max: 0.5, noNaN: true }),
    width: fc.double({ min: 0, max: 0.5, noNaN: true }),
    height: fc.double({ min: 0, max: 0.5, noNaN: true }),
  });

  test.each(ORIENTATIONS)('orientation %i there and back', (orientation) => {
    fc.assert(
      fc.property(box, (before) => {
        const after = toStored(toUpright(before, orientation), orientation);
        for (const side of ['x', 'y', 'width', 'height'] as const) expect(after[side]).toBeCloseTo(before[side], 12);
      }),
    );
  });

  test.each(ORIENTATIONS)('orientation %i is where sharp turns the pixels to', async (orientation) => {
    const { default: sharp } = await import('sharp');
    const [width, height] = [60, 40];
    const stored = { x: 0.2, y: 0.1, width: 0.3, height: 0.25 };
    const data = Buffer.alloc(width * height);
    for (let y = 4; y < 14; y++) for (let x = 12; x < 30; x++) data[y * width + x] = 255;
    const turned = await sharp(data, { raw: { width, height, channels: 1 } })
      .png()
      .withMetadata({ orientation })
      .toBuffer();
    const { data: upright, info } = await sharp(turned)
      .autoOrient()
      .toColourspace('b-w')
      .raw()
      .toBuffer({ resolveWithObject: true });
    const box = toUpright(stored, orientation);
    const [left, top] = [Math.round(box.x * info.width), Math.round(box.y * info.height)];
    const [right, bottom] = [left + Math.round(box.width * info.width), top + Math.round(box.height * info.height)];
    const others: (readonly [number, number])[] = [];
    for (let y = 0; y < info.height; y++) {
      for (let x = 0; x < info.width; x++) {
        const isIn = x >= left && x < right && y >= top && y < bottom;
        if ((upright[(y * info.width + x) * info.channels] as number) > 127 !== isIn) others.push([x, y]);
      }
    }
    expect(others).toEqual([]);
    expect(upright.some((value) => value > 127)).toBe(true);
  });
});

describe.runIf(hasExiftool)('exiftool', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'focal-xmp-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const read = async (path: string): Promise<Record<string, unknown>> => {
    const { stdout } = await run('exiftool', ['-json', '-struct', '-n', path]);
    return (JSON.parse(stdout) as Record<string, unknown>[])[0] ?? {};
  };

  test.each(ORIENTATIONS)(
    'understands our regions and writes them so that we do, orientation %i',
    async (orientation) => {
      const [width, height] = [4032, 3024];
      const upright = { x: 0.31, y: 0.12, width: 0.1234567, height: 0.2 };
      const faces = [{ name: 'Zoë "Z"', type: 'Face', box: toStored(upright, orientation) }];
      const ours = join(folder, `${orientation}.xmp`);
      await writeFile(
        ours,
        writeXmp({ rating: 4, caption: 'Am See', keywords: ['a', 'b'], regions: { width, height, faces } }),
      );
      const told = await read(ours);
      expect(told).toMatchObject({ Rating: 4, Description: 'Am See', Subject: ['a', 'b'] });
      const info = told.RegionInfo as {
        AppliedToDimensions: object;
        RegionList: { Name: string; Area: Record<string, number> }[];
      };
      expect(info.AppliedToDimensions).toEqual({ W: width, H: height, Unit: 'pixel' });
      expect(info.RegionList[0]?.Name).toBe('Zoë "Z"');

      // Into a photo and out again, by exiftool alone.
      const photo = join(folder, `${orientation}.jpg`);
      await writeFile(photo, await drawPhoto({ orientation }));
      await run('exiftool', ['-overwrite_original', '-tagsfromfile', ours, '-xmp:all', photo]);
      const bytes = await readFile(photo);
      const start = bytes.indexOf('<x:xmpmeta');
      const text = bytes.subarray(start, bytes.indexOf('</x:xmpmeta>') + 12).toString();
      const [face] = readXmp(text).regions ?? [];
      expect(face?.name).toBe('Zoë "Z"');
      const back = toUpright(face?.box ?? { x: 0, y: 0, width: 0, height: 0 }, orientation);
      const longest = Math.max(width, height);
      for (const side of ['x', 'y', 'width', 'height'] as const) {
        expect(Math.abs(back[side] - upright[side]) * longest).toBeLessThanOrEqual(1);
      }
    },
  );
});

test.skipIf(hasExiftool)(
  'round trips through exiftool are left out: it is not installed (Debian: libimage-exiftool-perl)',
  () => {
    expect(hasExiftool).toBe(false);
  },
);
