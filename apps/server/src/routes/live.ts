import { Hono } from 'hono';
import { Refusal } from '../problems.ts';

/** Where live sessions begin: plain requests are told to ask for a WebSocket. */
export function liveRoute(paths: readonly string[]): Hono {
  const app = new Hono();
  app.on('GET', [...paths], () => {
    throw new Refusal('upgrade-required', 'Expected a WebSocket, got a plain request.', {
      hint: 'Connect with ws:// and this address.',
      headers: { upgrade: 'websocket' },
    });
  });
  return app;
}
