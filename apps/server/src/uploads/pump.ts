import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { tooLarge } from './errors.ts';

/**
 * Writes a body into a sink, as fast as the sink takes it. Where something is wrong it stops reading and destroys the
 * sink, but never the body: that would cut the connection before the client has its answer.
 * Throws `too-large` past `maxBytes`, what the sink throws, or the reason of the signal.
 */
export async function pumpBody(
  body: ReadableStream<Uint8Array>,
  sink: Writable,
  maxBytes: number,
  signal: AbortSignal,
): Promise<void> {
  const reader = body.getReader();
  const ended = new AbortController();
  const broken = new Promise<never>((_, reject) => {
    const onAbort = (): void => reject(signal.reason);
    sink.once('error', reject);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true, signal: ended.signal });
  });
  broken.catch(() => undefined);
  try {
    let total = 0;
    for (;;) {
      const { done, value } = await Promise.race([reader.read(), broken]);
      if (done) break;
      total += value.length;
      if (total > maxBytes) throw tooLarge(maxBytes);
      if (!sink.write(value)) await Promise.race([once(sink, 'drain', { signal: ended.signal }), broken]);
    }
    sink.end();
    await Promise.race([finished(sink), broken]);
  } catch (error) {
    sink.destroy();
    throw error;
  } finally {
    ended.abort();
    reader.releaseLock();
  }
}
