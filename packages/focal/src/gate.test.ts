import { describe, expect, it } from 'vitest';
import { createGate } from './gate.ts';

describe('createGate', () => {
  it('lets so many in and the others in order as places come free', async () => {
    const gate = createGate(2);
    const order: number[] = [];
    const leaves = await Promise.all([gate.enter(), gate.enter()]);
    const third = gate.enter().then((leave) => {
      order.push(3);
      return leave;
    });
    const fourth = gate.enter().then((leave) => {
      order.push(4);
      return leave;
    });
    await Promise.resolve();
    expect(order).toEqual([]);
    leaves[0]?.();
    (await third)();
    (await fourth)();
    expect(order).toEqual([3, 4]);
  });

  it('gives a place back once, however often it is left', async () => {
    const gate = createGate(1);
    const leave = await gate.enter();
    leave();
    leave();
    await gate.enter();
    let entered = false;
    void gate.enter().then(() => {
      entered = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(entered).toBe(false);
  });

  it('lets go of who waits and is cancelled', async () => {
    const gate = createGate(1);
    const leave = await gate.enter();
    const abort = new AbortController();
    const cancelled = gate.enter(abort.signal);
    const next = gate.enter();
    abort.abort();
    await expect(cancelled).rejects.toMatchObject({ code: 'aborted' });
    leave();
    await expect(next).resolves.toBeTypeOf('function');
  });
});
