import { FocalError } from '@focal/core';

/** Numbers and letters that one file may make us read: large models have some 50,000. */
const MAX_ELEMENTS = 2_000_000;
/** A table becomes an object, which costs what so many numbers cost. */
const ELEMENTS_OF_TABLE = 8;

/**
 * One FlatBuffers table, read in place (format: https://flatbuffers.dev/internals). Fields are told by their slot, the
 * position in the schema; a slot that is not written gives the schema's default. Every offset is checked: a broken file
 * throws `model-invalid`, and tables that point at each other cannot make reading long, since all of a file's tables
 * share one budget.
 */
export class FlatTable {
  readonly #file: FlatFile;
  readonly #at: number;
  readonly #vtable: number;
  readonly #vtableBytes: number;

  constructor(file: FlatFile, at: number) {
    this.#file = file;
    this.#at = at;
    this.#vtable = at - file.int32(at);
    this.#vtableBytes = file.uint16(this.#vtable);
    if (this.#vtableBytes < 4 || this.#vtableBytes % 2 !== 0) throw file.broken('a table', at);
  }

  /** The root table of a file. `identifier` is the four letters that its kind has at byte 4. */
  static root(bytes: Uint8Array, identifier: string): FlatTable {
    const file = new FlatFile(bytes);
    let found = '';
    for (let at = 4; at < 8; at++) found += String.fromCharCode(bytes[at] ?? 0);
    if (found !== identifier) {
      throw new FocalError(
        'model-invalid',
        `Expected a TFLite file with ${identifier} at byte 4, got ${bytes.length} bytes without.`,
        { hint: 'The file is damaged, cut short or no TFLite model.' },
      );
    }
    return new FlatTable(file, file.uint32(0));
  }

  int8(slot: number, fallback: number): number {
    const at = this.#field(slot);
    return at === undefined ? fallback : this.#file.int8(at);
  }

  int32(slot: number, fallback: number): number {
    const at = this.#field(slot);
    return at === undefined ? fallback : this.#file.int32(at);
  }

  uint32(slot: number, fallback: number): number {
    const at = this.#field(slot);
    return at === undefined ? fallback : this.#file.uint32(at);
  }

  bool(slot: number): boolean {
    return this.int8(slot, 0) !== 0;
  }

  string(slot: number): string {
    const span = this.#list(slot, 1);
    if (span === undefined) return '';
    this.#file.spend(span.count);
    return new TextDecoder().decode(this.#file.bytes.subarray(span.start, span.start + span.count));
  }

  /** A view into the file; undefined when the field is not written. */
  bytes(slot: number): Uint8Array | undefined {
    const span = this.#list(slot, 1);
    return span === undefined ? undefined : this.#file.bytes.subarray(span.start, span.start + span.count);
  }

  int32s(slot: number): readonly number[] {
    const span = this.#list(slot, 4);
    if (span === undefined) return [];
    this.#file.spend(span.count);
    return Array.from({ length: span.count }, (_, index) => this.#file.int32(span.start + index * 4));
  }

  float32s(slot: number): readonly number[] {
    const span = this.#list(slot, 4);
    if (span === undefined) return [];
    this.#file.spend(span.count);
    return Array.from({ length: span.count }, (_, index) => this.#file.float32(span.start + index * 4));
  }

  /** 64-bit whole numbers as JavaScript's: exact up to 2 ** 53. */
  int64s(slot: number): readonly number[] {
    const span = this.#list(slot, 8);
    if (span === undefined) return [];
    this.#file.spend(span.count);
    return Array.from({ length: span.count }, (_, index) => this.#file.int64(span.start + index * 8));
  }

  table(slot: number): FlatTable | undefined {
    const at = this.#field(slot);
    return at === undefined ? undefined : new FlatTable(this.#file, this.#file.follow(at));
  }

  tables(slot: number): readonly FlatTable[] {
    const span = this.#list(slot, 4);
    if (span === undefined) return [];
    this.#file.spend(span.count * ELEMENTS_OF_TABLE);
    return Array.from(
      { length: span.count },
      (_, index) => new FlatTable(this.#file, this.#file.follow(span.start + index * 4)),
    );
  }

  #field(slot: number): number | undefined {
    const entry = 4 + slot * 2;
    if (entry >= this.#vtableBytes) return undefined;
    const offset = this.#file.uint16(this.#vtable + entry);
    return offset === 0 ? undefined : this.#at + offset;
  }

  #list(slot: number, elementBytes: number): { readonly start: number; readonly count: number } | undefined {
    const at = this.#field(slot);
    if (at === undefined) return undefined;
    const start = this.#file.follow(at);
    const count = this.#file.uint32(start);
    if (start + 4 + count * elementBytes > this.#file.bytes.length)
      throw this.#file.broken('a list inside the file', start);
    return { start: start + 4, count };
  }
}

/** Checked little-endian reads, and what the tables of one file share. */
class FlatFile {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  #elements = 0;

  constructor(bytes: Uint8Array) {
    // Plain bytes: Node's Buffer takes far longer to make views of itself.
    this.bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  int8(at: number): number {
    return this.#view.getInt8(this.#checked(at, 1));
  }

  uint16(at: number): number {
    return this.#view.getUint16(this.#checked(at, 2), true);
  }

  int32(at: number): number {
    return this.#view.getInt32(this.#checked(at, 4), true);
  }

  float32(at: number): number {
    return this.#view.getFloat32(this.#checked(at, 4), true);
  }

  int64(at: number): number {
    return Number(this.#view.getBigInt64(this.#checked(at, 8), true));
  }

  uint32(at: number): number {
    return this.#view.getUint32(this.#checked(at, 4), true);
  }

  /** Where the offset that lies at `at` points to. */
  follow(at: number): number {
    return at + this.uint32(at);
  }

  spend(count: number): void {
    this.#elements += count;
    if (this.#elements > MAX_ELEMENTS) throw this.broken(`at most ${MAX_ELEMENTS} elements of lists`, 0);
  }

  broken(expected: string, at: number): FocalError {
    return new FocalError('model-invalid', `Expected ${expected} in the TFLite file at byte ${at}.`, {
      hint: 'The file is damaged, cut short or no TFLite model.',
    });
  }

  #checked(at: number, count: number): number {
    if (at < 0 || at + count > this.bytes.length) throw this.broken(`${count} bytes inside the file`, at);
    return at;
  }
}
