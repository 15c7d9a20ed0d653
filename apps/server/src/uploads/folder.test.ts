import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createUploadFolder, sweepUploadFolders } from './folder.ts';

let parent = '';
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'focal-folder-test-'));
});
afterEach(() => rm(parent, { recursive: true }));

describe('createUploadFolder', () => {
  it('makes a folder for this user only and removes it with its files', async () => {
    const folder = await createUploadFolder(parent);
    const forOthers = process.platform === 'win32' ? 0 : (await stat(folder.path)).mode & 0o077;
    expect(forOthers).toBe(0);
    await writeFile(join(folder.path, 'image'), 'x');
    await folder[Symbol.asyncDispose]();
    expect(existsSync(folder.path)).toBe(false);
    await folder[Symbol.asyncDispose]();
  });
});

describe('sweepUploadFolders', () => {
  it('removes what killed processes left, and nothing else', async () => {
    const own = await createUploadFolder(parent);
    const left = join(parent, 'focal-upload-99999999-abc');
    const others = join(parent, 'something-else');
    for (const path of [left, others]) await mkdir(path);
    await writeFile(join(left, 'image'), 'x');
    expect(await sweepUploadFolders(parent)).toBe(1);
    expect(existsSync(left)).toBe(false);
    expect(existsSync(others)).toBe(true);
    expect(existsSync(own.path)).toBe(true);
  });

  it('finds nothing in a folder that is missing', async () => {
    expect(await sweepUploadFolders(join(parent, 'missing'))).toBe(0);
  });
});
