import type { Progress, WorkOptions } from './types.ts';

type Stage = Progress['stage'];

/** Where in the whole work each stage lies, as shares of the usual time. */
const SPANS: Readonly<Record<Stage, readonly [from: number, to: number]>> = {
  read: [0, 0.06],
  model: [0.06, 0.2],
  analyse: [0.2, 0.75],
  render: [0.75, 0.9],
  encode: [0.9, 1],
};

/** Keeps the time that each stage takes and reports progress that never falls. */
export interface Track {
  readonly timings: Partial<Record<Stage, number>>;
  /** `share` of a stage is done. */
  report(stage: Stage, share: number): void;
  /** Runs one stage and notes its time. */
  time<T>(stage: Stage, work: () => Promise<T>): Promise<T>;
}

/** For a single call the stage alone is the whole work; otherwise each stage has its span. */
export function createTrack(onProgress: WorkOptions['onProgress'], whole: 'stage' | 'edit' | 'analyse'): Track {
  const timings: Partial<Record<Stage, number>> = {};
  let last = 0;
  function report(stage: Stage, share: number): void {
    const [from, to] = whole === 'stage' ? [0, 1] : whole === 'edit' ? SPANS[stage] : toAnalyseSpan(stage);
    last = Math.max(last, from + (to - from) * Math.min(1, Math.max(0, share)));
    onProgress?.({ stage, done: last });
  }
  return {
    timings,
    report,
    async time(stage, work) {
      const start = performance.now();
      report(stage, 0);
      const result = await work();
      timings[stage] = (timings[stage] ?? 0) + performance.now() - start;
      report(stage, 1);
      return result;
    },
  };
}

/** Without rendering and encoding. */
function toAnalyseSpan(stage: Stage): readonly [from: number, to: number] {
  return stage === 'read' ? [0, 0.15] : [0.15, 1];
}
