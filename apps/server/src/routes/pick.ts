import { toPickJson } from '@focal/core';
import { Hono } from 'hono';
import { createPickReader, type PickChoice } from '../main-subject-options.ts';
import { onlyPost } from './only-post.ts';
import { answerPicture, type PictureRequest, type PictureRoutesOptions, toServerTiming } from './picture-work.ts';
import { toPictureResponse } from './scene-picture.ts';
import { writeMattes } from './write-mattes.ts';

/** What is at a point of a photo: cut out, or as JSON. */
export function pickRoute(options: PictureRoutesOptions): Hono {
  const app = new Hono();
  app.post('/v1/pick', (context) => {
    const reader = createPickReader(context.req.header('accept'));
    return answerPicture(context, options, reader, [], (request) => pick(request, options));
  });
  onlyPost(app, 'pick', '/v1/pick');
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
    const matte = await writeMattes(focal, [found.pick.matte.matte], mattes, signal);
    return Response.json(toPickJson(scene, point, found.pick, { matte }), {
      headers: { 'cache-control': 'no-store', 'server-timing': toServerTiming(timings) },
    });
  }
  const drawn =
    output === 'matte'
      ? await focal.refineMatte(found.picture, picked, { signal })
      : await focal.render(found.picture, picked, 'cutout', {}, { signal });
  // A matte is no photo.
  const encoding = { ...choice, ...(output === 'picture' && { of: image }), format: choice.format ?? 'png' };
  return toPictureResponse(focal, drawn, { encoding, scene: picked, timings, signal });
}
