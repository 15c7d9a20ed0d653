import { cropToAspect, FocalError, MAIN_SUBJECT_FACTS, toCropRegion } from '@focal/core';
import { Hono } from 'hono';
import { type CropChoice, createCropReader } from '../main-subject-options.ts';
import { onlyPost } from './only-post.ts';
import { answerPicture, type PictureRequest, type PictureRoutesOptions } from './picture-work.ts';
import { toPictureResponse } from './scene-picture.ts';

/** A photo cut to a shape around what it is about. */
export function cropRoute(options: PictureRoutesOptions): Hono {
  const app = new Hono();
  app.post('/v1/crop', (context) => {
    const reader = createCropReader(context.req.header('accept'));
    return answerPicture(context, options, reader, [], (request) => crop(request, options));
  });
  onlyPost(app, 'crop', '/v1/crop');
  return app;
}

async function crop(
  { image, options, signal }: PictureRequest<CropChoice>,
  { focal }: PictureRoutesOptions,
): Promise<Response> {
  const { aspect, ...choice } = options;
  const analysed = await focal.analyseFile(image, MAIN_SUBJECT_FACTS, { signal, withPicture: true });
  const { scene, picture, timings } = analysed;
  if (picture === undefined) throw new FocalError('internal', 'There is no picture.');
  const region = toCropRegion(cropToAspect(scene, aspect.ratio), scene, aspect.ratio);
  const { x, y, width, height } = region;
  return toPictureResponse(focal, await focal.crop(picture, region, { signal }), {
    encoding: { ...choice, of: image, format: choice.format ?? analysed.format ?? 'jpeg' },
    scene,
    timings,
    signal,
    headers: { 'focal-crop': [x, y, width, height].join(',') },
  });
}
