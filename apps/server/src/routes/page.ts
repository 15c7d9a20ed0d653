import { Hono } from 'hono';
import { FOREIGN_PAGE_HEADERS } from '../headers.ts';

/** A single page of somebody else's at `/`, as it is. */
export function pageRoute(html: string): Hono {
  return new Hono().get('/', (context) =>
    context.html(html, 200, { ...FOREIGN_PAGE_HEADERS, 'cache-control': 'no-store' }),
  );
}
