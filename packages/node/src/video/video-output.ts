import { mkdir, readdir, realpath, rename, rm, rmdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { FocalError } from '@focal/core';
import {
  createVideoWriter,
  type FrameSink,
  formatOfName,
  type VideoFile,
  type VideoFormat,
  type VideoQuality,
} from '@focal/video';
import { toFileError } from '../files/file-error.ts';
import { moveIntoPlace, temporaryName } from '../files/save-file.ts';
import { createFileTarget, type FileTarget } from './file-target.ts';
import { createPngFolder } from './png-folder.ts';

/** Where a rendered video goes. Plain data. */
export interface VideoOutput {
  /** A file that ends in .mp4, .webm or .mov, or with `format: 'png'` a folder. */
  readonly path: string;
  /** Default: by the name. */
  readonly format?: VideoFormat | 'png';
  /** Replaces a file that is there. Default: throws `exists`. A folder is never replaced. */
  readonly force?: boolean;
  readonly quality?: VideoQuality;
}

/** A result that appears when it is whole, or not at all. */
export interface PendingOutput {
  readonly format: VideoFormat | 'png';
  openSink(size: { readonly width: number; readonly height: number }): Promise<FrameSink>;
  /** Gives the result its name; bytes of the file, or of nothing for a folder. */
  commit(): Promise<number>;
  /** Deletes what was written. Idempotent, and nothing after `commit`. */
  discard(): Promise<void>;
}

export interface PendingOutputOptions {
  readonly input: string;
  readonly output: VideoOutput;
  readonly file: VideoFile;
  readonly hasAlpha: boolean;
}

/**
 * Checks where a result is to go before any work is done. Throws `exists`, `not-found` (no folder for it) and
 * `invalid-argument` (it is the video that is read, or its name tells no format).
 */
export async function prepareOutput({ input, output, file, hasAlpha }: PendingOutputOptions): Promise<PendingOutput> {
  const path = resolve(output.path);
  const format = output.format ?? formatOfName(path);
  await assertFree(input, path, format, output.force === true);
  const temporary = temporaryName(path);
  let target: FileTarget | undefined;
  let isDone = false;
  return {
    format,
    async openSink({ width, height }) {
      if (format === 'png') return createPngFolder(temporary, path);
      target = await createFileTarget(temporary, path);
      return createVideoWriter({
        target: target.target,
        format,
        width,
        height,
        // What is transparent in the video stays so where the format has it.
        hasAlpha: hasAlpha || (format !== 'mp4' && (await file.video.canBeTransparent())),
        audio: file.audio,
        ...(output.quality === undefined ? {} : { quality: output.quality }),
      });
    },
    async commit() {
      await target?.close();
      try {
        const { size } = await stat(temporary);
        if (format !== 'png') {
          await moveIntoPlace(temporary, path, { force: output.force === true });
        } else {
          // Empty, as was seen above; else the system refuses.
          await rmdir(path).catch(() => undefined);
          await rename(temporary, path);
        }
        isDone = true;
        return format === 'png' ? 0 : size;
      } catch (error) {
        throw toFileError(error, 'write', path);
      }
    },
    async discard() {
      if (isDone) return;
      await target?.close().catch(() => undefined);
      await rm(temporary, { recursive: true, force: true });
    },
  };
}

async function assertFree(input: string, path: string, format: VideoFormat | 'png', force: boolean): Promise<void> {
  if (await isSameFile(input, path)) {
    throw new FocalError('invalid-argument', 'Expected another name for the result than that of the video.', {
      hint: 'Originals are never written to.',
    });
  }
  const there = await stat(path).catch(() => undefined);
  if (there === undefined) {
    const folder = dirname(path);
    if (format === 'png') await mkdir(folder, { recursive: true }).catch(() => undefined);
    const isFolder = (await stat(folder).catch(() => undefined))?.isDirectory() ?? false;
    if (!isFolder) throw new FocalError('not-found', `There is no folder ${folder}.`, { hint: 'Make it first.' });
    return;
  }
  if (format === 'png' && there.isDirectory()) {
    if ((await readdir(path)).length === 0) return;
    throw new FocalError('exists', `The folder ${path} is not empty.`, { hint: 'Name another folder for the frames.' });
  }
  if (there.isDirectory())
    throw new FocalError('invalid-argument', `Expected a name for a file, got the folder ${path}.`);
  if (!force || format === 'png') {
    throw new FocalError('exists', `There is a file ${path} already.`, {
      hint: format === 'png' ? 'Name another folder.' : 'Choose another name, or overwrite it on purpose.',
    });
  }
}

async function isSameFile(a: string, b: string): Promise<boolean> {
  const real = async (path: string): Promise<string> => {
    const full = resolve(path);
    return realpath(full).catch(async () =>
      join(await realpath(dirname(full)).catch(() => dirname(full)), basename(full)),
    );
  };
  return (await real(a)) === (await real(b));
}
