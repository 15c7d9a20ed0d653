import { type Code, compile, op, type Program, simd, type WasmFunction } from '../filters/assemble.ts';
import { LANES, LITERALS, LONGEST_RUN } from './kernels.ts';

/** The kernels as WebAssembly, with the same bytes. Undefined where the engine lacks WebAssembly or SIMD. */
export function compilePackKernels(): Program | undefined {
  return compile([averageFunction(), upFunction(), upRgbFunction(), sumFunction(), countFunction(), emitFunction()]);
}

const { get, set, tee } = op;
const advance = (local: number, step: number): Code => [get(local), op.constant(step), op.add, set(local)];

/** `body` while the first argument, less `step` each time, is above 0. */
function forEach(step: number, body: Code): Code {
  return [
    [op.block, op.loop, get(0), op.constant(0), op.isGreater, op.isZero, op.branchIf(1), body],
    [get(0), op.constant(step), op.subtract, set(0), op.branch(0), op.end, op.end],
  ];
}

function averageFunction(): WasmFunction {
  const [row, above, to, left, up] = [1, 2, 3, 4, 5];
  const body = forEach(16, [
    [get(row), op.constant(4), op.subtract, simd.load(0), set(left), get(above), simd.load(0), set(up)],
    [get(to), get(row), simd.load(0)],
    // The engine's mean is rounded up.
    [get(left), get(up), simd.meanOfBytes, get(left), get(up), simd.xor, simd.constantI(0x01010101), simd.and],
    [simd.subtractBytes, simd.subtractBytes, simd.store(0)],
    [advance(row, 16), advance(above, 16), advance(to, 16)],
  ]);
  return { name: 'average', arguments: 4, words: 0, vectors: 2, body };
}

function upFunction(): WasmFunction {
  const [row, above, to] = [1, 2, 3];
  const body = forEach(16, [
    [get(to), get(row), simd.load(0), get(above), simd.load(0), simd.subtractBytes, simd.store(0)],
    [advance(row, 16), advance(above, 16), advance(to, 16)],
  ]);
  return { name: 'up', arguments: 4, words: 0, vectors: 0, body };
}

function upRgbFunction(): WasmFunction {
  const [row, above, to] = [1, 2, 3];
  const body = forEach(16, [
    [get(to), get(row), simd.load(0), get(above), simd.load(0), simd.subtractBytes],
    [simd.constantBytes(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 16, 16, 16, 16), simd.pickBytes, simd.store(0)],
    [advance(row, 16), advance(above, 16), advance(to, 12)],
  ]);
  return { name: 'upRgb', arguments: 4, words: 0, vectors: 0, body };
}

function sumFunction(): WasmFunction {
  const [from, to, bytes, whole, before, weighed] = [1, 2, 3, 4, 5, 6];
  const shorts = (...values: readonly number[]) => simd.constantBytes(...values.flatMap((value) => [value, 0]));
  const body = [
    forEach(1, [
      [get(from), simd.load(0), set(bytes), get(before), get(whole), simd.addI, set(before)],
      [get(whole), get(bytes), simd.addPairsOfBytes, simd.addPairsOfShorts, simd.addI, set(whole)],
      [get(weighed), get(bytes), simd.lowToShorts, shorts(16, 15, 14, 13, 12, 11, 10, 9), simd.dotShorts],
      [get(bytes), simd.highToShorts, shorts(8, 7, 6, 5, 4, 3, 2, 1), simd.dotShorts, simd.addI, simd.addI],
      [set(weighed), advance(from, 16)],
    ]),
    [get(to), get(whole), simd.store(0), get(to), get(before), simd.store(16), get(to), get(weighed), simd.store(32)],
  ];
  return { name: 'sum', arguments: 3, words: 0, vectors: 4, body };
}

/**
 * The parse of [Note: runs of bytes] with `onRun`, `onFour` and `onOne` for what it finds: at `from` in any case, the
 * length of a run and four literals as the locals of that name.
 */
