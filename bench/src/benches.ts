import type { Bench } from './bench.ts';
import { bokehBench } from './bokeh.ts';
import { calibrateBench } from './calibrate.ts';
import { edgesBench } from './edges.ts';
import { serverBench } from './server.ts';

/** Every bench there is, in the order of `--list`. A new one is its own file and one line here. */
export const benches: readonly Bench[] = [calibrateBench, edgesBench, bokehBench, serverBench];
