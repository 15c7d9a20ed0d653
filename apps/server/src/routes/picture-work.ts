import { tmpdir } from 'node:os';
import { FocalError } from '@focal/core';
import type { Focal } from 'focal';
import type { Context } from 'hono';
import type { OptionReader } from '../option-reader.ts';
import { createUploadFolder, type UploadFolder } from '../uploads/folder.ts';
import { receiveUpload } from '../uploads/receive.ts';
import type { ReceiveOptions } from '../uploads/types.ts';
import { type TurnOptions, takeTurn } from './take-turn.ts';

export interface PictureRoutesOptions extends TurnOptions {
  readonly focal: Focal;
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
export type FormFiles = Pick<ReceiveOptions, 'otherFiles' | 'maxFieldBytes' | 'photoName'> & {
  /** Names of further files that a form may hold. */
  readonly names?: readonly string[];
};

/**
 * Answers a request that brings pictures: place in the queue, upload, turn, work, answer. Whatever happens, place and
 * files are given back.
 * @param form names of further pictures that a form may hold, or what else is different about it
 */
export async function answerPicture<Options>(
  context: Context,
  options: PictureRoutesOptions,
  reader: OptionReader<Options>,
  form: readonly string[] | FormFiles,
  work: (request: PictureRequest<Options>) => Promise<Response>,
): Promise<Response> {
  const { names = [], ...own }: FormFiles = isNames(form) ? { names: form } : form;
  const { photoName = 'image' } = own;
  const { limits, uploadsFolder } = options;
  const request = context.req.raw;
  for (const [name, value] of new URL(request.url).searchParams) reader.set(name, value);
  // What the query says wrong is refused before the body is read, but it is not yet known which pictures come.
  reader.parse();

  return takeTurn(context, options, async (turn) => {
    await using folder = await createUploadFolder(uploadsFolder ?? tmpdir());
    const files = await turn.receive((time) =>
      receiveUpload(request, {
        folder: folder.path,
        ...own,
        fileNames: [photoName, ...names],
        maxBytes: limits.maxUploadBytes,
        onField: (name, value) => reader.set(name, value),
        signal: time,
      }),
    );
    const { [photoName]: image = '', ...assets } = Object.fromEntries(files);
    const choice = reader.parse(Object.keys(assets));
    return await turn.work((time) =>
      work({ image, assets, options: choice, signal: time }).catch((error) => {
        throw hidePaths(error, folder);
      }),
    );
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

/** No path of ours in the message. */
function hidePaths(error: unknown, folder: UploadFolder): unknown {
  if (!(error instanceof FocalError)) return error;
  const message = error.message.replaceAll(/\S*focal-upload-[^\s"']*\/([\w-]+)/g, '$1').replaceAll(folder.path, '');
  const { code, hint } = error;
  return new FocalError(code, message, { ...(hint === undefined ? {} : { hint }), cause: error });
}
