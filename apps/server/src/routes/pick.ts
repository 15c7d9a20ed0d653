import { type MatteJson, toMatteSize, toPackedMatte, toPickJson } from '@focal/core';
import type { Focal, PickedFile } from 'focal';
import { Hono } from 'hono';
import type { MatteForm } from '../analyze-options.ts';
import { createPickReader, type PickChoice } from '../main-subject-options.ts';
import { Refusal } from '../problems.ts';
import { answerPicture, type PictureRequest, type PictureRoutesOptions, toServerTiming } from './picture-work.ts';
import { toPictureResponse } from './scene-picture.ts';

/** What is at a point of a photo: cut out, or as JSON. */
export function pickRoute(options: PictureRoutesOptions): Hono {
  const app = new Hono();
  app.post('/v1/pick', (context) => {
    const reader = createPickReader(context.req.header('accept'));
    return answerPicture(context, options, reader, [], (request) => pick(request, options));
  });
  app.all('/v1/pick', () => {
    throw new Refusal('method-not-allowed', 'pick takes pictures by POST.', { headers: { allow: 'POST' } });
  });
  return app;
}

async function pick(
  { image, options, signal }: PictureRequest<PickChoice>,
  { focal }: PictureRoutesOptions,
): Promise<Response> {
  const { point, picture: choice, output, mattes } = options;
  const found = await focal.pickFile(image, point, { signal });
  const { scene, picked, timings } = found;
  if (choice === undefined) {
    const written = await writeAlpha(focal, found, mattes, signal);
    return Response.json(toPickJson(scene, point, found.pick, { matte: () => written }), {
      headers: { 'cache-control': 'no-store', 'server-timing': toServerTiming(timings) },
    });
  }
  const drawn =
    output === 'matte'
      ? await focal.refineMatte(found.picture, picked, { signal })
      : await focal.render(found.picture, picked, 'cutout', {}, { signal });
  const encoding = { ...choice, format: choice.format ?? 'png' };
  return toPictureResponse(focal, drawn, { encoding, scene: picked, timings, signal });
}

async function writeAlpha(
  focal: Focal,
  { pick: { matte } }: PickedFile,
  form: MatteForm,
  signal: AbortSignal,
): Promise<MatteJson> {
  if (form === 'none') return toMatteSize(matte.matte);
  if (form === 'packbits') return toPackedMatte(matte.matte);
  const png = await focal.encode(matte.matte, { format: 'png', signal });
  return { ...toMatteSize(matte.matte), png: Buffer.from(png).toString('base64') };
}
