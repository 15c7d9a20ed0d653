import { Hono } from 'hono';
import type { Queue } from '../queue.ts';

/** What FOCUSR's page asks for beside our own. */
export interface Startup {
  /** Whether work can begin at once; models that load when they are first asked for keep nobody waiting. */
  readonly isReady: boolean;
  readonly error?: string;
  /** The device in use, as far as it is known. */
  readonly mode: string;
}

/** Whether the server is there and how busy it is. Touches nothing that may block. */
export function healthRoute(version: string, queue: Queue, startup: () => Startup): Hono {
  return new Hono().get('/health', (context) =>
    context.json(toHealth(version, queue, startup()), 200, { 'cache-control': 'no-store' }),
  );
}

function toHealth(version: string, queue: Queue, { isReady, error, mode }: Startup) {
  const startup = { models_ready: isReady, startup_error: error ?? null, mode };
  return { name: 'focal', version, status: 'ok', queue: queue.state(), ...startup };
}
