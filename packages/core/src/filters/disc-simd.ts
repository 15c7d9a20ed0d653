/**
 * Sums the kernels of one row of pixels. All but the first argument are byte addresses in the filter's memory: kernel
 * indices (16 bit), first entry of each kernel, row addresses, and where the sums go.
 */
export type DiscGather = (count: number, indices: number, starts: number, addresses: number, sums: number) => void;

/**
 * The gather of `createDiscFilter` as WebAssembly SIMD over a memory of its own: four channels at a time, in the same
 * order and precision as the reference. Undefined where the engine lacks WebAssembly or SIMD.
 */
export function createDiscModule(length: number): { buffer: ArrayBufferLike; gather: DiscGather } | undefined {
  const bytes = assembleGather();
  if (typeof WebAssembly === 'undefined' || !WebAssembly.validate(bytes)) return undefined;
  const memory = new WebAssembly.Memory({ initial: Math.ceil(length / 65536) });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { core: { memory } });
  return { buffer: memory.buffer, gather: instance.exports.gather as DiscGather };
}

// The instructions used, by their numbers in the WebAssembly specification, chapter 5.4.
const I32 = 0x7f;
const V128 = 0x7b;
const VOID = 0x40;
const END = 0x0b;
const BLOCK = [0x02, VOID];
const LOOP = [0x03, VOID];
const IF = [0x04, VOID];
const ELSE = 0x05;
const BR = 0x0c;
const BR_IF = 0x0d;
const I32_LOAD = 0x28;
const I32_LOAD16_U = 0x2f;
const I32_CONST = 0x41;
const I32_EQZ = 0x45;
const I32_GE_U = 0x4f;
const I32_AND = 0x71;
const I32_ADD = 0x6a;
const I32_SUB = 0x6b;
const I32_SHL = 0x74;
const I64_LOAD = 0x29;
const I64_LOAD16_U = 0x33;
const I64_EQ = 0x51;
// Multiplies by 2⁴⁸ + 2³² + 2¹⁶ + 1: the same 16 bits four times.
const FOUR_TIMES = [0x42, 0x81, 0x80, 0x84, 0x80, 0x90, 0x80, 0xc0, 0x00, 0x7e];
const SIMD = {
  load: [0xfd, 0x00],
  loadSplat: [0xfd, 0x09],
  store: [0xfd, 0x0b],
  constant: [0xfd, 0x0c],
  subtractInts: [0xfd, 0xb1, 0x01],
  addFloats: [0xfd, 0xe4, 0x01],
  subtractFloats: [0xfd, 0xe5, 0x01],
  multiplyFloats: [0xfd, 0xe6, 0x01],
  toFloats: [0xfd, 0xfa, 0x01],
};

type Code = readonly (number | readonly number[])[];

const get = (local: number): number[] => [0x20, local];
const set = (local: number): number[] => [0x21, local];
const tee = (local: number): number[] => [0x22, local];
// Constants are below 64 and offsets below 128, or written in two bytes. Alignment is a hint: 2² for words.
const constant = (value: number): number[] =>
  value < 64 ? [I32_CONST, value] : [I32_CONST, (value & 127) | 128, value >> 7];
const word = (offset: number): number[] => [I32_LOAD, 2, offset];
const vector = (offset: number): number[] => [...SIMD.load, 2, offset];
const splat = (offset: number): number[] => [...SIMD.loadSplat, 2, offset];
const advance = (local: number, step: number): Code => [get(local), constant(step), I32_ADD, set(local)];

// Arguments and locals of the function, by number.
const [COUNT, INDICES, STARTS, ADDRESSES, SUMS, COLUMN, ENTRY, END_ENTRY, LEFT, RIGHT] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
const [LEFT_FRACTION, RIGHT_FRACTION, LOW, NEXT_LOW, HIGH, NEXT_HIGH, FIRST_SUM] = [10, 11, 12, 13, 14, 15, 16];
const GROUP = 4;
const LOCALS = [2, 5, I32, 6 + GROUP, V128];

/**
 * The whole module: one imported memory, one exported function. The radius changes slowly along a row, so four pixels
 * mostly have the same kernel and are summed together; they share its look-ups and half of their loads.
 */
