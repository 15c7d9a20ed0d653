import { Hono } from 'hono';
import type { Queue } from '../queue.ts';

/** Whether the server is there and how busy it is. Touches nothing that may block. */
export function healthRoute(version: string, queue: Queue): Hono {
  return new Hono().get('/health', (context) =>
    context.json({ name: 'focal', version, status: 'ok', queue: queue.state() }, 200, { 'cache-control': 'no-store' }),
  );
}
