import type { Hono } from 'hono';
import { Refusal } from '../problems.ts';

/** Refuses all but POST, once that has its handler. */
export function onlyPost(app: Hono, name: string, ...paths: readonly [string, ...string[]]): void {
  app.on(['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'], [...paths], () => {
    throw new Refusal('method-not-allowed', `${name} takes pictures by POST.`, { headers: { allow: 'POST' } });
  });
}
