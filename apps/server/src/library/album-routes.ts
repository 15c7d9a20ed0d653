import { Hono } from 'hono';
import { defined } from './asset-routes.ts';
import type { LibraryDoor } from './door.ts';
import { readBody, readId, readQuery } from './read-request.ts';
import { requests } from './schemas.ts';
import { dropToken, keepToken, NEVER_KEPT, tokenOf, unlockedOf } from './unlocked.ts';

/** `/v1/library/albums…`, and locking those that are private. */
export function albumRoutes(door: LibraryDoor): Hono {
  const app = new Hono();
  app.get('/v1/library/albums', async (context) => {
    const library = await door.open();
    const unlocked = unlockedOf(context, library);
    if (unlocked.length > 0) context.header('cache-control', NEVER_KEPT);
    return context.json({ albums: await library.albums.list(unlocked) });
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
    return context.json({ albums: await library.albums.list(unlockedOf(context, library)) });
  });
  app.get('/v1/library/albums/:id', async (context) => {
    const id = readId(context);
    const library = await door.open();
    const album = await library.albums.get(id, unlockedOf(context, library));
    if (album.isPrivate) context.header('cache-control', NEVER_KEPT);
    return context.json(album);
  });
  app.patch('/v1/library/albums/:id', async (context) => {
    const id = readId(context);
    const change = await readBody(context, requests.changeAlbum);
    const library = await door.open();
    return context.json(await library.albums.change(id, defined(change), unlockedOf(context, library)));
  });
  app.delete('/v1/library/albums/:id', async (context) => {
    const id = readId(context);
    const library = await door.open();
    await library.albums.remove(id, unlockedOf(context, library));
    return context.body(null, 204);
  });
  app.get('/v1/library/albums/:id/assets', async (context) => {
    const id = readId(context);
    const query = readQuery(context, ['offset', 'limit']);
    const offset = query.whole('offset', 0, 10_000_000) ?? 0;
    const limit = query.whole('limit', 1, 1000) ?? 100;
    const library = await door.open();
    const unlocked = unlockedOf(context, library);
    const ids = await library.albums.listAssets(id, offset, limit + 1, unlocked);
    const assets = await library.listByIds(ids.slice(0, limit), unlocked);
    if (unlocked.includes(id)) context.header('cache-control', NEVER_KEPT);
    return context.json({ assets, ...(ids.length > limit && { nextOffset: offset + limit }) });
  });
  app.post('/v1/library/albums/:id/assets', async (context) => {
    const id = readId(context);
    const { ids } = await readBody(context, requests.ids);
    const library = await door.open();
    const changed = await library.albums.addAssets(id, ids, unlockedOf(context, library));
    return context.json({ changed });
  });
  app.delete('/v1/library/albums/:id/assets', async (context) => {
    const id = readId(context);
    const { ids } = await readBody(context, requests.ids);
    const library = await door.open();
    const changed = await library.albums.removeAssets(id, ids, unlockedOf(context, library));
    return context.json({ changed });
  });
  app.put('/v1/library/albums/:id/order', async (context) => {
    const id = readId(context);
    const { ids } = await readBody(context, requests.ids);
    const library = await door.open();
    await library.albums.arrangeAssets(id, ids, unlockedOf(context, library));
    return context.body(null, 204);
  });
  app.put('/v1/library/albums/:id/password', async (context) => {
    const id = readId(context);
    const { password } = await readBody(context, requests.albumPassword);
    const library = await door.open();
    const key = await library.privacy.protect(id, password, tokenOf(context));
    keepToken(context, key.token);
    // What the browser kept of its photos goes, too.
    return context.json(key, 200, { 'cache-control': NEVER_KEPT, 'clear-site-data': '"cache"' });
  });
  app.delete('/v1/library/albums/:id/password', async (context) => {
    const id = readId(context);
    await (await door.open()).privacy.unprotect(id, tokenOf(context));
    return context.body(null, 204);
  });
  app.post('/v1/library/albums/:id/unlock', async (context) => {
    const id = readId(context);
    const { password } = await readBody(context, requests.albumPassword);
    const library = await door.open();
    const key = await library.privacy.unlock(id, password, tokenOf(context));
    keepToken(context, key.token);
    return context.json(key, 200, { 'cache-control': NEVER_KEPT });
  });
  app.post('/v1/library/lock', async (context) => {
    const library = await door.open();
    const token = tokenOf(context);
    if (token !== undefined) library.privacy.lock(token);
    dropToken(context);
    return context.body(null, 204);
  });
  return app;
}
