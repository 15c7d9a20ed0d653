import { type AnonymiseReport, describeParameters, type Effect, effects } from '@focal/core';
import type { Edited } from 'focal';
import { Hono } from 'hono';
import { createEditReader } from '../edit-options.ts';
import { toHeaderText } from '../headers.ts';
import { mediaTypeOf } from '../negotiate.ts';
import { onlyPost } from './only-post.ts';
import { answerPicture, type PictureRoutesOptions, toServerTiming } from './picture-work.ts';

/** One route per effect of core's registry, and their description. */
export function effectRoutes(options: PictureRoutesOptions): Hono {
  const app = new Hono();
  app.get('/v1/effects', (context) => context.json({ effects: Object.values(effects).map(describeEffect) }));
  for (const effect of Object.values(effects)) {
    app.post(`/v1/${effect.name}`, (context) => {
      const reader = createEditReader(effect, context.req.header('accept'));
      const assetNames = effect.assets.map((asset) => asset.name);
      return answerPicture(context, options, reader, assetNames, async ({ image, assets, options: parsed, signal }) =>
        toEditResponse(await options.focal.edit(image, effect.name, { ...parsed, assets, signal })),
      );
    });
    onlyPost(app, effect.name, `/v1/${effect.name}`);
  }
  return app;
}

function describeEffect(effect: Effect): Record<string, unknown> {
  const { name, title, description, needs, assets, on } = effect;
  return { name, title, description, needs, assets, on, parameters: describeParameters(effect) };
}

/** The edited picture, with what is to be known of it in headers. */
export function toEditResponse(edited: Edited): Response {
  const { provenance, timings, warnings, reports } = edited;
  const headers: Record<string, string> = {
    'content-type': mediaTypeOf(edited.format),
    'content-length': String(edited.bytes.length),
    'cache-control': 'no-store',
    'focal-size': `${edited.width}x${edited.height}`,
    'focal-device': edited.device,
    'focal-models': provenance.models.join(', '),
    'server-timing': toServerTiming(timings),
  };
  if (provenance.notice !== undefined) headers['focal-notice'] = toHeaderText(provenance.notice);
  if (reports.length > 0) headers['focal-report'] = toHeaderText(JSON.stringify(reports.map(toShortReport)));
  if (warnings.length > 0) headers['focal-warnings'] = toHeaderText(warnings.join(' '));
  return new Response(edited.bytes as Uint8Array<ArrayBuffer>, { headers });
}

/** What fits a header: the verdicts, and what is to be said of the whole picture. */
function toShortReport({ verdict, careful, entries, warnings }: AnonymiseReport): object {
  const worst = entries.filter((entry) => entry.verdict !== 'safe').slice(0, 20);
  const named = worst.map((entry) => ({ id: entry.id, verdict: entry.verdict }));
  return { verdict, careful, hidden: entries.length, worst: named, warnings };
}
