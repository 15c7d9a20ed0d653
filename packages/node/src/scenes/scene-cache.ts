import { createHash } from 'node:crypto';
import { fromSceneJson, SCENE_JSON_VERSION, type Scene, toSceneJson } from '@focal/core';
import { ANALYSER_VERSION, catalogue, type ModelStore } from '@focal/models';
import type { DiskCache } from '../models/disk-cache.ts';

/**
 * Scenes on disk, by the content of the file and the models that look at it: a photo that was moved or renamed is
 * known, and with a new model or a new version of Focal it is looked at again. Never holds who people are.
 */
export interface SceneCache {
  /** Names the scene of these bytes as today's models would find it. */
  keyOf(file: Uint8Array): Promise<string>;
  read(key: string): Promise<Scene | undefined>;
  /** In place of what was there. */
  keep(key: string, scene: Scene): Promise<void>;
}

export function createSceneCache({
  cache,
  store,
}: {
  readonly cache: DiskCache;
  readonly store: ModelStore;
}): SceneCache {
  return {
    async keyOf(file) {
      const models = await Promise.all(
        catalogue.map(async ({ id, sha256 }) => {
          const own = store.own?.(id);
          if (own !== undefined) return `${id}=own ${own.sha256}`;
          return (await store.has(id)) ? `${id}=${sha256}` : `${id} missing`;
        }),
      );
      const content = createHash('sha256').update(file).digest('hex');
      return ['scene', SCENE_JSON_VERSION, ANALYSER_VERSION, content, ...models].join('\n');
    },
    async read(key) {
      const bytes = await cache.read(key, 'scene.json');
      if (bytes === undefined) return undefined;
      try {
        return fromSceneJson(JSON.parse(new TextDecoder().decode(bytes)));
      } catch {
        // A file that was cut short or changed: the photo is looked at again, and the file replaced.
        return undefined;
      }
    },
    async keep(key, scene) {
      await cache.keep(key, 'scene.json', new TextEncoder().encode(JSON.stringify(toSceneJson(scene))));
    },
  };
}
