import { FocalError } from '@focal/core';
import { afterEach, describe, expect, it } from 'vitest';
import { createWorkerClient } from './client.ts';
import type { CallContext, Port } from './messages.ts';
import { serveWorker } from './serve.ts';

const handlers = {
  double: ({ value }: { value: number }) => value * 2,
  fail: (): never => {
    throw new FocalError('too-large', 'Expected less.', { hint: 'Take less.' });
  },
  count: async (_args: undefined, context: CallContext) => {
    for (let i = 1; i <= 3; i++) context.progress(i);
    return 'counted';
  },
  hang: (_args: undefined, { signal }: CallContext) =>
    new Promise<string>((resolve) => signal.addEventListener('abort', () => resolve('too late'), { once: true })),
};

const open: MessageChannel[] = [];

function connect() {
  const channel = new MessageChannel();
  open.push(channel);
  for (const port of [channel.port1, channel.port2]) port.start();
  serveWorker(channel.port2 as unknown as Port, handlers);
  return createWorkerClient<typeof handlers>(channel.port1 as unknown as Port);
}

afterEach(() => {
  for (const { port1 } of open.splice(0)) port1.close();
});

describe('a worker client', () => {
  it('gives what the handler returns', async () => {
    expect(await connect().call('double', { value: 21 })).toBe(42);
  });

  it('rejects with the code, message and hint of the handler and goes on working', async () => {
    const client = connect();
    await expect(client.call('fail', undefined as never)).rejects.toMatchObject({
      code: 'too-large',
      message: 'Expected less.',
      hint: 'Take less.',
    });
    expect(await client.call('double', { value: 1 })).toBe(2);
  });

  it('reports progress before the result', async () => {
    const seen: unknown[] = [];
    await connect().call('count', undefined, { onProgress: (value) => seen.push(value) });
    expect(seen).toEqual([1, 2, 3]);
  });

  it('rejects at once when cancelled, and the handler learns of it', async () => {
    const client = connect();
    const controller = new AbortController();
    const running = client.call('hang', undefined, { signal: controller.signal });
    controller.abort();
    await expect(running).rejects.toMatchObject({ code: 'aborted' });
    expect(await client.call('double', { value: 4 })).toBe(8);
  });

  it('does not call at all with a signal that has aborted', async () => {
    await expect(connect().call('double', { value: 1 }, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'aborted',
    });
  });

  it('refuses a method that the worker has not', async () => {
    const client = connect() as unknown as { call(method: string, args: unknown): Promise<unknown> };
    await expect(client.call('toString', undefined)).rejects.toMatchObject({ code: 'internal' });
  });

  it('rejects what is under way when closed, and all later calls', async () => {
    const client = connect();
    const running = client.call('hang', undefined);
    client.close();
    client.close();
    await expect(running).rejects.toMatchObject({ code: 'closed' });
    await expect(client.call('double', { value: 1 })).rejects.toMatchObject({ code: 'closed' });
  });
});
