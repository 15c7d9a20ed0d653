import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { collect, readLines, runFocal, samplePhoto, startFocal } from './fixtures/run-focal.ts';
import { runInTurn } from './run-jobs.ts';

const silent = {
  progress() {},
  done() {},
  skipped() {},
  found() {},
  failed() {},
  note() {},
  summary() {},
};

describe('runInTurn', () => {
  it('has so many in the works at once, and each once', async () => {
    const seen: number[] = [];
    let [inWork, most] = [0, 0];
    const code = await runInTurn(
      Array.from({ length: 9 }, (_, index) => index),
      { reporter: silent, signal: new AbortController().signal },
      async (item) => {
        inWork += 1;
        most = Math.max(most, inWork);
        seen.push(item);
        await new Promise((settle) => setTimeout(settle, (item % 3) + 1));
        inWork -= 1;
        return undefined;
      },
      3,
    );
    expect(code).toBe(0);
    expect(most).toBe(3);
    expect(seen.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('begins no more once it is interrupted, and says so by its exit code', async () => {
    const abort = new AbortController();
    const seen: number[] = [];
    const code = await runInTurn(
      [0, 1, 2, 3, 4, 5],
      { reporter: silent, signal: abort.signal },
      async (item) => {
        seen.push(item);
        if (item === 2) abort.abort();
        return item === 2 ? { code: 130 } : undefined;
      },
      2,
    );
    expect(code).toBe(130);
    expect(seen).not.toContain(5);
  });

  it('goes on after one that fails', async () => {
    const code = await runInTurn([0, 1, 2], { reporter: silent, signal: new AbortController().signal }, async (item) =>
      item === 1 ? { code: 4 } : undefined,
    );
    expect(code).toBe(1);
  });
});

describe('a batch', () => {
  let folder: string;
  const at = (...names: string[]) => join(folder, ...names);

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'focal-batch-'));
    await mkdir(at('in'));
    for (const number of [1, 2, 3] as const) await copyFile(samplePhoto(number), at('in', `${number}.jpg`));
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('only tells what would become what with --dry-run', async () => {
    const { code, stdout } = await runFocal(['cutout', 'in/', '-o', 'out/', '--dry-run'], { folder });
    expect(code).toBe(0);
    expect(stdout.toString()).toBe(['1', '2', '3'].map((name) => `in/${name}.jpg → out/${name}.png\n`).join(''));
    expect(await readdir(folder)).toEqual(['in']);
  });

  it('goes on where a killed run stopped: nothing is lost, nothing done twice, no half file left', async () => {
    const args = ['cutout', 'in/', '-o', 'out/', '--json'];
    const child = startFocal(args, { folder });
    const ended = collect(child);
    child.stdout?.once('data', () => child.kill('SIGKILL'));
    await ended;
    const first = await readdir(at('out'));
    const whole = first.filter((name) => !name.startsWith('.'));
    expect(whole.length).toBeGreaterThan(0);
    expect(whole.length).toBeLessThan(3);
    const kept = await Promise.all(whole.map((name) => readFile(at('out', name))));
    // As a run that was killed while it wrote leaves it.
    const half = at('out', '.3.png.0123456789ab.part');
    await writeFile(half, 'half');
    await utimes(half, new Date(0), new Date(0));

    const again = await runFocal([...args, '--resume'], { folder });
    expect(again.code).toBe(0);
    expect((await readdir(at('out'))).filter((name) => !first.includes(name) || whole.includes(name)).sort()).toEqual([
      '1.png',
      '2.png',
      '3.png',
    ]);
    expect(await readdir(at('out'))).not.toContain('.3.png.0123456789ab.part');
    expect(await Promise.all(whole.map((name) => readFile(at('out', name))))).toEqual(kept);
    const lines = readLines(again.stdout) as { type: string; skipped?: boolean; done?: number }[];
    expect(lines.filter(({ skipped }) => skipped === true)).toHaveLength(whole.length);
    expect(lines.at(-1)).toMatchObject({ type: 'summary', total: 3, done: 3, failed: 0 });
  }, 240_000);

  it('refuses to leave results as they are and to write over them at once', async () => {
    const { code, stderr } = await runFocal(['cutout', 'in/', '-o', 'out/', '--resume', '--force'], { folder });
    expect(code).toBe(2);
    expect(stderr).toContain('give one');
  });
});

describe('--save-recipe', () => {
  it('writes beside the result what gives it again', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'focal-recipe-'));
    await copyFile(samplePhoto(2), join(folder, 'a.jpg'));
    const args = ['tone', 'a.jpg', '--exposure', '0.5', '-o', 'b.png', '--save-recipe'];
    expect((await runFocal(args, { folder })).code).toBe(0);
    const again = await runFocal(['render', 'a.jpg', '--recipe', 'b.recipe.json', '-o', 'c.png'], { folder });
    expect({ code: again.code, stderr: again.stderr }).toEqual({ code: 0, stderr: '' });
    expect((await readFile(join(folder, 'c.png'))).equals(await readFile(join(folder, 'b.png')))).toBe(true);
    await rm(folder, { recursive: true });
  }, 240_000);
});
