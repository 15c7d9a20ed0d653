import type { KeptBackup } from '@focal/library';
import { Hono } from 'hono';
import { REVALIDATE, sendFile } from '../files.ts';
import type { LibraryDoor } from './door.ts';

/** `/v1/library/backups…` */
export function backupRoutes(door: LibraryDoor): Hono {
  const app = new Hono();
  app.get('/v1/library/backups', async (context) => {
    const library = await door.open();
    return context.json({ backups: await library.backups.list() });
  });
  app.post('/v1/library/backups', async (context) => {
    const library = await door.open();
    const { name, createdAt, bytes, isDaily } = await library.backups.create({ signal: context.req.raw.signal });
    const made: KeptBackup = { name, createdAt, bytes, isDaily };
    return context.json(made, 201, { location: `/v1/library/backups/${name}` });
  });
  app.get('/v1/library/backups/:name', async (context) => {
    const name = context.req.param('name');
    const path = await (await door.open()).backups.path(name);
    return sendFile(context.req.raw, path, {
      cacheControl: REVALIDATE,
      type: 'application/gzip',
      headers: { 'content-disposition': `attachment; filename="${name}"` },
    });
  });
  app.delete('/v1/library/backups/:name', async (context) => {
    await (await door.open()).backups.remove(context.req.param('name'));
    return context.body(null, 204);
  });
  return app;
}
