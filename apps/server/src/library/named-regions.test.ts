import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { openLibrary } from '@focal/library';
import { createFocal } from 'focal';
import sharp, { type Sharp } from 'sharp';
import { expect, test } from 'vitest';

const PHOTOS = join(dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json')), 'demo');

/** How pixels are stored that this EXIF orientation brings upright. */
const STORED: Readonly<Record<number, (upright: Sharp) => Sharp>> = {
  1: (image) => image,
  2: (image) => image.flop(),
  3: (image) => image.rotate(180),
  4: (image) => image.flip(),
  5: (image) => image.flop().rotate(270),
  6: (image) => image.rotate(270),
  7: (image) => image.flop().rotate(90),
  8: (image) => image.rotate(90),
};

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A region over pixels as they are stored, by the middle of its area, as MWG has it. */
function toXmp(name: string, { x, y, width, height }: Box): string {
  return `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
    <rdf:Description rdf:about="" xmlns:mwg-rs="http://www.metadataworkinggroup.com/schemas/regions/"
      xmlns:stArea="http://ns.adobe.com/xmp/sType/Area#"><mwg-rs:Regions rdf:parseType="Resource"><mwg-rs:RegionList><rdf:Bag>
      <rdf:li><rdf:Description mwg-rs:Name="${name}" mwg-rs:Type="Face"><mwg-rs:Area stArea:unit="normalized"
        stArea:x="${x + width / 2}" stArea:y="${y + height / 2}" stArea:w="${width}" stArea:h="${height}"/></rdf:Description></rdf:li>
    </rdf:Bag></mwg-rs:RegionList></mwg-rs:Regions></rdf:Description></rdf:RDF></x:xmpmeta>`;
}

test('a real face is named by a region, however the photo is turned', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'focal-named-regions-'));
  try {
    await mkdir(join(folder, 'photos'));
    await using focal = await createFocal({ home: join(folder, 'home'), device: 'cpu' });
    const upright = await sharp(join(PHOTOS, 'sample1.jpg')).rotate().resize(1000).png().toBuffer();
    const [largest] = await focal.media.facesOf(upright);
    const { x, y, width, height } = largest?.box ?? { x: 0, y: 0, width: 0, height: 0 };
    const [right, bottom] = [1 - x - width, 1 - y - height];
    const turned = { width: height, height: width };
    const boxes: Readonly<Record<number, Box>> = {
      1: { x, y, width, height },
      2: { x: right, y, width, height },
      3: { x: right, y: bottom, width, height },
      4: { x, y: bottom, width, height },
      5: { x: y, y: x, ...turned },
      6: { x: y, y: right, ...turned },
      7: { x: bottom, y: right, ...turned },
      8: { x: bottom, y: x, ...turned },
    };
    for (const [orientation, store] of Object.entries(STORED)) {
      const path = join(folder, 'photos', `${orientation}.jpg`);
      const raw = await store(sharp(upright)).png().toBuffer();
      await sharp(raw)
        .jpeg({ quality: 95 })
        .withMetadata({ orientation: Number(orientation) })
        .toFile(path);
      await writeFile(`${path}.xmp`, toXmp(`Turn ${orientation}`, boxes[Number(orientation)] as Box));
    }
    await using library = await openLibrary({ folder: join(folder, 'library'), media: focal.media });
    await library.folders.add(join(folder, 'photos'));
    await library.idle();
    const { assets } = await library.list();
    expect(assets).toHaveLength(8);
    for (const { id } of assets) {
      const { faces, places } = await library.get(id);
      const turn = /(\d)\.jpg$/.exec(places[0]?.path ?? '')?.[1];
      const named = faces.filter(({ person }) => person?.name === `Turn ${turn}`);
      expect([turn, named.length]).toEqual([turn, 1]);
      expect(named[0]?.isDrawn).toBe(false);
      expect(named[0]?.box.x).toBeCloseTo(x, 1);
      expect(named[0]?.box.y).toBeCloseTo(y, 1);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, 600_000);
