import { setTimeout as sleep, setImmediate as soon } from 'node:timers/promises';

const MAX_MS = 500;
const MAX_BYTES = 64 * 1024 * 1024;

/**
 * The answer to a request that is refused, safe for a client that still sends. Closing a connection with unread bytes
 * resets it, and the client may lose the answer on the way; keeping it would take those bytes for the next request.
 * So the answer goes out at once, its end waits until the client has stopped sending (or for half a second), and then
 * the connection closes.
 */
export async function lingerOver(request: Request, answer: Response): Promise<Response> {
  const { body } = request;
  if (body === null || body.locked) return answer;
  const reader = body.getReader();
  const first = reader.read().catch(() => undefined);
  // A body that was read to its end says so at once.
  const state = await Promise.race([first, soon('outstanding' as const)]);
  if (state === undefined || (state !== 'outstanding' && state.done)) {
    reader.releaseLock();
    return answer;
  }

  const text = new Uint8Array(await answer.arrayBuffer());
  const headers = new Headers(answer.headers);
  headers.set('connection', 'close');
  headers.set('content-length', String(text.length));
  const stream = new ReadableStream<Uint8Array>({
    async start(controller) {
      controller.enqueue(text);
      await discard(reader, first);
      controller.close();
    },
  });
  return new Response(stream, { status: answer.status, headers });
}

type Chunk = { readonly done: boolean; readonly value?: Uint8Array | undefined };

/** Reads on until the end, an error, or a limit; never throws. */
async function discard(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  first: Promise<Chunk | undefined>,
): Promise<void> {
  const stop = new AbortController();
  const expired = sleep(MAX_MS, undefined, { signal: stop.signal }).catch(() => undefined);
  let chunk = await Promise.race([first, expired]);
  for (let total = 0; chunk?.value !== undefined && total < MAX_BYTES; total += chunk?.value?.length ?? 0) {
    chunk = await Promise.race([reader.read().catch(() => undefined), expired]);
  }
  stop.abort();
}
