import { readFileSync } from 'node:fs';
import { FocalError } from '@focal/core';
import type { Focal } from 'focal';
import { Hono } from 'hono';
import { type Access, guardAccess } from './access.ts';
import { compressText } from './compression.ts';
import { setSecurityHeaders } from './headers.ts';
import type { LibraryDoor } from './library/door.ts';
import { libraryRoutes } from './library/routes.ts';
import { type Limits, toLimits } from './limits.ts';
import { Refusal, toProblem, toProblemResponse } from './problems.ts';
import { createQueue } from './queue.ts';
import { analyzeRoute } from './routes/analyze.ts';
import { cropRoute } from './routes/crop.ts';
import { decodeRoute } from './routes/decode.ts';
import { docsRoutes } from './routes/docs.ts';
import { effectRoutes } from './routes/effects.ts';
import { healthRoute, type Startup } from './routes/health.ts';
import { liveRoute } from './routes/live.ts';
import { modelRoutes } from './routes/models.ts';
import { pageRoute } from './routes/page.ts';
import { pickRoute } from './routes/pick.ts';
import { renderRoute } from './routes/render.ts';
import { saliencyRoute } from './routes/saliency.ts';
import { segmentRoute } from './routes/segment.ts';
import { smartRoute } from './routes/smart.ts';
import { studioRoutes } from './routes/studio.ts';
import { subjectRoute } from './routes/subject.ts';
import { videoRoutes } from './routes/video.ts';
import type { Sharing } from './share/sharing.ts';
import { lingerOver } from './uploads/linger.ts';

export interface AppOptions {
  /** Not owned: whoever made it closes it. */
  readonly focal: Focal;
  /** The built studio. Without it `/` leads to the docs. */
  readonly studioDir?: string;
  /** The photo library. Not owned. Without it there are no routes for one. */
  readonly library?: LibraryDoor;
  /** What guests of shared albums reach. Not owned. Without it albums are shared where nobody listens. */
  readonly sharing?: Sharing;
  readonly limits?: Partial<Limits>;
  readonly access?: Access;
  /** Aborts all work, and refuses new. */
  readonly signal?: AbortSignal;
  /** Where uploads go. Default: the system's folder for temporary files. */
  readonly uploadsFolder?: string;
  /** A single page of somebody else's, as HTML, in place of the studio at `/`; it may connect to `/ws`. */
  readonly page?: string;
  /** What `/health` says of being ready. Default: ready. */
  readonly startup?: () => Startup;
  /** Told of defects, whose messages clients do not get. */
  readonly onDefect?: (error: unknown) => void;
}

/**
 * The HTTP API and the studio as a function from Request to Response. Starts nothing and listens to nothing.
 * @example
 * const app = createApp({ focal });
 * const answer = await app.request('/v1/cutout', { method: 'POST', body: form });
 * // answer.headers.get('content-type') → 'image/png'
 */
export function createApp(options: AppOptions): Hono {
  const { focal } = options;
  const limits = toLimits(options.limits);
  const version = readVersion();
  const { concurrency, queueLength: length, queueTimeoutMs: maxWaitMs } = limits;
  const queue = createQueue({ concurrency, length, maxWaitMs });
  const app = new Hono();

  app.onError((error, context) => {
    if (toProblem(error).code === 'internal') options.onDefect?.(error);
    return lingerOver(context.req.raw, toProblemResponse(error));
  });
  app.notFound(() => toProblemResponse(new FocalError('not-found', 'There is nothing at this address.')));
  app.use(setSecurityHeaders(), guardAccess(options.access ?? {}), compressText());
  app.route('/', healthRoute(version, queue, options.startup ?? (() => ({ isReady: true, mode: 'auto' }))));
  app.route('/', liveRoute(options.page === undefined ? ['/v1/live'] : ['/v1/live', '/ws']));
  if (options.page !== undefined) app.route('/', pageRoute(options.page));
  app.route('/', effectRoutes({ ...options, limits, queue }));
  app.route('/', smartRoute({ ...options, limits, queue }));
  app.route('/', renderRoute({ ...options, limits, queue }));
  app.route('/', analyzeRoute({ ...options, limits, queue }));
  app.route('/', saliencyRoute({ ...options, limits, queue }));
  app.route('/', cropRoute({ ...options, limits, queue }));
  app.route('/', pickRoute({ ...options, limits, queue }));
  app.route('/', subjectRoute({ ...options, limits, queue }));
  app.route('/', segmentRoute({ ...options, limits, queue }));
  app.route('/', decodeRoute({ ...options, limits, queue }));
  app.route('/', videoRoutes({ ...options, limits, queue }));
  if (options.library !== undefined)
    app.route('/', libraryRoutes(options.library, { ...options, limits, queue }, options.sharing));
  app.route('/', modelRoutes(focal, version));
  app.route('/', docsRoutes(version, limits));
  app.all('/v1/*', (context) => {
    throw context.req.method === 'GET' || context.req.method === 'POST'
      ? new FocalError('not-found', 'There is no such route.', { hint: 'All routes are described at /docs.' })
      : new Refusal('method-not-allowed', 'There is no route for this method.');
  });
  app.route('/', studioRoutes(options.studioDir));
  return app;
}

/** The version of this package, which all of Focal shares. */
function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  const { version } = manifest as { readonly version: string };
  return version;
}
