import { realpath } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { FocalError } from '@focal/core';
import { type Context, Hono } from 'hono';
import { IMMUTABLE, REVALIDATE, sendFile } from '../files.ts';

/**
 * The studio's files. Addresses without a file are the studio's own pages and give its `index.html`; files with a hash
 * in their name (Vite's `assets/`) are kept by the browser for good, all others asked for anew.
 */
export function studioRoutes(folder: string | undefined): Hono {
  const app = new Hono();
  if (folder === undefined) return app.get('/', (context) => context.redirect('/docs', 302));
  return app.get('*', (context) => sendStudioFile(context, folder));
}

async function sendStudioFile(context: Context, folder: string): Promise<Response> {
  const path = decodePath(context.req.path);
  const file = await findFile(folder, path === '/' ? '/index.html' : path);
  if (file !== undefined) {
    const cacheControl = path.startsWith('/assets/') ? IMMUTABLE : REVALIDATE;
    return sendFile(context.req.raw, file, { cacheControl });
  }
  const page = await findFile(folder, '/index.html');
  if (page === undefined || path.startsWith('/v1/') || extname(path) !== '') {
    throw new FocalError('not-found', 'There is nothing at this address.');
  }
  return sendFile(context.req.raw, page, { cacheControl: REVALIDATE });
}

/** The real path of a file inside the folder; none where it is missing, or reached by a link that leads out. */
async function findFile(folder: string, path: string): Promise<string | undefined> {
  const [root, file] = await Promise.all([realpath(folder), realpath(join(folder, path))]).catch(() => []);
  if (root === undefined || file === undefined || !file.startsWith(root + sep)) return undefined;
  return extname(file) === '' ? undefined : file;
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path).replaceAll('\0', '');
  } catch {
    throw new FocalError('invalid-argument', 'The address is not well encoded.');
  }
}
