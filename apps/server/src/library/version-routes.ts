import { createHash } from 'node:crypto';
import { METADATA_CHOICES } from '@focal/core';
import { RENDER_FORMATS, type RenderOptions } from '@focal/library';
import { type Context, Hono } from 'hono';
import { hasTag, IMMUTABLE, REVALIDATE, sendFile } from '../files.ts';
import { toChoice } from '../option-values.ts';
import { type TurnOptions, takeTurn } from '../routes/take-turn.ts';
import { defined } from './asset-routes.ts';
import type { LibraryDoor } from './door.ts';
import { nameOf, nameOfEdited, toDisposition } from './file-names.ts';
import { readBody, readId, readQuery } from './read-request.ts';
import { requests } from './schemas.ts';
import { NEVER_KEPT, unlockedOf } from './unlocked.ts';

/** Recipes come with pictures in them: as much as a recipe may hold. */
const MOST_RECIPE_BYTES = 50 * 2 ** 20;

const ROOT = '/v1/library/assets/:id/versions';

/** `/v1/library/assets/{id}/versions…` */
export function versionRoutes(door: LibraryDoor, turns: TurnOptions): Hono {
  const app = new Hono();
  const open = async (context: Context) => {
    const library = await door.open();
    return library.versionsFor(unlockedOf(context, library));
  };
  const readVersion = (context: Context): readonly [number, number] => [readId(context), readId(context, 'version')];

  // Of what is private no copy is kept, whatever else is said below.
  for (const path of [ROOT, `${ROOT}/*`]) {
    app.use(path, async (context, next) => {
      const library = await door.open();
      const { isPrivate } = await library.look(readId(context), unlockedOf(context, library));
      await next();
      if (isPrivate) context.header('cache-control', NEVER_KEPT);
    });
  }
  app.get(ROOT, async (context) => {
    const id = readId(context);
    return context.json({ versions: await (await open(context)).list(id) });
  });
  app.post(ROOT, async (context) => {
    const id = readId(context);
    const { recipe, ...choices } = await readBody(context, requests.newVersion, MOST_RECIPE_BYTES);
    const made = await (await open(context)).create(id, { recipe, ...given(choices) });
    return context.json(made, 201, { location: `/v1/library/assets/${id}/versions/${made.id}` });
  });
  app.put(`${ROOT}/current`, async (context) => {
    const id = readId(context);
    const { version } = await readBody(context, requests.showVersion);
    return context.json({ versions: await (await open(context)).show(id, version) });
  });
  app.get(`${ROOT}/:version`, async (context) => {
    const [id, version] = readVersion(context);
    return context.json(await (await open(context)).get(id, version));
  });
  app.patch(`${ROOT}/:version`, async (context) => {
    const [id, version] = readVersion(context);
    const change = await readBody(context, requests.changeVersion, MOST_RECIPE_BYTES);
    return context.json(await (await open(context)).change(id, version, defined(change)));
  });
  app.delete(`${ROOT}/:version`, async (context) => {
    const [id, version] = readVersion(context);
    await (await open(context)).remove(id, version);
    return context.body(null, 204);
  });
  app.post(`${ROOT}/:version/restore`, async (context) => {
    const [id, version] = readVersion(context);
    return context.json(await (await open(context)).restore(id, version));
  });
  app.get(`${ROOT}/:version/recipe`, async (context) => {
    const [id, version] = readVersion(context);
    const recipe = await (await open(context)).recipe(id, version);
    return context.body(recipe, 200, { 'content-type': 'application/json; charset=utf-8' });
  });
  app.get(`${ROOT}/:version/thumbnail`, (context) => answerSmall(context, 'grid'));
  app.get(`${ROOT}/:version/preview`, (context) => answerSmall(context, 'preview'));
  app.get(`${ROOT}/:version/picture`, async (context) => {
    const [id, version] = readVersion(context);
    const options = readRenderOptions(context);
    const versions = await open(context);
    const { tag, name } = await versions.get(id, version);
    const library = await door.open();
    const asset = await library.get(id, unlockedOf(context, library));
    const etag = `"${createHash('sha256')
      .update(JSON.stringify([asset.sha256, tag, options]))
      .digest('hex')
      .slice(0, 32)}"`;
    const headers = { etag, 'cache-control': REVALIDATE };
    if (hasTag(context.req.header('if-none-match') ?? null, etag)) return new Response(null, { status: 304, headers });
    return takeTurn(context, turns, async (turn) => {
      const made = await turn.work((signal) => versions.render(id, version, { ...options, signal }));
      return new Response(Uint8Array.from(made.bytes), {
        headers: {
          ...headers,
          'content-type': `image/${made.format}`,
          'content-length': String(made.bytes.length),
          'content-disposition': toDisposition(nameOfEdited(nameOf(asset), name, 'beside', made.format)),
        },
      });
    });
  });
  return app;

  async function answerSmall(context: Context, kind: 'grid' | 'preview'): Promise<Response> {
    const [id, version] = readVersion(context);
    const { path, tag } = await (await open(context)).picture(id, version, kind);
    const cacheControl = context.req.query('v') === undefined ? REVALIDATE : IMMUTABLE.replace('public', 'private');
    return sendFile(context.req.raw, path, { cacheControl, type: 'image/webp', tag });
  }
}

function readRenderOptions(context: Context): RenderOptions {
  const query = readQuery(context, ['format', 'quality', 'metadata']);
  const format = toChoice('format', RENDER_FORMATS, query.one('format'));
  const quality = query.whole('quality', 1, 100);
  const metadata = toChoice('metadata', METADATA_CHOICES, query.one('metadata'));
  return given({ format, quality, metadata });
}

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Without the members that are undefined. */
function given<T extends object>(options: T): Given<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Given<T>;
}
