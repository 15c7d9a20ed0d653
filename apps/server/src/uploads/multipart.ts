import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { FocalError } from '@focal/core';
import busboy from 'busboy';
import { missingPicture, toUploadError } from './errors.ts';
import type { Pump, Received, ReceiveOptions } from './types.ts';

const MAX_FIELD_BYTES = 4096;
const MAX_FIELDS = 100;
/** What files may be called that a form names by itself. */
const OTHER_NAME = /^[\w][\w .-]{0,99}$/;

/**
 * Reads a form: known files go to the folder, fields to `onField`. The first thing that is wrong ends the upload, so
 * that nobody sends 60 MB to learn of a misspelt option.
 */
export async function receiveMultipart(pump: Pump, contentType: string, options: ReceiveOptions): Promise<Received> {
  const files = new Map<string, string>();
  const writing: Promise<void>[] = [];
  const failed = new AbortController();
  const signal = AbortSignal.any([options.signal, failed.signal]);
  const { maxFieldBytes = MAX_FIELD_BYTES, otherFiles = 0, photoName = 'image' } = options;
  const parser = createParser(contentType, options.fileNames.length + otherFiles, maxFieldBytes);

  parser.on('field', (name, value, { valueTruncated }) => {
    attempt(failed, () => {
      // Other names may stand for a picture and for an option: background=color, background=@beach.jpg.
      if (name === photoName) {
        throw new FocalError('invalid-argument', `Expected a file for ${name}, got text.`, {
          hint: 'The part of a file has a filename="…" in its Content-Disposition.',
        });
      }
      if (valueTruncated) throw invalid(`Expected at most ${maxFieldBytes} bytes for ${name}, got more.`);
      options.onField(name, value);
    });
  });
  parser.on('file', (name, stream) => {
    const allowed = attempt(failed, () => assertFileName(name, files, options.fileNames, otherFiles));
    if (!allowed) return void stream.on('error', () => undefined).resume();
    const path = join(options.folder, options.fileNames.includes(name) ? name : `other-${files.size}`);
    files.set(name, path);
    writing.push(writeFile(name, stream, path, signal).catch((error) => failed.abort(error)));
  });
  for (const event of ['partsLimit', 'filesLimit', 'fieldsLimit'] as const) {
    parser.on(event, () => failed.abort(invalid('The form has too many parts.')));
  }

  await pump(parser, signal).catch((error) => failed.abort(error));
  await Promise.all(writing);
  if (options.signal.aborted) throw toUploadError(options.signal.reason, options.signal);
  if (failed.signal.aborted) throw toMultipartError(failed.signal.reason, options.signal);
  if (!files.has(photoName)) throw missingPicture(`a form without the file "${photoName}"`, photoName);
  return files;
}

function createParser(contentType: string, files: number, fieldSize: number): busboy.Busboy {
  try {
    return busboy({
      headers: { 'content-type': contentType },
      limits: { files, fields: MAX_FIELDS, fieldSize, fieldNameSize: 100 },
    });
  } catch (error) {
    throw new FocalError('invalid-argument', 'The content type of the form names no boundary.', { cause: error });
  }
}

async function writeFile(name: string, stream: Readable, path: string, signal: AbortSignal): Promise<void> {
  const file = createWriteStream(path, { flags: 'wx', mode: 0o600 });
  await pipeline(stream, file, { signal });
  if (file.bytesWritten === 0) throw missingPicture(`an empty file for ${name}`, name);
}

function assertFileName(
  name: string,
  files: ReadonlyMap<string, string>,
  known: readonly string[],
  otherFiles: number,
): void {
  if (!known.includes(name) && !(otherFiles > 0 && OTHER_NAME.test(name))) {
    throw new FocalError('invalid-argument', `There is no file field ${JSON.stringify(name.slice(0, 60))}.`, {
      hint: `Files go by the names ${known.join(', ')}.`,
    });
  }
  if (files.has(name)) throw invalid(`Expected one file for ${name}, got several.`);
}

/** Whether `check` passed; what it throws becomes the reason of the abort. */
function attempt(controller: AbortController, check: () => void): boolean {
  try {
    check();
    return !controller.signal.aborted;
  } catch (error) {
    controller.abort(error);
    return false;
  }
}

function toMultipartError(error: unknown, signal: AbortSignal): unknown {
  const known = toUploadError(error, signal);
  if (known instanceof FocalError || (error as NodeJS.ErrnoException).code !== undefined) return known;
  // What is left are busboy's complaints about the form itself, such as "Unexpected end of form".
  const detail = error instanceof Error ? error.message : String(error);
  return new FocalError('invalid-argument', `The form cannot be read: ${detail}.`, { cause: error });
}

function invalid(message: string): FocalError {
  return new FocalError('invalid-argument', message);
}
