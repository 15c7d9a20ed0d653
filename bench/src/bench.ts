import type { Calibration } from './calibration.ts';
import type { Inputs } from './inputs.ts';

/** One measured figure. A row without a goal is printed for its own sake, or to stand beside another. */
export interface BenchResult {
  readonly name: string;
  readonly value: number;
  /** `ms`, `s`, `MB`, `ratio`, `IoU` … */
  readonly unit: string;
  /** In words and figures: `<= 1.4`. Absolute goals name the factor they were scaled by. */
  readonly goal?: string;
  /** Whether the goal is met; left out where there is none. */
  readonly ok?: boolean;
  readonly note?: string;
}

/** What a bench is given to work with. */
export interface BenchContext {
  /** Folder of labelled sets, from `--data`. Always there for benches with `needsData`. */
  readonly data?: string;
  /** Folder of downloaded models, from `--models`. */
  readonly models?: string;
  readonly inputs: Inputs;
  readonly log: (line: string) => void;
  /** This machine's speed beside the reference machine's; measured once a run, on first use. */
  readonly calibrate: () => Promise<Calibration>;
}

/** A named measurement. Modules of benches do no work when imported. */
export interface Bench {
  readonly name: string;
  readonly title: string;
  /** Names of all the figures it can give, for `--list`. */
  readonly rows: readonly string[];
  readonly needsData?: boolean;
  run(context: BenchContext): Promise<readonly BenchResult[]>;
}

/** A result judged against an upper bound. */
export function atMost(name: string, value: number, limit: number, unit: string, note?: string): BenchResult {
  return { name, value, unit, goal: `<= ${trim(limit)}`, ok: value <= limit, ...(note === undefined ? {} : { note }) };
}

/** A result judged against a lower bound. */
export function atLeast(name: string, value: number, limit: number, unit: string, note?: string): BenchResult {
  return { name, value, unit, goal: `>= ${trim(limit)}`, ok: value >= limit, ...(note === undefined ? {} : { note }) };
}

/**
 * A time judged against an absolute limit in milliseconds, which is stretched by the machine's calibration factor
 * (never below 1).
 */
export function withinMs(name: string, valueMs: number, limitMs: number, calibration: Calibration): BenchResult {
  const { factor } = calibration;
  const limit = limitMs * factor;
  const goal = factor === 1 ? `<= ${trim(limitMs)}` : `<= ${trim(limitMs)} × ${factor.toFixed(2)}`;
  return { name, value: valueMs, unit: 'ms', goal, ok: valueMs <= limit };
}

/** A rate judged against an absolute limit in so many a second, which the machine's calibration factor lowers. */
export function atRate(name: string, value: number, limit: number, unit: string, { factor }: Calibration): BenchResult {
  const goal = factor === 1 ? `>= ${trim(limit)}` : `>= ${trim(limit)} / ${factor.toFixed(2)}`;
  return { name, value, unit, goal, ok: value >= limit / factor };
}

/** The middle value; of an even number, the mean of the two in the middle. NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** The value below which the share `p` (0..1) of the values lies, by nearest rank. NaN of none. */
export function percentile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(p * sorted.length) - 1))] ?? Number.NaN;
}

/** Milliseconds of each of `runs` runs, after `warmUp` runs that do not count. */
export async function timeRuns(
  run: () => Promise<unknown>,
  { runs, warmUp = 1 }: { readonly runs: number; readonly warmUp?: number },
): Promise<readonly number[]> {
  for (let i = 0; i < warmUp; i++) await run();
  const times: number[] = [];
  for (let i = 0; i < runs; i++) {
    const start = performance.now();
    await run();
    times.push(performance.now() - start);
  }
  return times;
}

/** The same, of work that is told which run it is; two more to warm up. */
export async function timeEach(work: (run: number) => Promise<unknown>, runs: number): Promise<readonly number[]> {
  let run = 0;
  return timeRuns(() => work(run++), { runs, warmUp: 2 });
}

function trim(value: number): string {
  return String(Number(value.toFixed(4)));
}
