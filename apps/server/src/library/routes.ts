import { Hono } from 'hono';
import { etag } from 'hono/etag';
import type { PictureRoutesOptions } from '../routes/picture-work.ts';
import type { Sharing } from '../share/sharing.ts';
import { albumRoutes } from './album-routes.ts';
import { assetRoutes } from './asset-routes.ts';
import { backupRoutes } from './backup-routes.ts';
import type { LibraryDoor } from './door.ts';
import { exportRoutes } from './export-routes.ts';
import { peopleRoutes } from './people-routes.ts';
import { searchRoutes } from './search-routes.ts';
import { shareRoutes } from './share-routes.ts';
import { stateRoutes } from './state-routes.ts';
import { uploadRoutes } from './upload-routes.ts';
import { versionRoutes } from './version-routes.ts';

/** All of `/v1/library`. `pictures`: how pictures that come with requests are taken; `sharing`: what guests reach. Answers in JSON have an ETag, and are asked for anew each time. */
export function libraryRoutes(door: LibraryDoor, pictures: PictureRoutesOptions, sharing?: Sharing): Hono {
  const app = new Hono();
  const withTag = etag({ weak: true });
  app.use('/v1/library/*', async (context, next) => {
    // Files bring their own, and events never end.
    const isJson =
      context.req.method === 'GET' &&
      !/\/(?:thumbnail|preview|original|picture|events|xmp|export)$|\/(?:backups\/.|uploads)/.test(context.req.path);
    if (!isJson) return next();
    await withTag(context, next);
    // What is private says so itself.
    if (!context.res.headers.has('cache-control')) context.header('cache-control', 'private, no-cache');
  });
  app.route('/', stateRoutes(door, { signal: pictures.signal, sharing }));
  app.route('/', assetRoutes(door));
  app.route('/', versionRoutes(door, pictures));
  app.route('/', exportRoutes(door));
  app.route('/', searchRoutes(door));
  app.route('/', albumRoutes(door));
  app.route('/', shareRoutes(door, sharing));
  app.route('/', backupRoutes(door));
  app.route('/', uploadRoutes(door));
  app.route('/', peopleRoutes(door, pictures));
  return app;
}
