/**
 * A small assembler for WebAssembly: enough for kernels that are one loop over the pixels of a row. Sources stay
 * readable and one module serves Node, workers and browsers, without a build step. Numbers are those of the
 * WebAssembly specification, chapter 5.
 */

/** Bytes of instructions in order, grouped as it reads best. */
export type Code = readonly (number | Code)[];

export interface WasmFunction {
  readonly name: string;
  /** How many arguments, all i32. */
  readonly arguments: number;
  /** How many further locals: i32 first, then i64, then v128. */
  readonly words: number;
  readonly longs?: number;
  readonly vectors: number;
  readonly body: Code;
}

/** Functions ready to run on any memory. Can be kept, and sent to other threads. */
export type Program = WebAssembly.Module;

/** Makes the functions ready to run: about a millisecond. Undefined where the engine lacks WebAssembly or SIMD. */
export function compile(functions: readonly WasmFunction[]): Program | undefined {
  if (typeof WebAssembly === 'undefined') return undefined;
  try {
    return new WebAssembly.Module(assemble(functions));
  } catch {
    // The engine lacks SIMD, or a page's content security policy forbids it.
    return undefined;
  }
}

/** Lets a program run over a memory of so many bytes, all 0. */
export function instantiate(
  program: Program,
  byteLength: number,
): { readonly buffer: ArrayBuffer; readonly exports: Readonly<Record<string, unknown>> } {
  const memory = new WebAssembly.Memory({ initial: Math.ceil(byteLength / 65536) });
  const instance = new WebAssembly.Instance(program, { core: { memory } });
  return { buffer: memory.buffer, exports: instance.exports };
}

const I32 = 0x7f;
const I64 = 0x7e;
const V128 = 0x7b;

function assemble(functions: readonly WasmFunction[]): Uint8Array<ArrayBuffer> {
  const types = functions.map((each) => [
    0x60,
    each.arguments,
    ...Array.from({ length: each.arguments }, () => I32),
    0,
  ]);
  const names = functions.map(({ name }, index) => [...text(name), 0x00, index]);
  const bodies = functions.map(({ words, longs = 0, vectors, body }) => {
    const code = [3, words, I32, longs, I64, vectors, V128];
    append(body, code);
    code.push(op.end);
    return [unsigned(code.length), code];
  });
  const memory = [...text('core'), ...text('memory'), 0x02, 0x00, 0x01];
  const bytes = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
  appendSection(1, types, bytes);
  appendSection(2, [memory], bytes);
  appendSection(
    3,
    functions.map((_, index) => [index]),
    bytes,
  );
  appendSection(7, names, bytes);
  appendSection(10, bodies, bytes);
  return new Uint8Array(bytes);
}

/** Into one list: of thousands of instructions, making lists of lists would take longer than to compile them. */
function append(code: Code, bytes: number[]): void {
  for (const part of code) {
    if (typeof part === 'number') bytes.push(part);
    else append(part, bytes);
  }
}

/** A section of so many items. */
function appendSection(id: number, items: readonly Code[], bytes: number[]): void {
  const content = unsigned(items.length);
  append(items, content);
  bytes.push(id);
  append([unsigned(content.length), content], bytes);
}

function text(value: string): number[] {
  return [value.length, ...Array.from(value, (letter) => letter.charCodeAt(0))];
}

/** LEB128. */
function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest >>>= 7) bytes.push((rest & 127) | 128);
  bytes.push(rest);
  return bytes;
}

/** LEB128 of a signed 32-bit number. */
function signed(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value | 0; ; rest >>= 7) {
    const low = rest & 127;
    if (rest >> 6 === 0 || rest >> 6 === -1) return [...bytes, low];
    bytes.push(low | 128);
  }
}

const VOID = 0x40;

/** Instructions without operands, and such as take offsets (alignment is only a hint: 1 byte). */
export const op = {
  block: [0x02, VOID],
  loop: [0x03, VOID],
  if: [0x04, VOID],
  else: 0x05,
  end: 0x0b,
  branch: (depth: number) => [0x0c, depth],
  branchIf: (depth: number) => [0x0d, depth],
  get: (local: number) => [0x20, local],
  set: (local: number) => [0x21, local],
  tee: (local: number) => [0x22, local],
  constant: (value: number) => [0x41, ...signed(value)],
  load: (offset: number) => [0x28, 0, ...unsigned(offset)],
  loadByte: (offset: number) => [0x2d, 0, offset],
  loadShort: (offset: number) => [0x2f, 0, offset],
  store: (offset: number) => [0x36, 0, ...unsigned(offset)],
  storeByte: (offset: number) => [0x3a, 0, ...unsigned(offset)],
  isZero: 0x45,
  equal: 0x46,
  isLess: 0x48,
  isGreater: 0x4a,
  atLeast: 0x4f,
  add: 0x6a,
  subtract: 0x6b,
  and: 0x71,
  shiftLeft: 0x74,
  shiftRight: 0x76,
  loadLong: (offset: number) => [0x29, 0, offset],
  loadShortAsLong: (offset: number) => [0x33, 0, offset],
  loadByteAsLong: (offset: number) => [0x31, 0, offset],
  storeLong: (offset: number) => [0x37, 0, offset],
  toLong: 0xad,
  equalLongs: 0x51,
  orLong: 0x84,
  shiftLeftLong: 0x86,
  shiftRightLong: 0x88,
  // i64.const 2⁴⁸ + 2³² + 2¹⁶ + 1, i64.mul: the same 16 bits four times.
  fourTimes: [0x42, 0x81, 0x80, 0x84, 0x80, 0x90, 0x80, 0xc0, 0x00, 0x7e],
} as const;

