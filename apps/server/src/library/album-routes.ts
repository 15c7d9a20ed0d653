import { Hono } from 'hono';
import { defined } from './asset-routes.ts';
import type { LibraryDoor } from './door.ts';
import { readBody, readId, readQuery } from './read-request.ts';
import { requests } from './schemas.ts';

/** `/v1/library/albums…` */
export function albumRoutes(door: LibraryDoor): Hono {
  const app = new Hono();
  app.get('/v1/library/albums', async (context) => {
    const library = await door.open();
    return context.json({ albums: await library.albums.list() });
  });
  app.post('/v1/library/albums', async (context) => {
    const { name, description, query } = await readBody(context, requests.newAlbum);
    const library = await door.open();
    const album = await library.albums.create({
      name,
      ...(description !== undefined && { description }),
      ...(query !== undefined && { query }),
    });
    return context.json(album, 201, { location: `/v1/library/albums/${album.id}` });
  });
  app.put('/v1/library/albums/order', async (context) => {
    const { ids } = await readBody(context, requests.ids);
    const library = await door.open();
    await library.albums.arrange(ids);
    return context.json({ albums: await library.albums.list() });
  });
  app.get('/v1/library/albums/:id', async (context) => {
    const id = readId(context);
    return context.json(await (await door.open()).albums.get(id));
  });
  app.patch('/v1/library/albums/:id', async (context) => {
    const id = readId(context);
    const change = await readBody(context, requests.changeAlbum);
    return context.json(await (await door.open()).albums.change(id, defined(change)));
  });
  app.delete('/v1/library/albums/:id', async (context) => {
    const id = readId(context);
    await (await door.open()).albums.remove(id);
    return context.body(null, 204);
  });
  app.get('/v1/library/albums/:id/assets', async (context) => {
    const id = readId(context);
    const query = readQuery(context, ['offset', 'limit']);
    const offset = query.whole('offset', 0, 10_000_000) ?? 0;
    const limit = query.whole('limit', 1, 1000) ?? 100;
    const library = await door.open();
    const ids = await library.albums.listAssets(id, offset, limit + 1);
    const assets = await library.listByIds(ids.slice(0, limit));
    return context.json({ assets, ...(ids.length > limit && { nextOffset: offset + limit }) });
  });
  app.post('/v1/library/albums/:id/assets', async (context) => {
    const id = readId(context);
    const { ids } = await readBody(context, requests.ids);
    return context.json({ changed: await (await door.open()).albums.addAssets(id, ids) });
  });
  app.delete('/v1/library/albums/:id/assets', async (context) => {
    const id = readId(context);
    const { ids } = await readBody(context, requests.ids);
    return context.json({ changed: await (await door.open()).albums.removeAssets(id, ids) });
  });
  app.put('/v1/library/albums/:id/order', async (context) => {
    const id = readId(context);
    const { ids } = await readBody(context, requests.ids);
    await (await door.open()).albums.arrangeAssets(id, ids);
    return context.body(null, 204);
  });
  return app;
}
