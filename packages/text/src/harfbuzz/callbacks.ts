/**
 * A callback's arguments: i for 32-bit integers and addresses, f for 32-bit floats. It gives nothing back.
 */
export type Signature = string;

const MAGIC = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const [TYPES, IMPORTS, EXPORTS] = [1, 2, 7];
const FUNCTION = 0x60;
const VALUE: Readonly<Record<string, number>> = { i: 0x7f, f: 0x7d };
/** The one module that callbacks are imported from, by a letter each. */
export const CALLBACK_MODULE = 'c';

/**
 * A WebAssembly module that imports one function for each signature and exports it again, named `a`, `b`, … Only
 * functions that came out of WebAssembly may be put in a table, and what HarfBuzz calls back it finds in its table.
 */
export function encodeCallbacks(signatures: readonly Signature[]): Uint8Array<ArrayBuffer> {
  const name = (index: number): number[] => [1, 'a'.charCodeAt(0) + index];
  return Uint8Array.from([
    ...MAGIC,
    ...section(TYPES, signatures, (it) => [FUNCTION, it.length, ...Array.from(it, (kind) => VALUE[kind] as number), 0]),
    ...section(IMPORTS, signatures, (_, i) => [1, CALLBACK_MODULE.charCodeAt(0), ...name(i), 0, i]),
    ...section(EXPORTS, signatures, (_, i) => [...name(i), 0, i]),
  ]);
}

/** A section with one entry for each signature. All lengths here are under 128, so one byte holds them. */
function section(
  id: number,
  signatures: readonly Signature[],
  encode: (it: Signature, index: number) => number[],
): number[] {
  const body = [signatures.length, ...signatures.flatMap(encode)];
  return [id, body.length, ...body];
}
