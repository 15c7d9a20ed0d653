import { tmpdir } from 'node:os';
import { describeParameters, type Effect, effects, FocalError } from '@focal/core';
import type { Edited, Focal } from 'focal';
import { type Context, Hono } from 'hono';
import { createOptionReader } from '../edit-options.ts';
import type { Limits } from '../limits.ts';
import { mediaTypeOf } from '../negotiate.ts';
import { Refusal } from '../problems.ts';
import type { Queue } from '../queue.ts';
import { limitTime } from '../time-limit.ts';
import { createUploadFolder, type UploadFolder } from '../uploads/folder.ts';
import { receiveUpload } from '../uploads/receive.ts';

export interface EffectRoutesOptions {
  readonly focal: Focal;
  readonly limits: Limits;
  readonly queue: Queue;
  /** Aborts all that runs: the server is ending. */
  readonly signal?: AbortSignal;
  /** Where uploads go. Default: the system's folder for temporary files. */
  readonly uploadsFolder?: string;
}

/** One route per effect of core's registry, and their description. */
export function effectRoutes(options: EffectRoutesOptions): Hono {
  const app = new Hono();
  app.get('/v1/effects', (context) => context.json({ effects: Object.values(effects).map(describeEffect) }));
  for (const effect of Object.values(effects)) {
    app.post(`/v1/${effect.name}`, (context) => applyEffect(context, effect, options));
    app.all(`/v1/${effect.name}`, () => {
      throw new Refusal('method-not-allowed', `${effect.name} takes pictures by POST.`, { headers: { allow: 'POST' } });
    });
  }
  return app;
}

function describeEffect(effect: Effect): Record<string, unknown> {
  const { name, title, description, needs, assets } = effect;
  return { name, title, description, needs, assets, parameters: describeParameters(effect) };
}

/** Place in the queue, upload, turn, work, answer. Whatever happens, place and files are given back. */
async function applyEffect(context: Context, effect: Effect, options: EffectRoutesOptions): Promise<Response> {
  const { focal, limits, queue } = options;
  const request = context.req.raw;
  const stop = options.signal === undefined ? request.signal : AbortSignal.any([request.signal, options.signal]);
  if (options.signal?.aborted) throw new FocalError('closed', 'The server is ending.');
  const reader = createOptionReader(effect, context.req.header('accept'));
  for (const [name, value] of new URL(request.url).searchParams) reader.set(name, value);
  // What the query says wrong is refused before the body is read, but it is not yet known which pictures come.
  reader.parse();

  using ticket = queue.enter();
  await using folder = await createUploadFolder(options.uploadsFolder ?? tmpdir());
  using uploadTime = limitTime(stop, limits.uploadTimeoutMs, 'The upload');
  const files = await receiveUpload(request, {
    folder: folder.path,
    fileNames: ['image', ...effect.assets.map((asset) => asset.name)],
    maxBytes: limits.maxUploadBytes,
    onField: (name, value) => reader.set(name, value),
    signal: uploadTime.signal,
  });
  const { image = '', ...assets } = Object.fromEntries(files);
  const parsed = reader.parse(Object.keys(assets));

  await ticket.turn(stop);
  using workTime = limitTime(stop, limits.workTimeoutMs, 'The work');
  const work = { ...parsed, assets, signal: workTime.signal };
  const edited = await focal.edit(image, effect.name, work).catch((error) => {
    throw toWorkError(error, workTime.signal, folder);
  });
  return toResponse(edited);
}

/** The reason of the abort where there is one, and no path of ours in the message. */
function toWorkError(error: unknown, signal: AbortSignal, folder: UploadFolder): unknown {
  if (signal.aborted && signal.reason instanceof FocalError) return signal.reason;
  if (!(error instanceof FocalError)) return error;
  const message = error.message.replaceAll(/\S*focal-upload-[^\s"']*\/([\w-]+)/g, '$1').replaceAll(folder.path, '');
  const { code, hint } = error;
  return new FocalError(code, message, { ...(hint === undefined ? {} : { hint }), cause: error });
}

function toResponse(edited: Edited): Response {
  const { provenance, timings } = edited;
  const headers: Record<string, string> = {
    'content-type': mediaTypeOf(edited.format),
    'content-length': String(edited.bytes.length),
    'cache-control': 'no-store',
    'focal-size': `${edited.width}x${edited.height}`,
    'focal-device': edited.device,
    'focal-models': provenance.models.join(', '),
    'server-timing': Object.entries(timings)
      .map(([stage, ms]) => `${stage};dur=${ms.toFixed(1)}`)
      .join(', '),
  };
  if (provenance.notice !== undefined) headers['focal-notice'] = toHeaderText(provenance.notice);
  return new Response(edited.bytes as Uint8Array<ArrayBuffer>, { headers });
}

/** Header values are ASCII on one line. */
function toHeaderText(text: string): string {
  return text.replaceAll(/[^\x21-\x7e]+/g, ' ').trim();
}
