import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { atMost, type Bench, type BenchResult } from './bench.ts';

/** What the whole process has held at most, from the kernel's own count. Linux only. */
const PEAK = String.raw`Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) * 1024 / 1e6`;

/** Peak memory of a process that cuts out 12 MP photos. */
export const memoryBench: Bench = {
  name: 'memory',
  title: 'peak resident set of a process that cuts out a 12 MP photo',
  rows: ['low-memory profile', 'low-memory profile, five photos', 'fast profile'],
  async run({ inputs, log }) {
    if (process.platform !== 'linux') {
      log('Peak memory is read from /proc, which only Linux has.');
      return [];
    }
    const { path } = await inputs.photo12mp();
    const results: BenchResult[] = [
      atMost('low-memory profile', await peakMb(path, 'low-memory', 1), 1100, 'MB', 'the goal is 1.1 GB'),
      { name: 'low-memory profile, five photos', value: await peakMb(path, 'low-memory', 5), unit: 'MB' },
      { name: 'fast profile', value: await peakMb(path, 'fast', 1), unit: 'MB' },
    ];
    return results;
  },
};

/** Peak megabytes of a process that edits so many photos one after the other. */
async function peakMb(path: string, profile: string, photos: number): Promise<number> {
  // The first start also imports the model into the cache: that is a matter of once, and done before.
  await runChild(profile, "await focal.prepare(['matte']);");
  return runChild(profile, `for (let i = 0; i < ${photos}; i++) await focal.edit(${JSON.stringify(path)}, 'cutout');`);
}

async function runChild(profile: string, work: string): Promise<number> {
  const script = `
    import { readFileSync } from 'node:fs';
    import { createFocal } from ${JSON.stringify(import.meta.resolve('focal'))};
    const focal = await createFocal({ profile: '${profile}' });
    ${work}
    await focal.close();
    console.log(${PEAK});`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
  return Number(stdout);
}
