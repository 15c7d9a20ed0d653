import { FocalError } from '@focal/core';

/** How a protobuf field lies on the wire. Groups (3 and 4) are not used by ONNX and are refused. */
export const WIRE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/**
 * Walks the fields of one protobuf message in place: strings and numbers are decoded when asked for, byte fields are
 * views into the input. Everything is bounds-checked; a broken message throws `model-invalid` with the byte offset.
 *
 * @example
 * const reader = new ProtoReader(bytes);
 * while (reader.next()) {
 *   if (reader.field === 1) version = reader.int();
 *   else reader.skip();
 * }
 */
export class ProtoReader {
  /** Number of the current field; set by {@link next}. */
  field = 0;
  /** Wire type of the current field; set by {@link next}. */
  wire = 0;
  readonly #bytes: Uint8Array;
  #at: number;
  readonly #end: number;

  /** Reads `bytes` from `start` to `end` (exclusive). */
  constructor(bytes: Uint8Array, start = 0, end: number = bytes.length) {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
  }

  /** Moves to the next field; false at the end of the message. The field must then be read or skipped. */
  next(): boolean {
    if (this.#at >= this.#end) return false;
    const start = this.#at;
    const tag = this.#varintNumber();
    this.field = Math.floor(tag / 8);
    this.wire = tag % 8;
    if (this.field === 0 || tag > 0xffffffff) throw this.#broken('a field number from 1 to 536870911', start);
    if (this.wire === 3 || this.wire === 4 || this.wire > 5) {
      throw this.#broken(`a known wire type, got ${this.wire}`, start);
    }
    return true;
  }

  /** A varint that must be a safe integer (also a negative one), as enums, counts and versions are. */
  int(): number {
    const value = this.int64();
    if (value > BigInt(Number.MAX_SAFE_INTEGER) || value < BigInt(Number.MIN_SAFE_INTEGER)) {
      throw this.#broken('an integer below 2^53', this.#at);
    }
    return Number(value);
  }

  /** A varint as a signed 64-bit integer. */
  int64(): bigint {
    this.#expect(WIRE.varint);
    const [value, next] = readVarint64(this.#bytes, this.#at, this.#end);
    this.#at = next;
    return value;
  }

  float(): number {
    this.#expect(WIRE.fixed32);
    const start = this.#take(4);
    return new DataView(this.#bytes.buffer, this.#bytes.byteOffset + start, 4).getFloat32(0, true);
  }

  /** The field's bytes, as a view into the input. */
  bytes(): Uint8Array {
    this.#expect(WIRE.bytes);
    const [start, end] = this.#span();
    return this.#bytes.subarray(start, end);
  }

  string(): string {
    return decodeUtf8(this.bytes());
  }

  /** A reader over the nested message that this field holds. */
  message(): ProtoReader {
    this.#expect(WIRE.bytes);
    const [start, end] = this.#span();
    return new ProtoReader(this.#bytes, start, end);
  }

  /** The field's payload whatever its wire type: packed elements, or the one element of an unpacked list. */
  payload(): Uint8Array {
    if (this.wire === WIRE.bytes) return this.bytes();
    const start = this.#at;
    this.skip();
    return this.#bytes.subarray(start, this.#at);
  }

  skip(): void {
    if (this.wire === WIRE.varint) this.#varintNumber();
    else if (this.wire === WIRE.fixed64) this.#take(8);
    else if (this.wire === WIRE.bytes) this.#span();
    else this.#take(4);
  }

  #expect(wire: number): void {
    if (this.wire !== wire) {
      throw this.#broken(`wire type ${wire} for field ${this.field}, got ${this.wire}`, this.#at);
    }
  }

  #take(count: number): number {
    const start = this.#at;
    if (start + count > this.#end) throw this.#broken(`${count} more bytes, got ${this.#end - start}`, start);
    this.#at = start + count;
    return start;
  }

  #span(): readonly [start: number, end: number] {
    const length = this.#varintNumber();
    const start = this.#take(length);
    return [start, start + length];
  }

  /** An unsigned varint as a number, exact below 2^53, which is all that tags and lengths need. */
  #varintNumber(): number {
    let value = 0;
    let scale = 1;
    for (let count = 0; count < 10; count++) {
      const byte = this.#bytes[this.#take(1)] ?? 0;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
    throw this.#broken('a varint of at most 10 bytes', this.#at);
  }

  #broken(expected: string, at: number): FocalError {
    return new FocalError('model-invalid', `Expected ${expected} in the ONNX file at byte ${at}.`, {
      hint: 'The file is damaged, cut short or no ONNX model.',
    });
  }
}

/** The signed 64-bit varint at `at` and the offset after it. Throws `model-invalid` when it is cut short. */
export function readVarint64(bytes: Uint8Array, at: number, end: number): readonly [value: bigint, next: number] {
  let low = 0;
  let high = 0;
  for (let count = 0; count < 10; count++) {
    const byte = at + count < end ? bytes[at + count] : undefined;
    if (byte === undefined) break;
    if (count < 7) low += (byte & 0x7f) * 2 ** (7 * count);
    else high += (byte & 0x7f) * 2 ** (7 * (count - 7));
    if (byte < 0x80) return [BigInt.asIntN(64, BigInt(low) | (BigInt(high) << 49n)), at + count + 1];
  }
  throw new FocalError('model-invalid', `Expected a varint of at most 10 bytes in the ONNX file at byte ${at}.`, {
    hint: 'The file is damaged, cut short or no ONNX model.',
  });
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new FocalError('model-invalid', `Expected UTF-8 text in the ONNX file, got ${bytes.length} other bytes.`, {
      hint: 'The file is damaged, cut short or no ONNX model.',
      cause,
    });
  }
}
