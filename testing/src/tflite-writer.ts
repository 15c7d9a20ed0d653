import type { ReferenceTensor } from './litert.ts';

/** A field of a FlatBuffers table. */
type FlatField =
  | { readonly int8: number }
  | { readonly int32: number }
  | { readonly text: string }
  | { readonly bytes: Uint8Array }
  | { readonly int32s: readonly number[] }
  | { readonly table: FlatFields }
  | { readonly tables: readonly FlatFields[] };

/** Fields by their slot: the position in the schema. */
export type FlatFields = Readonly<Record<number, FlatField>>;

/** A TFLite model of one operator, for tests that compare the import with the reference. */
export interface OperatorModel {
  /** Builtin code of the TFLite schema. */
  readonly code: number;
  /** Name of a custom operator (code 32) and its options. */
  readonly custom?: { readonly name: string; readonly options: Uint8Array };
  /** Kind and fields of the builtin options. */
  readonly options?: { readonly type: number; readonly fields: FlatFields };
  /** Shapes of the computed inputs. */
  readonly inputs: readonly (readonly number[])[];
  /** Constants after them, in the operator's order. */
  readonly constants?: readonly (Omit<ReferenceTensor, 'name' | 'data'> & {
    readonly data: Float32Array | Int32Array;
  })[];
  readonly output: readonly number[];
}

const CUSTOM = 32;

/** The bytes of a TFLite file with inputs `in0`, `in1` … and the output `out`. */
export function writeOperatorModel(model: OperatorModel): Uint8Array {
  const constants = model.constants ?? [];
  const tensors = [
    ...model.inputs.map((shape, index): FlatFields => ({ 0: { int32s: shape }, 3: { text: `in${index}` } })),
    ...constants.map(
      ({ dims, data }, index): FlatFields => ({
        0: { int32s: dims },
        1: { int8: data instanceof Int32Array ? 2 : 0 },
        2: { int32: index + 1 },
        3: { text: `constant${index}` },
      }),
    ),
    { 0: { int32s: model.output }, 3: { text: 'out' } } satisfies FlatFields,
  ];
  const computed = model.inputs.map((_, index) => index);
  const output = tensors.length - 1;
  const operator: FlatFields = {
    1: { int32s: [...computed, ...constants.map((_, index) => computed.length + index)] },
    2: { int32s: [output] },
    ...(model.options === undefined ? {} : { 3: { int8: model.options.type }, 4: { table: model.options.fields } }),
    ...(model.custom === undefined ? {} : { 5: { bytes: model.custom.options } }),
  };
  const code: FlatFields = {
    0: { int8: Math.min(model.code, 127) },
    3: { int32: model.code },
    2: { int32: 1 },
    ...(model.code === CUSTOM && model.custom !== undefined ? { 1: { text: model.custom.name } } : {}),
  };
  const graph: FlatFields = {
    0: { tables: tensors },
    1: { int32s: computed },
    2: { int32s: [output] },
    3: { tables: [operator] },
  };
  const buffers = [
    {},
    ...constants.map(
      ({ data }): FlatFields => ({ 0: { bytes: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) } }),
    ),
  ];
  return writeFlatbuffer(
    { 0: { int32: 3 }, 1: { tables: [code] }, 2: { tables: [graph] }, 4: { tables: buffers } },
    'TFL3',
  );
}

/** Writes a FlatBuffers file forwards: every table before what it points to. */
function writeFlatbuffer(root: FlatFields, identifier: string): Uint8Array {
  const writer = new FlatWriter();
  writer.grow(8, 16);
  for (let at = 0; at < 4; at++) writer.view().setUint8(4 + at, identifier.charCodeAt(at));
  const start = writer.table(root);
  writer.view().setUint32(0, start, true);
  return writer.finish();
}

class FlatWriter {
  #bytes = new Uint8Array(1024);
  #used = 0;

  view(): DataView {
    return new DataView(this.#bytes.buffer);
  }

  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#used);
  }

  /** Room for `count` bytes at an offset divisible by `alignment`. */
  grow(count: number, alignment: number): number {
    const start = Math.ceil(this.#used / alignment) * alignment;
    if (start + count > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.#bytes.length * 2, start + count));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#used = start + count;
    return start;
  }

  /** Writes a table, four bytes for every field, and then what it points to. Gives its offset. */
  table(fields: FlatFields): number {
    const slots = Object.keys(fields).map(Number);
    const count = slots.length === 0 ? 0 : Math.max(...slots) + 1;
    const vtable = this.grow(4 + count * 2, 4);
    const start = this.grow(4 + slots.length * 4, 4);
    this.view().setUint16(vtable, 4 + count * 2, true);
    this.view().setUint16(vtable + 2, 4 + slots.length * 4, true);
    this.view().setInt32(start, start - vtable, true);
    for (const [index, slot] of slots.entries()) {
      const at = start + 4 + index * 4;
      this.view().setUint16(vtable + 4 + slot * 2, at - start, true);
      const field = fields[slot];
      if (field !== undefined) this.#field(at, field);
    }
    return start;
  }

  #field(at: number, field: FlatField): void {
    if ('int8' in field) this.view().setInt8(at, field.int8);
    else if ('int32' in field) this.view().setInt32(at, field.int32, true);
    else if ('table' in field) this.#point(at, this.table(field.table));
    else if ('text' in field)
      this.#point(at, this.#list(new TextEncoder().encode(`${field.text}\0`), field.text.length));
    else if ('bytes' in field) this.#point(at, this.#list(field.bytes, field.bytes.length));
    else if ('int32s' in field)
      this.#point(at, this.#list(new Uint8Array(Int32Array.from(field.int32s).buffer), field.int32s.length));
    else {
      const list = this.grow(4 + field.tables.length * 4, 4);
      this.view().setUint32(list, field.tables.length, true);
      this.#point(at, list);
      for (const [index, table] of field.tables.entries()) this.#point(list + 4 + index * 4, this.table(table));
    }
  }

  /** A list whose elements begin at a multiple of 16, as TFLite wants its weights. */
  #list(bytes: Uint8Array, count: number): number {
    const start = this.grow(bytes.length + 16, 16) + 12;
    this.view().setUint32(start, count, true);
    this.#bytes.set(bytes, start + 4);
    return start;
  }

  #point(at: number, target: number): void {
    this.view().setUint32(at, target - at, true);
  }
}
