import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findHome, makePrivateFolder } from './home.ts';

const linux = { platform: 'linux', homedir: '/home/ada', env: {} } as const;

describe('findHome', () => {
  it('takes the given folder, then FOCAL_HOME', () => {
    const facts = { ...linux, env: { FOCAL_HOME: '/own' } };
    expect(findHome('/given', facts)).toEqual({ cache: resolve('/given/cache'), data: resolve('/given/data') });
    expect(findHome(undefined, facts)).toEqual({ cache: resolve('/own/cache'), data: resolve('/own/data') });
  });

  it('takes the usual places of each system', () => {
    expect(findHome(undefined, linux)).toEqual({
      cache: join('/home/ada', '.cache', 'focal'),
      data: join('/home/ada', '.local', 'share', 'focal'),
    });
    expect(findHome(undefined, { ...linux, env: { XDG_CACHE_HOME: '/c', XDG_DATA_HOME: '/d' } })).toEqual({
      cache: join('/c', 'focal'),
      data: join('/d', 'focal'),
    });
    expect(findHome(undefined, { ...linux, platform: 'darwin' }).cache).toBe(
      join('/home/ada', 'Library', 'Caches', 'Focal'),
    );
    expect(findHome(undefined, { ...linux, platform: 'win32', env: { LOCALAPPDATA: '/local' } }).cache).toBe(
      join('/local', 'Focal', 'Cache'),
    );
  });
});

describe('makePrivateFolder', () => {
  it('makes folders that only their user can read', async () => {
    const base = await mkdtemp(join(tmpdir(), 'focal-home-'));
    try {
      await makePrivateFolder(join(base, 'a', 'b'));
      expect((await stat(join(base, 'a', 'b'))).mode & 0o077).toBe(0);
    } finally {
      await rm(base, { recursive: true });
    }
  });
});
