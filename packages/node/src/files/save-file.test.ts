import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { saveFile } from './save-file.ts';

const isRoot = process.getuid?.() === 0;

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'focal-save-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('saveFile', () => {
  it('writes the bytes and leaves nothing else behind', async () => {
    await saveFile(join(folder, 'a.png'), Uint8Array.of(1, 2, 3));
    expect([...(await readFile(join(folder, 'a.png')))]).toEqual([1, 2, 3]);
    expect(await readdir(folder)).toEqual(['a.png']);
  });

  it('refuses to replace a file and keeps it as it was', async () => {
    const path = join(folder, 'a.png');
    await writeFile(path, 'old');
    await expect(saveFile(path, Buffer.from('new'))).rejects.toMatchObject({ code: 'exists' });
    expect(await readFile(path, 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['a.png']);
  });

  it('replaces it when told to', async () => {
    const path = join(folder, 'a.png');
    await writeFile(path, 'old and longer');
    await saveFile(path, Buffer.from('new'), { force: true });
    expect(await readFile(path, 'utf8')).toBe('new');
  });

  it('lets one of two runs win that write one file, and the file is whole', async () => {
    const path = join(folder, 'a.png');
    const contents = Array.from({ length: 8 }, (_, i) => Buffer.alloc(300_000, i + 1));
    const results = await Promise.allSettled(contents.map((bytes) => saveFile(path, bytes)));
    const winners = results.flatMap((result, i) => (result.status === 'fulfilled' ? [i] : []));
    expect(winners).toHaveLength(1);
    const losers = results.flatMap((result) => (result.status === 'rejected' ? [result.reason.code] : []));
    expect(losers).toEqual(Array.from({ length: 7 }, () => 'exists'));
    expect(Buffer.compare(await readFile(path), contents[winners[0] ?? -1] ?? Buffer.alloc(0))).toBe(0);
    expect(await readdir(folder)).toEqual(['a.png']);
  });

  it('leaves one whole file where two runs replace it at once', async () => {
    const path = join(folder, 'a.png');
    const contents = [Buffer.alloc(500_000, 1), Buffer.alloc(400_000, 2)];
    await Promise.all(contents.map((bytes) => saveFile(path, bytes, { force: true })));
    const found = await readFile(path);
    expect(contents.some((bytes) => bytes.equals(found))).toBe(true);
    expect(await readdir(folder)).toEqual(['a.png']);
  });

  it('says that the folder is missing', async () => {
    await expect(saveFile(join(folder, 'no', 'a.png'), Uint8Array.of(1))).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('there is no such file or folder'),
    });
  });

  it('says that a part of the path is a file', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(saveFile(join(folder, 'file', 'a.png'), Uint8Array.of(1))).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  it.skipIf(isRoot)('says that the folder is read-only (skipped as root, whom nothing stops)', async () => {
    await chmod(folder, 0o500);
    await expect(saveFile(join(folder, 'a.png'), Uint8Array.of(1))).rejects.toMatchObject({ code: 'permission' });
    await chmod(folder, 0o700);
  });
});

/** Whether a small file system can be mounted here: as root, and not in a container that forbids it. */
function canMount(): boolean {
  if (!isRoot || process.platform !== 'linux') return false;
  try {
    execFileSync('unshare', ['-m', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Saves in a process of its own inside a fresh mount namespace, where `setup` has been run. */
function saveIn(setup: string, path: string, bytes: number): unknown {
  const module = new URL('../../dist/files/save-file.js', import.meta.url).href;
  const script = `
    import { readdirSync } from 'node:fs';
    import { dirname } from 'node:path';
    import { saveFile } from '${module}';
    const path = ${JSON.stringify(path)};
    const code = await saveFile(path, new Uint8Array(${bytes})).then(() => 'saved', (error) => error.code);
    console.log(JSON.stringify({ code, left: readdirSync(dirname(path)) }));`;
  const command = `${setup} && exec "$0" --input-type=module -e "$1"`;
  const args = ['-m', 'sh', '-c', command, process.execPath, script];
  return JSON.parse(execFileSync('unshare', args, { encoding: 'utf8' }));
}

describe.skipIf(!canMount())('saveFile on a full or read-only disk (skipped where nothing can be mounted)', () => {
  it('says that the disk is full and leaves no half file', async () => {
    const disk = join(folder, 'disk');
    await mkdir(disk);
    const mount = `mount -t tmpfs -o size=1m tmpfs ${disk}`;
    expect(saveIn(mount, join(disk, 'a.png'), 4_000_000)).toEqual({ code: 'no-space', left: [] });
    expect(saveIn(mount, join(disk, 'a.png'), 4_000)).toEqual({ code: 'saved', left: ['a.png'] });
  });

  it('says that the file system is read-only', async () => {
    const disk = join(folder, 'disk');
    await mkdir(disk);
    const mount = `mount -t tmpfs -o ro tmpfs ${disk}`;
    expect(saveIn(mount, join(disk, 'a.png'), 100)).toEqual({ code: 'permission', left: [] });
  });
});
