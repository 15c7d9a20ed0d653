import { FocalError } from '@focal/core';
import { catalogue } from './entries.ts';
import type { ModelEntry } from './entry.ts';

export { catalogue } from './entries.ts';
export type {
  DownloadFile,
  DownloadSource,
  ModelEntry,
  ModelId,
  ModelInput,
  ModelSource,
  ModelTask,
  PackageSource,
} from './entry.ts';
export { derivedKey, toRunnableOnnx } from './runnable.ts';

/** The catalogue entry of this id. Throws `not-found` with the ids there are. */
export function getModel(id: string): ModelEntry {
  const entry = catalogue.find((model) => model.id === id);
  if (entry === undefined) {
    throw new FocalError('not-found', `Expected the id of a model, got ${id}.`, {
      hint: `There are ${catalogue.map((model) => model.id).join(', ')}.`,
    });
  }
  return entry;
}
