import type { MiddlewareHandler } from 'hono';
import { compress } from 'hono/compress';
import { COMPRESSIBLE_CONTENT_TYPE_REGEX } from 'hono/utils/compress';
import { isLoopback } from './access.ts';

/**
 * Compresses text, scripts and WebAssembly where the client can. On this machine itself WebAssembly is left alone: 27 MB
 * of it take a second to compress and no time to copy.
 */
export function compressText(): MiddlewareHandler {
  const everything = compress();
  const allButWasm = compress({
    contentTypeFilter: (type) => COMPRESSIBLE_CONTENT_TYPE_REGEX.test(type) && !type.startsWith('application/wasm'),
  });
  return (context, next) => {
    const chosen = isLoopback(new URL(context.req.url).hostname) ? allButWasm : everything;
    return chosen(context, next);
  };
}
