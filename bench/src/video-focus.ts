import type { Focal } from 'focal';
import { median } from './bench.ts';

const RUNS = 3;

/** Frames a second of a clip put in focus, the whole way: the median of some runs. */
export async function timeFocus(focal: Focal, clip: string, path: string): Promise<number> {
  const timeline = { format: 'focal-timeline', version: 1, keyframes: [{ t: 0, lock: { x: 0.5, y: 0.55 } }] };
  const rates: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const start = performance.now();
    const { frames } = await focal.video.focus(clip, { path, force: true }, { timeline, effort: 'balanced' });
    rates.push((frames * 1000) / (performance.now() - start));
  }
  return median(rates);
}
