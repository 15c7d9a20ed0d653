import { FocalError } from '@focal/core';
import type { Focal, ModelStatus } from 'focal';
import { Hono } from 'hono';
import { IMMUTABLE, REVALIDATE, sendFile } from '../files.ts';

/** What the live page offers. */
const PULLED_HERE: readonly string[] = ['nanotrack-v2'];

/** What models there are, their files in the form that browsers run, and the download of those that are not bundled. */
export function modelRoutes(focal: Focal, version: string): Hono {
  return new Hono()
    .get('/v1/models', async (context) => {
      const models = await focal.models();
      const link = (id: string, sha256: string): string => `/v1/models/${id}/onnx?v=${version}-${sha256.slice(0, 16)}`;
      return context.json({ models: models.map((each) => ({ ...each, onnx: link(each.id, each.sha256) })) });
    })
    .get('/v1/device', async (context) => context.json(await focal.device(), 200, { 'cache-control': 'no-store' }))
    .post('/v1/models/:id/pull', async (context) => {
      const id = context.req.param('id');
      const model = await findModel(focal, id);
      // Only what Focal itself uses: not whatever its catalogue knows of, at the word of whoever reaches this server.
      if (!PULLED_HERE.includes(id)) {
        throw new FocalError('invalid-argument', `The model ${id} is not downloaded from here.`, {
          hint:
            model.state === 'available' ? `Run: focal models pull ${id}` : 'It is here already, or comes with Focal.',
        });
      }
      const { outcome, bytes } = await focal.pullModel(id, { signal: context.req.raw.signal });
      return context.json({ id, outcome, bytes });
    })
    .get('/v1/models/:id/onnx', async (context) => {
      const id = context.req.param('id');
      await findModel(focal, id);
      // The address with a version stands for one content; the bare one may change with the next release.
      const cacheControl = context.req.query('v') === undefined ? REVALIDATE : IMMUTABLE;
      const path = await focal.modelPath(id);
      return sendFile(context.req.raw, path, { cacheControl, type: 'application/octet-stream' });
    });
}

async function findModel(focal: Focal, id: string): Promise<ModelStatus> {
  const models = await focal.models();
  const found = models.find((model) => model.id === id);
  if (found !== undefined) return found;
  throw new FocalError('not-found', `There is no model ${JSON.stringify(id.slice(0, 60))}.`, {
    hint: `There are ${models.map((model) => model.id).join(', ')}.`,
  });
}
