import { readdir, readFile } from 'node:fs/promises';
import { createPicture } from '@focal/core';
import { describe, expect, it } from 'vitest';
import { createPixelPool } from './pools.ts';
import type { Priority } from './priority.ts';

/** How nice each thread of this process is, 0 being normal; that of the main thread apart. See proc_pid_stat(5). */
async function readNiceness(): Promise<{ readonly main: number; readonly others: readonly number[] }> {
  const threads = await readdir('/proc/self/task');
  const values = new Map<string, number>();
  for (const thread of threads) {
    const text = await readFile(`/proc/self/task/${thread}/stat`, 'utf8').catch(() => undefined);
    // The name, in brackets, may hold blanks; the nineteenth field is the seventeenth after it.
    const field = text?.slice(text.lastIndexOf(')') + 2).split(' ')[16];
    if (field !== undefined) values.set(thread, Number(field));
  }
  const main = values.get(String(process.pid)) ?? Number.NaN;
  values.delete(String(process.pid));
  return { main, others: [...values.values()] };
}

async function measure(priority: Priority): Promise<Awaited<ReturnType<typeof readNiceness>>> {
  const pool = createPixelPool(1, priority);
  await pool.run('trim', { picture: createPicture(2, 2, { data: new Uint8Array(16).fill(255) }), margin: 0 });
  const niceness = await readNiceness();
  await pool.close();
  return niceness;
}

describe.runIf(process.platform === 'linux')('threads', () => {
  it('stand behind all others where told so, and the thread that started them does not', async () => {
    const before = await readNiceness();
    const low = await measure('low');
    expect(low.main).toBe(before.main);
    expect(low.others.filter((nice) => nice >= 10).length).toBe(before.others.filter((nice) => nice >= 10).length + 1);
  });

  it('stand beside them else', async () => {
    const before = await readNiceness();
    const normal = await measure('normal');
    expect(Math.max(...normal.others)).toBe(Math.max(...before.others));
  });
});
