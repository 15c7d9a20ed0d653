import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import type { Bench, BenchContext, BenchResult } from './bench.ts';
import { benches } from './benches.ts';
import { calibrate, describeCalibration } from './calibrate.ts';
import type { Calibration } from './calibration.ts';
import { createInputs } from './inputs.ts';

const USAGE = `npm run bench -- NAME… [--data DIR] [--models DIR] [--json]
npm run bench -- --list

  --data DIR  folder of labelled sets (ecssd300, humanseg290 …), for the benches that need one
  --models DIR  folder of downloaded models, for rows that need one
  --json      the last line is one object: {"bench", "results"}
  --list      every bench with its figures
`;

/** Exit code 0: all goals met; 1: a goal was missed; 2: a bench could not be run. */
async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      data: { type: 'string' },
      models: { type: 'string' },
      json: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const print = (line: string) => process.stdout.write(`${line}\n`);
  if (values.list) {
    for (const line of values.json ? [JSON.stringify(listing())] : listingLines()) print(line);
    return 0;
  }
  if (values.help || positionals.length === 0) {
    print(`${USAGE}\nBenches: ${benches.map((bench) => bench.name).join(', ')}`);
    return values.help ? 0 : 2;
  }

  let calibration: Promise<Calibration> | undefined;
  const context: BenchContext = {
    ...(values.data === undefined ? {} : { data: values.data }),
    ...(values.models === undefined ? {} : { models: values.models }),
    inputs: createInputs(print),
    log: print,
    calibrate() {
      calibration ??= calibrate(context.inputs).then((measured) => {
        print(describeCalibration(measured));
        return measured;
      });
      return calibration;
    },
  };
  print(describeMachine());
  const results: BenchResult[] = [];
  for (const name of positionals) {
    const bench = findBench(name);
    if (bench.needsData && values.data === undefined) {
      throw new Error(`The bench ${name} needs --data DIR, a folder of labelled sets.`);
    }
    print(`\n${bench.name}: ${bench.title}`);
    const measured = await bench.run(context);
    for (const result of measured) print(describeResult(result));
    results.push(...measured);
  }
  if (values.json) print(JSON.stringify({ bench: positionals.join(' '), results }));
  return results.some((result) => result.ok === false) ? 1 : 0;
}

function findBench(name: string): Bench {
  const bench = benches.find((each) => each.name === name);
  if (bench === undefined) {
    throw new Error(`There is no bench ${name}. There are ${benches.map((each) => each.name).join(', ')}.`);
  }
  return bench;
}

function listing(): readonly object[] {
  return benches.map(({ name, title, rows, needsData = false }) => ({ bench: name, title, rows, needsData }));
}

function listingLines(): readonly string[] {
  return benches.flatMap((bench) => [
    `${bench.name}: ${bench.title}${bench.needsData ? ' (needs --data)' : ''}`,
    ...bench.rows.map((row) => `  ${row}`),
  ]);
}

function describeResult({ name, value, unit, goal, ok, note }: BenchResult): string {
  const verdict = ok === undefined ? '' : ok ? ' ok' : ' MISSED';
  const figure = Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(4);
  return `  ${name}: ${figure} ${unit}${goal ? ` (goal ${goal})` : ''}${verdict}${note ? ` · ${note}` : ''}`;
}

function describeMachine(): string {
  const processors = cpus();
  const memory = (totalmem() / 2 ** 30).toFixed(0);
  return `machine: ${processors.length} × ${processors[0]?.model ?? 'unknown'}, ${memory} GiB, ${process.platform} ${process.arch}, Node ${process.version}`;
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  },
);
