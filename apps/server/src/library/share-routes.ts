import type { Library, Share } from '@focal/library';
import { Hono } from 'hono';
import { encode } from 'uqr';
import type { Sharing } from '../share/sharing.ts';
import type { LibraryDoor } from './door.ts';
import { readBody, readId, readQuery } from './read-request.ts';
import { requests } from './schemas.ts';

/** `/v1/library/shares…` and `/v1/library/sharing` */
export function shareRoutes(door: LibraryDoor, sharing: Sharing | undefined): Hono {
  const app = new Hono();
  app.get('/v1/library/sharing', async (context) => {
    const { isSharing } = await (await door.open()).settings.get();
    return context.json({ isSharing, ...(sharing?.state ?? { isListening: false, origins: [] }) });
  });
  app.get('/v1/library/shares', async (context) => {
    const album = readQuery(context, ['album']).whole('album', 1, 2 ** 31 - 1);
    return context.json({ shares: await (await door.open()).shares.list(album) });
  });
  app.post('/v1/library/shares', async (context) => {
    const library = await door.open();
    const { share, token } = await createShare(library, await readBody(context, requests.newShare));
    const links = (sharing?.state.origins ?? []).map((origin) => `${origin}/s/${token}`);
    const [link] = links;
    return context.json({ share, path: `/s/${token}`, links, ...(link !== undefined && { qr: drawQr(link) }) }, 201, {
      location: `/v1/library/shares/${share.id}`,
      'cache-control': 'no-store',
    });
  });
  app.delete('/v1/library/shares/:id', async (context) => {
    const id = readId(context);
    return context.json(await (await door.open()).shares.revoke(id));
  });
  return app;
}

function createShare(
  library: Library,
  body: ReturnType<typeof requests.newShare.parse>,
): Promise<{ readonly share: Share; readonly token: string }> {
  const { album, expiresAt, password, cover } = body;
  return library.shares.create({
    albumId: album,
    ...(expiresAt !== undefined && { expiresAt }),
    ...(password !== undefined && { password }),
    ...(cover !== undefined && { cover: { except: cover.except ?? [] } }),
  });
}

/** Its rows, `1` for dark; with the quiet zone that ISO 18004 asks for. */
function drawQr(text: string): readonly string[] {
  return encode(text, { ecc: 'M', border: 4 }).data.map((row) => row.map((isDark) => (isDark ? '1' : '0')).join(''));
}
