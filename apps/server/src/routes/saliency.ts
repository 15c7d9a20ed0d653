import { FocalError, MAIN_SUBJECT_FACTS, type Scene } from '@focal/core';
import { Hono } from 'hono';
import { createSaliencyReader, type SaliencyChoice } from '../main-subject-options.ts';
import { toAnswer } from './analyze.ts';
import { onlyPost } from './only-post.ts';
import { answerPicture, type PictureRequest, type PictureRoutesOptions, toServerTiming } from './picture-work.ts';
import { toPictureResponse } from './scene-picture.ts';

/** What a photo is about and why: as JSON, or the evidence as a picture. */
export function saliencyRoute(options: PictureRoutesOptions): Hono {
  const app = new Hono();
  app.post('/v1/saliency', (context) => {
    const reader = createSaliencyReader(context.req.header('accept'));
    return answerPicture(context, options, reader, [], (request) => findSaliency(request, options));
  });
  onlyPost(app, 'saliency', '/v1/saliency');
  return app;
}

async function findSaliency(
  { image, options, signal }: PictureRequest<SaliencyChoice>,
  { focal }: PictureRoutesOptions,
): Promise<Response> {
  const { heat, map, picture: choice } = options;
  const { scene, picture, timings } = await focal.analyseFile(image, MAIN_SUBJECT_FACTS, { signal, withPicture: heat });
  if (choice === undefined) {
    const { saliency } = await toAnswer(focal, onlySaliency(scene), { mattes: map, vectors: false }, signal);
    return Response.json(saliency, {
      headers: { 'cache-control': 'no-store', 'server-timing': toServerTiming(timings) },
    });
  }
  const drawn =
    picture === undefined
      ? await focal.drawSaliency(scene, { signal })
      : await focal.drawHeat(picture, scene, { signal });
  const encoding = { ...choice, format: choice.format ?? (heat ? 'jpeg' : 'png') };
  return toPictureResponse(focal, drawn, { encoding, scene, timings, signal });
}

function onlySaliency({ version, width, height, saliency }: Scene): Scene {
  if (saliency === undefined) throw new FocalError('internal', 'There is no saliency.');
  return { version, width, height, facts: ['saliency'], saliency };
}
