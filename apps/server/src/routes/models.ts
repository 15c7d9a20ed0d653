import { FocalError } from '@focal/core';
import type { Focal } from 'focal';
import { Hono } from 'hono';
import { IMMUTABLE, REVALIDATE, sendFile } from '../files.ts';

/** What models there are, and their files in the form that browsers run. */
export function modelRoutes(focal: Focal, version: string): Hono {
  return new Hono()
    .get('/v1/models', async (context) => {
      const models = await focal.models();
      const link = (id: string, sha256: string): string => `/v1/models/${id}/onnx?v=${version}-${sha256.slice(0, 16)}`;
      return context.json({ models: models.map((each) => ({ ...each, onnx: link(each.id, each.sha256) })) });
    })
    .get('/v1/models/:id/onnx', async (context) => {
      const id = context.req.param('id');
      const models = await focal.models();
      if (!models.some((model) => model.id === id)) {
        throw new FocalError('not-found', `There is no model ${JSON.stringify(id.slice(0, 60))}.`, {
          hint: `There are ${models.map((model) => model.id).join(', ')}.`,
        });
      }
      // The address with a version stands for one content; the bare one may change with the next release.
      const cacheControl = context.req.query('v') === undefined ? REVALIDATE : IMMUTABLE;
      const path = await focal.modelPath(id);
      return sendFile(context.req.raw, path, { cacheControl, type: 'application/octet-stream' });
    });
}
