import { FocalError, toErrorData } from '@focal/core';
import { type CallContext, type Handlers, type Port, type Request, type Response, Transferred } from './messages.ts';

/** Answers calls that come in on the port with the given handlers, until the worker ends. */
export function serveWorker(port: Port, handlers: Handlers): void {
  const running = new Map<number, AbortController>();
  const post = (response: Response, transfer: Transferable[] = []) => port.postMessage(response, transfer);

  const answer = async (id: number, method: string, args: unknown) => {
    const controller = new AbortController();
    running.set(id, controller);
    const context: CallContext = {
      signal: controller.signal,
      progress: (value) => {
        if (!controller.signal.aborted) post({ id, progress: value });
      },
    };
    try {
      const handler = Object.hasOwn(handlers, method) ? handlers[method] : undefined;
      if (handler === undefined) throw new FocalError('internal', `This worker has no method ${method}.`);
      const result = await handler(args as never, context);
      if (result instanceof Transferred) post({ id, result: result.value }, result.transfer);
      else post({ id, result });
    } catch (error) {
      post({ id, error: toErrorData(error) });
    } finally {
      running.delete(id);
    }
  };

  port.addEventListener('message', (event) => {
    const request = event.data as Request;
    if ('cancel' in request) running.get(request.id)?.abort();
    else void answer(request.id, request.method, request.args);
  });
}

/** The calling worker's own side of the line to whoever started it. */
export function getWorkerPort(): Port {
  // Typed as a window, since this package is typed for pages and workers at once.
  return globalThis as unknown as Port;
}