function assembleGather(): Uint8Array<ArrayBuffer> {
  const body: Code = [
    [...BLOCK, ...LOOP],
    [get(COUNT), I32_EQZ, BR_IF, 1].flat(),
    // entry = starts[index]; end = starts[index + 1]
    [get(STARTS), get(INDICES), [I32_LOAD16_U, 1, 0], constant(2), I32_SHL, I32_ADD, tee(LEFT)].flat(),
    [word(0), set(ENTRY), get(LEFT), word(4), set(END_ENTRY)].flat(),
    // if there are four pixels left and their four indices are equal
    [get(COUNT), constant(GROUP), I32_GE_U].flat(),
    [get(INDICES), [I64_LOAD, 1, 0], get(INDICES), [I64_LOAD16_U, 1, 0], FOUR_TIMES, I64_EQ, I32_AND].flat(),
    IF,
    ...sumPixels(GROUP),
    [ELSE],
    ...sumPixels(1),
    [END],
    [BR, 0, END, END, END],
  ];
  const code = [...LOCALS, ...body.flat()];

  return new Uint8Array([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, [1, 0x60, 5, I32, I32, I32, I32, I32, 0]),
    ...section(2, [1, ...text('core'), ...text('memory'), 0x02, 0x00, 0x01]),
    ...section(3, [1, 0]),
    ...section(7, [1, ...text('gather'), 0x00, 0]),
    ...section(10, [1, ...unsigned(code.length), ...code]),
  ]);
}

/** Sums `count` pixels that have one kernel, stores the sums, and goes on to the next pixel. */
function sumPixels(count: number): Code {
  const pixels = Array.from({ length: count }, (_, i) => i);
  return [
    ...pixels.map((i) => [...SIMD.constant, ...new Array<number>(16).fill(0), ...set(FIRST_SUM + i)]),
    [...BLOCK, ...LOOP],
    [get(ENTRY), get(END_ENTRY), I32_GE_U, BR_IF, 1].flat(),
    // row = addresses[entry.row] + column; left = row + entry.left; right = row + entry.right
    [get(ADDRESSES), get(ENTRY), word(0), I32_ADD, word(0), get(COLUMN), I32_ADD, tee(LEFT)].flat(),
    [get(ENTRY), word(8), I32_ADD, set(RIGHT)].flat(),
    [get(LEFT), get(ENTRY), word(4), I32_ADD, set(LEFT)].flat(),
    [get(ENTRY), splat(12), set(LEFT_FRACTION), get(ENTRY), splat(16), set(RIGHT_FRACTION)].flat(),
    [get(LEFT), vector(0), set(LOW), get(RIGHT), vector(0), set(HIGH)].flat(),
    ...pixels.flatMap((i) => [
      // sum += (high - low) + (rightFraction * (next high - high) - leftFraction * (next low - low))
      get(FIRST_SUM + i),
      [get(HIGH), get(LOW), SIMD.subtractInts, SIMD.toFloats].flat(),
      [get(RIGHT), vector(16 * i + 16), tee(NEXT_HIGH), get(HIGH), SIMD.subtractInts, SIMD.toFloats].flat(),
      [get(RIGHT_FRACTION), SIMD.multiplyFloats].flat(),
      [get(LEFT), vector(16 * i + 16), tee(NEXT_LOW), get(LOW), SIMD.subtractInts, SIMD.toFloats].flat(),
      [get(LEFT_FRACTION), SIMD.multiplyFloats].flat(),
      [SIMD.subtractFloats, SIMD.addFloats, SIMD.addFloats, set(FIRST_SUM + i)].flat(),
      [get(NEXT_HIGH), set(HIGH), get(NEXT_LOW), set(LOW)].flat(),
    ]),
    ...advance(ENTRY, 20),
    [BR, 0, END, END],
    ...pixels.map((i) => [get(SUMS), get(FIRST_SUM + i), [...SIMD.store, 2, 16 * i]].flat()),
    ...advance(SUMS, 16 * count),
    ...advance(COLUMN, 16 * count),
    ...advance(INDICES, 2 * count),
    [get(COUNT), constant(count), I32_SUB, set(COUNT)].flat(),
  ];
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...unsigned(content.length), ...content];
}

function text(value: string): number[] {
  return [value.length, ...Array.from(value, (letter) => letter.charCodeAt(0))];
}

/** LEB128, up to 14 bits. */
function unsigned(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, value >> 7];
}
