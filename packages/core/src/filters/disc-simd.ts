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
const BR = 0x0c;
const BR_IF = 0x0d;
const I32_LOAD = 0x28;
const I32_LOAD16_U = 0x2f;
const I32_CONST = 0x41;
const I32_EQZ = 0x45;
const I32_GE_U = 0x4f;
const I32_ADD = 0x6a;
const I32_SUB = 0x6b;
const I32_SHL = 0x74;
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
// All constants and offsets here are below 64, so one byte of LEB128 each. Alignment is a hint: 2² for words.
const constant = (value: number): number[] => [I32_CONST, value];
const word = (offset: number): number[] => [I32_LOAD, 2, offset];
const vector = (offset: number): number[] => [...SIMD.load, 2, offset];

/** The whole module: one imported memory, one exported function. */
function assembleGather(): Uint8Array<ArrayBuffer> {
  // Arguments and locals.
  const [count, indices, starts, addresses, sums, column, entry, end, left, right] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
  const [sum, low, high] = [10, 11, 12];

  const advance = (local: number, step: number): Code => [get(local), constant(step), I32_ADD, set(local)];
  const interval: Code = [
    // row = addresses[entry.row] + column; left = row + entry.left; right = row + entry.right
    [get(addresses), get(entry), word(0), I32_ADD, word(0), get(column), I32_ADD, tee(left)].flat(),
    [get(entry), word(8), I32_ADD, set(right)].flat(),
    [get(left), get(entry), word(4), I32_ADD, set(left)].flat(),
    // sum += (high - low) + (rightFraction * pixel(right) - leftFraction * pixel(left))
    get(sum),
    [get(right), vector(0), tee(high), get(left), vector(0), tee(low), SIMD.subtractInts, SIMD.toFloats].flat(),
    [get(entry), [...SIMD.loadSplat, 2, 16]].flat(),
    [get(right), vector(16), get(high), SIMD.subtractInts, SIMD.toFloats, SIMD.multiplyFloats].flat(),
    [get(entry), [...SIMD.loadSplat, 2, 12]].flat(),
    [get(left), vector(16), get(low), SIMD.subtractInts, SIMD.toFloats, SIMD.multiplyFloats].flat(),
    [SIMD.subtractFloats, SIMD.addFloats, SIMD.addFloats, set(sum)].flat(),
  ];
  const body: Code = [
    [...BLOCK, ...LOOP],
    [get(count), I32_EQZ, BR_IF, 1].flat(),
    // entry = starts[index]; end = starts[index + 1]
    [get(starts), get(indices), [I32_LOAD16_U, 1, 0], constant(2), I32_SHL, I32_ADD, tee(left)].flat(),
    [word(0), set(entry), get(left), word(4), set(end)].flat(),
    [...SIMD.constant, ...new Array<number>(16).fill(0), ...set(sum)],
    [...BLOCK, ...LOOP],
    [get(entry), get(end), I32_GE_U, BR_IF, 1].flat(),
    ...interval,
    ...advance(entry, 20),
    [BR, 0, END, END],
    [get(sums), get(sum), [...SIMD.store, 2, 0]].flat(),
    ...advance(sums, 16),
    ...advance(column, 16),
    ...advance(indices, 2),
    [get(count), constant(1), I32_SUB, set(count)].flat(),
    [BR, 0, END, END, END],
  ];
  const locals = [2, 5, I32, 3, V128];
  const code = [...locals, ...body.flat()];

  return new Uint8Array([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, [1, 0x60, 5, I32, I32, I32, I32, I32, 0]),
    ...section(2, [1, ...text('core'), ...text('memory'), 0x02, 0x00, 0x01]),
    ...section(3, [1, 0]),
    ...section(7, [1, ...text('gather'), 0x00, 0]),
    ...section(10, [1, ...unsigned(code.length), ...code]),
  ]);
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
