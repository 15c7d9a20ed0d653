import { availableParallelism } from 'node:os';
import { readVersions } from '@focal/node';
import type { Engine } from './engine.ts';
import { freeMemory } from './profile.ts';
import type { About } from './types.ts';

/** This library's own version, as in its package.json. */
export const VERSION = '0.1.0';

export async function readAbout(engine: Engine): Promise<About> {
  return {
    versions: { focal: VERSION, node: process.versions.node, ...(await readVersions()) },
    platform: `${process.platform} ${process.arch}`,
    cores: availableParallelism(),
    threads: engine.threads,
    profile: engine.profile,
    freeMemoryBytes: freeMemory(),
    cacheFolder: engine.home.cache,
    dataFolder: engine.home.data,
    maxPixels: engine.maxPixels,
  };
}
