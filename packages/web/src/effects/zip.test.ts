import { describe, expect, it } from 'vitest';
import { zipFiles } from './zip.ts';

/** Names and contents by the archive's local headers (APPNOTE 4.3.7), with sizes from its central directory (4.3.12). */
async function readZip(zip: Blob): Promise<readonly (readonly [name: string, text: string])[]> {
  const bytes = Buffer.from(await zip.arrayBuffer());
  const files: (readonly [string, string])[] = [];
  for (let at = bytes.indexOf('PK\x01\x02'); at >= 0; at = bytes.indexOf('PK\x01\x02', at + 4)) {
    const [size, nameLength, start] = [
      bytes.readUInt32LE(at + 24),
      bytes.readUInt16LE(at + 28),
      bytes.readUInt32LE(at + 42),
    ];
    const name = bytes.toString('utf8', at + 46, at + 46 + nameLength);
    const from = start + 30 + bytes.readUInt16LE(start + 26) + bytes.readUInt16LE(start + 28);
    files.push([name, bytes.toString('utf8', from, from + size)]);
  }
  return files;
}

describe('zipFiles', () => {
  it('holds every file as it is, each under a name of its own', async () => {
    const zip = await zipFiles([
      { name: 'beach-cutout.png', blob: new Blob(['one']) },
      { name: 'beach-cutout.png', blob: new Blob(['two, longer']) },
      { name: 'Größe', blob: new Blob(['']) },
      { name: 'beach-cutout.png', blob: new Blob(['three']) },
    ]);
    expect(await readZip(zip)).toEqual([
      ['beach-cutout.png', 'one'],
      ['beach-cutout-2.png', 'two, longer'],
      ['Größe', ''],
      ['beach-cutout-3.png', 'three'],
    ]);
  });
});
