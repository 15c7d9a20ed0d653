export {
  atLeast,
  atMost,
  type Bench,
  type BenchContext,
  type BenchResult,
  median,
  percentile,
  timeRuns,
  withinMs,
} from './bench.ts';
export { type BenchInput, createInputs, type Inputs } from './inputs.ts';