/** SIMD: `I` four 32-bit whole numbers, `F` four 32-bit floats, `D` two 64-bit floats; shorts are eight, bytes sixteen. */
export const simd = {
  load: (offset: number) => [0xfd, 0x00, 0, ...unsigned(offset)],
  loadShortsI: (offset: number) => [0xfd, 0x04, 0, offset],
  // Into one of four numbers of the vector on the stack, after the address.
  loadLane: (lane: number, offset = 0) => [0xfd, 0x56, 0, ...unsigned(offset), lane],
  loadSplat: (offset: number) => [0xfd, 0x09, 0, offset],
  loadLongSplat: (offset: number) => [0xfd, 0x0a, 0, ...unsigned(offset)],
  // 32 bits into the first place, 0 into all others.
  loadWord: (offset: number) => [0xfd, 0x5c, 0, ...unsigned(offset)],
  loadHalf: (offset: number) => [0xfd, 0x5d, 0, ...unsigned(offset)],
  store: (offset: number) => [0xfd, 0x0b, 0, ...unsigned(offset)],
  storeHalf: (offset: number) => [0xfd, 0x5b, 0, ...unsigned(offset), 0],
  constantI: (value: number) => [0xfd, 0x0c, ...[0, 1, 2, 3].flatMap(() => littleEndian(value))],
  constantBytes: (...bytes: readonly number[]) => [0xfd, 0x0c, ...bytes],
  // Sixteen of the bytes of two vectors, 0..15 of the first and 16..31 of the second.
  shuffleBytes: (...lanes: readonly number[]) => [0xfd, 0x0d, ...lanes],
  splatI: [0xfd, 0x11],
  laneI: (lane: number) => [0xfd, 0x1b, lane],
  // Of the first vector the bytes that the second names, 0 for numbers from 16.
  pickBytes: [0xfd, 0x0e],
  equalBytes: [0xfd, 0x23],
  equalF: [0xfd, 0x41],
  isGreaterF: [0xfd, 0x44],
  isAtMostF: [0xfd, 0x45],
  isAtLeastF: [0xfd, 0x46],
  and: [0xfd, 0x4e],
  // The first without the bits of the second.
  andNot: [0xfd, 0x4f],
  or: [0xfd, 0x50],
  xor: [0xfd, 0x51],
  // By the third vector's bits: of the first where they are 1, else of the second.
  select: [0xfd, 0x52],
  isAny: [0xfd, 0x53],
  // Whether none of the bytes is 0.
  areAllBytes: [0xfd, 0x63],
  narrowToBytes: [0xfd, 0x66],
  subtractBytes: [0xfd, 0x71],
  // As numbers without a sign.
  leastBytes: [0xfd, 0x77],
  mostBytes: [0xfd, 0x79],
  // Rounded up.
  meanOfBytes: [0xfd, 0x7b],
  addPairsOfBytes: [0xfd, 0x7d],
  addPairsOfShorts: [0xfd, 0x7f],
  narrowToShorts: [0xfd, 0x86, 0x01],
  shiftRightShorts: [0xfd, 0x8d, 0x01],
  addShorts: [0xfd, 0x8e, 0x01],
  lowToShorts: [0xfd, 0x89, 0x01],
  highToShorts: [0xfd, 0x8a, 0x01],
  // Of eight shorts the first, or the last, four.
  lowToI: [0xfd, 0xa9, 0x01],
  highToI: [0xfd, 0xaa, 0x01],
  shiftLeftI: [0xfd, 0xab, 0x01],
  shiftRightI: [0xfd, 0xac, 0x01],
  // As numbers without a sign.
  shiftRightU: [0xfd, 0xad, 0x01],
  addI: [0xfd, 0xae, 0x01],
  subtractI: [0xfd, 0xb1, 0x01],
  multiplyI: [0xfd, 0xb5, 0x01],
  // The products of eight signed shorts, added in pairs.
  dotShorts: [0xfd, 0xba, 0x01],
  addF: [0xfd, 0xe4, 0x01],
  subtractF: [0xfd, 0xe5, 0x01],
  multiplyF: [0xfd, 0xe6, 0x01],
  divideF: [0xfd, 0xe7, 0x01],
  // The second where it is less (more) than the first, else the first.
  leastF: [0xfd, 0xea, 0x01],
  mostF: [0xfd, 0xeb, 0x01],
  toF: [0xfd, 0xfa, 0x01],
  // Toward 0.
  toI: [0xfd, 0xf8, 0x01],
  addD: [0xfd, 0xf0, 0x01],
  multiplyD: [0xfd, 0xf2, 0x01],
  // The first two, as numbers without a sign.
  lowToD: [0xfd, 0xff, 0x01],
  // Toward 0, into the first two places; 0 into the others.
  fromD: [0xfd, 0xfc, 0x01],
} as const;

function littleEndian(value: number): number[] {
  return [value & 255, (value >> 8) & 255, (value >> 16) & 255, value >>> 24];
}
