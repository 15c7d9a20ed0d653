import { type Matte, type Scene, type SceneJson, toSceneJson } from '@focal/core';
import type { Focal } from 'focal';
import { Hono } from 'hono';
import { type AnalyzeChoice, createAnalyzeReader } from '../analyze-options.ts';
import { onlyPost } from './only-post.ts';
import { answerPicture, type PictureRequest, type PictureRoutesOptions, toServerTiming } from './picture-work.ts';
import { writeMattes } from './write-mattes.ts';

/** Who and what is in a photo, as JSON. */
export function analyzeRoute(options: PictureRoutesOptions): Hono {
  const app = new Hono();
  app.post('/v1/analyze', (context) =>
    answerPicture(context, options, createAnalyzeReader(), [], (request) => analyze(request, options)),
  );
  onlyPost(app, 'analyze', '/v1/analyze');
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
  const matte = await writeMattes(focal, listMattes(scene), mattes, signal);
  return toSceneJson(scene, { withVectors: vectors, matte });
}

function listMattes({ matte, subjects, saliency }: Scene): readonly Matte[] {
  return [
    ...(matte === undefined ? [] : [matte.matte]),
    ...(subjects?.subjects ?? []).map((subject) => subject.matte.matte),
    ...(saliency === undefined ? [] : [saliency.map]),
  ];
}
