import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Hono } from 'hono';
import { IMMUTABLE, sendFile } from '../files.ts';
import type { Limits } from '../limits.ts';
import { createOpenApi } from '../openapi/document.ts';

/** The three files of Swagger UI that a page needs; the rest of its package is never served. */
const ASSETS = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'];

const START = `window.ui = SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#api',
  deepLinking: true,
  tryItOutEnabled: true,
  validatorUrl: null,
  displayRequestDuration: true,
});
`;

/** The API's description for programs at `/openapi.json` and for people at `/docs`. Loads nothing from elsewhere. */
export function docsRoutes(version: string, limits: Limits): Hono {
  const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  const page = toPage(version);
  return new Hono()
    .get('/openapi.json', (context) => context.json(createOpenApi(version, limits)))
    .get('/docs', (context) => context.html(page))
    .get('/docs/start.js', (context) => context.body(START, 200, { 'content-type': 'text/javascript; charset=utf-8' }))
    .get(`/docs/:file{${ASSETS.map((name) => name.replaceAll('.', '\\.')).join('|')}}`, (context) =>
      sendFile(context.req.raw, join(folder, context.req.param('file')), { cacheControl: IMMUTABLE }),
    );
}

function toPage(version: string): string {
  const query = `?v=${encodeURIComponent(version)}`;
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Focal API</title>
    <link rel="icon" href="/docs/favicon-32x32.png${query}">
    <link rel="stylesheet" href="/docs/swagger-ui.css${query}">
    <script src="/docs/swagger-ui-bundle.js${query}" defer></script>
    <script src="/docs/start.js${query}" defer></script>
  </head>
  <body>
    <noscript>This page needs JavaScript. The API is described at <a href="/openapi.json">/openapi.json</a>.</noscript>
    <main id="api"></main>
  </body>
</html>
`;
}
