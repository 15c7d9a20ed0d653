import { type Matte, type Scene, type SceneJson, toMatteSize, toPackedMatte, toSceneJson } from '@focal/core';
import type { Focal } from 'focal';
import { Hono } from 'hono';
import { type AnalyzeChoice, createAnalyzeReader } from '../analyze-options.ts';
import { Refusal } from '../problems.ts';
import { answerPicture, type PictureRequest, type PictureRoutesOptions, toServerTiming } from './picture-work.ts';

/** Who and what is in a photo, as JSON. */
export function analyzeRoute(options: PictureRoutesOptions): Hono {
  const app = new Hono();
  app.post('/v1/analyze', (context) =>
    answerPicture(context, options, createAnalyzeReader(), [], (request) => analyze(request, options)),
  );
  app.all('/v1/analyze', () => {
    throw new Refusal('method-not-allowed', 'analyze takes pictures by POST.', { headers: { allow: 'POST' } });
  });
  return app;
}

async function analyze(
  { image, options, signal }: PictureRequest<AnalyzeChoice>,
  { focal }: PictureRoutesOptions,
): Promise<Response> {
  const { scene, timings } = await focal.analyseFile(image, options.facts, { signal });
  return Response.json(await toAnswer(focal, scene, options, signal), {
    headers: { 'cache-control': 'no-store', 'server-timing': toServerTiming(timings) },
  });
}

/** The scene as JSON, its alpha in the form that was asked for. */
export async function toAnswer(
  focal: Focal,
  scene: Scene,
  { mattes, vectors }: Omit<AnalyzeChoice, 'facts'>,
  signal: AbortSignal,
): Promise<SceneJson> {
  if (mattes !== 'png') {
    return toSceneJson(scene, { withVectors: vectors, matte: mattes === 'none' ? toMatteSize : toPackedMatte });
  }
  const pictures = new Map<Matte, string>();
  for (const matte of listMattes(scene)) {
    const png = await focal.encode(matte, { format: 'png', signal });
    pictures.set(matte, Buffer.from(png).toString('base64'));
  }
  return toSceneJson(scene, {
    withVectors: vectors,
    matte: (matte) => ({ width: matte.width, height: matte.height, png: pictures.get(matte) ?? '' }),
  });
}

function listMattes({ matte, subjects, saliency }: Scene): readonly Matte[] {
  return [
    ...(matte === undefined ? [] : [matte.matte]),
    ...(subjects?.subjects ?? []).map((subject) => subject.matte.matte),
    ...(saliency === undefined ? [] : [saliency.map]),
  ];
}