function parse(
  { from, end, run, most, four }: Readonly<Record<'from' | 'end' | 'run' | 'most' | 'four', number>>,
  { onRun, onFour, onOne }: Readonly<Record<'onRun' | 'onFour' | 'onOne', Code>>,
): Code {
  const here: Code = [get(from), get(run), op.add];
  const previous: Code = [here, op.constant(1), op.subtract];
  return [
    [op.block, op.loop, get(end), get(from), op.subtract, tee(most), op.constant(4), op.isLess, op.branchIf(1)],
    [get(from), op.load(0), tee(four), get(from), op.constant(1), op.subtract, op.load(0), op.equal, op.if],
    [get(most), op.constant(LONGEST_RUN), op.isGreater, op.if, op.constant(LONGEST_RUN), set(most), op.end],
    [op.constant(4), set(run)],
    // Sixteen bytes at once while all of them are equal to the ones before, then one by one.
    [op.block, op.loop, get(run), op.constant(16), op.add, get(most), op.isGreater, op.branchIf(1)],
    [here, simd.load(0), previous, simd.load(0), simd.equalBytes, simd.areAllBytes, op.isZero, op.branchIf(1)],
    [advance(run, 16), op.branch(0), op.end, op.end],
    [op.block, op.loop, get(run), get(most), op.atLeast, op.branchIf(1)],
    [here, op.loadByte(0), previous, op.loadByte(0), op.equal, op.isZero, op.branchIf(1)],
    [advance(run, 1), op.branch(0), op.end, op.end],
    [onRun, get(from), get(run), op.add, set(from), op.else],
    [onFour, advance(from, 4), op.end],
    [op.branch(0), op.end, op.end],
    [op.block, op.loop, get(from), get(end), op.atLeast, op.branchIf(1)],
    [onOne, advance(from, 1), op.branch(0), op.end, op.end],
  ];
}

/** The byte of a word, as the offset of a word in a table. */
function laneOffset(word: number, lane: number): Code {
  const shifted =
    lane === 0 ? [get(word), op.constant(2), op.shiftLeft] : [get(word), op.constant(8 * lane - 2), op.shiftRight];
  return [shifted, op.constant(255 << 2), op.and];
}

function countFunction(): WasmFunction {
  const [from, end, counts, run, most, four, address] = [0, 1, 2, 3, 4, 5, 6];
  const increment = (offset: Code, table: number): Code => [
    [get(counts), offset, op.add, tee(address), get(address), op.load(table), op.constant(1), op.add, op.store(table)],
  ];
  const lanes = Array.from({ length: LANES }, (_, lane) => increment(laneOffset(four, lane), lane * LITERALS * 4));
  const body = parse(
    { from, end, run, most, four },
    {
      onRun: increment([get(run), op.constant(2), op.shiftLeft], LANES * LITERALS * 4),
      onFour: lanes,
      onOne: increment([get(from), op.loadByte(0), op.constant(2), op.shiftLeft], 0),
    },
  );
  return { name: 'count', arguments: 3, words: 4, vectors: 0, body };
}

function emitFunction(): WasmFunction {
  const [from, end, codes, to, state, run, most, four, entry, taken, hold] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
  const put = (offset: Code, table: number): Code => [
    [get(codes), offset, op.add, op.load(table), set(entry)],
    [get(hold), get(entry), op.constant(0xffffff), op.and, op.toLong, get(taken), op.toLong],
    [
      op.shiftLeftLong,
      op.orLong,
      set(hold),
      get(taken),
      get(entry),
      op.constant(24),
      op.shiftRight,
      op.add,
      set(taken),
    ],
  ];
  // Full bytes leave; no more than 7 bits stay, and four literals bring 48 at most.
  const flush: Code = [
    [get(to), get(hold), op.storeLong(0), get(to), get(taken), op.constant(3), op.shiftRight, op.add, set(to)],
    [get(hold), get(taken), op.constant(0x78), op.and, op.toLong, op.shiftRightLong, set(hold)],
    [get(taken), op.constant(7), op.and, set(taken)],
  ];
  const lanes = Array.from({ length: LANES }, (_, lane) => put(laneOffset(four, lane), 0));
  const body = [
    [get(state), op.load(0), set(taken), get(to), op.loadByteAsLong(0), set(hold)],
    parse(
      { from, end, run, most, four },
      {
        onRun: [put([get(run), op.constant(2), op.shiftLeft], LITERALS * 4), flush],
        onFour: [lanes, flush],
        onOne: [put([get(from), op.loadByte(0), op.constant(2), op.shiftLeft], 0), flush],
      },
    ),
    [get(to), get(hold), op.storeLong(0)],
    [get(state), get(taken), op.store(0), get(state), get(to), op.store(4)],
  ];
  return { name: 'emit', arguments: 5, words: 5, longs: 1, vectors: 0, body };
}
