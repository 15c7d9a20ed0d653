import { tmpdir } from 'node:os';
import { FocalError } from '@focal/core';
import type { Focal } from 'focal';
import type { Context } from 'hono';
import type { Limits } from '../limits.ts';
import type { OptionReader } from '../option-reader.ts';
import type { Queue } from '../queue.ts';
import { limitTime } from '../time-limit.ts';
import { createUploadFolder, type UploadFolder } from '../uploads/folder.ts';
import { receiveUpload } from '../uploads/receive.ts';
import type { ReceiveOptions } from '../uploads/types.ts';

export interface PictureRoutesOptions {
  readonly focal: Focal;
  readonly limits: Limits;
  readonly queue: Queue;
  /** Aborts all that runs: the server is ending. */
  readonly signal?: AbortSignal;
  /** Where uploads go. Default: the system's folder for temporary files. */
  readonly uploadsFolder?: string;
}

/** What came with a request. */
export interface PictureRequest<Options> {
  /** Path of the photo. */
  readonly image: string;
  /** Paths of the further pictures, by name. */
  readonly assets: Readonly<Record<string, string>>;
  readonly options: Options;
  /** Aborts when the client leaves, the server ends, or the work takes too long. */
  readonly signal: AbortSignal;
}

/** What is different about a route's form. */
export type FormFiles = Pick<ReceiveOptions, 'otherFiles' | 'maxFieldBytes' | 'photoName'>;

/**
 * Answers a request that brings pictures: place in the queue, upload, turn, work, answer. Whatever happens, place and
 * files are given back.
 * @param form names of further pictures that a form may hold, or what else is different about it
 */
export async function answerPicture<Options>(
  context: Context,
  { limits, queue, signal, uploadsFolder }: PictureRoutesOptions,
  reader: OptionReader<Options>,
  form: readonly string[] | FormFiles,
  work: (request: PictureRequest<Options>) => Promise<Response>,
): Promise<Response> {
  const [names, own] = isNames(form) ? [form, {}] : [[], form];
  const { photoName = 'image' } = own;
  const request = context.req.raw;
  const stop = signal === undefined ? request.signal : AbortSignal.any([request.signal, signal]);
  if (signal?.aborted) throw new FocalError('closed', 'The server is ending.');
  for (const [name, value] of new URL(request.url).searchParams) reader.set(name, value);
  // What the query says wrong is refused before the body is read, but it is not yet known which pictures come.
  reader.parse();

  using ticket = queue.enter();
  await using folder = await createUploadFolder(uploadsFolder ?? tmpdir());
  using uploadTime = limitTime(stop, limits.uploadTimeoutMs, 'The upload');
  const files = await receiveUpload(request, {
    folder: folder.path,
    ...own,
    fileNames: [photoName, ...names],
    maxBytes: limits.maxUploadBytes,
    onField: (name, value) => reader.set(name, value),
    signal: uploadTime.signal,
  });
  const { [photoName]: image = '', ...assets } = Object.fromEntries(files);
  const options = reader.parse(Object.keys(assets));

  await ticket.turn(stop);
  using workTime = limitTime(stop, limits.workTimeoutMs, 'The work');
  return await work({ image, assets, options, signal: workTime.signal }).catch((error) => {
    throw toWorkError(error, workTime.signal, folder);
  });
}

function isNames(form: readonly string[] | FormFiles): form is readonly string[] {
  return Array.isArray(form);
}

/** `server-timing` of these stages, in milliseconds. */
export function toServerTiming(timings: Readonly<Record<string, number>>): string {
  return Object.entries(timings)
    .map(([stage, ms]) => `${stage};dur=${ms.toFixed(1)}`)
    .join(', ');
}

/** The reason of the abort where there is one, and no path of ours in the message. */
function toWorkError(error: unknown, signal: AbortSignal, folder: UploadFolder): unknown {
  if (signal.aborted && signal.reason instanceof FocalError) return signal.reason;
  if (!(error instanceof FocalError)) return error;
  const message = error.message.replaceAll(/\S*focal-upload-[^\s"']*\/([\w-]+)/g, '$1').replaceAll(folder.path, '');
  const { code, hint } = error;
  return new FocalError(code, message, { ...(hint === undefined ? {} : { hint }), cause: error });
}
