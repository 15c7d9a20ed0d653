import { WIRE } from './proto-reader.ts';

/** Byte fields from this size on are referenced until {@link ProtoWriter.finish}, smaller ones copied at once. */
const REFERENCE_BYTES = 256;

/**
 * Writes one protobuf message. Big byte fields are not copied until {@link finish} lays everything out once, so a
 * model with 100 MB of weights needs its own size and no more while it is written.
 *
 * @example
 * new ProtoWriter().int(1, 8).string(2, 'focal').finish(); // Uint8Array 08 08 12 05 …
 */
export class ProtoWriter {
  readonly #utf8 = new TextEncoder();
  readonly #segments: Uint8Array[] = [];
  #buffer: Uint8Array = new Uint8Array(256);
  #used = 0;
  #settled = 0;
  /** Writes nested messages one after the other: thousands of small buffers would cost more than the writing. */
  #nested: ProtoWriter | undefined;

  /** Bytes written so far. */
  get length(): number {
    return this.#settled + this.#used;
  }

  int(field: number, value: number | bigint): this {
    this.#tag(field, WIRE.varint);
    this.#varint(value);
    return this;
  }

  float(field: number, value: number): this {
    this.#tag(field, WIRE.fixed32);
    this.#reserve(4);
    new DataView(this.#buffer.buffer).setFloat32(this.#used, value, true);
    this.#used += 4;
    return this;
  }

  string(field: number, value: string): this {
    return this.bytes(field, this.#utf8.encode(value));
  }

  /** `value` must not change before {@link finish}. */
  bytes(field: number, value: Uint8Array): this {
    this.#tag(field, WIRE.bytes);
    this.#varint(value.length);
    this.#append(value);
    return this;
  }

  message(field: number, write: (nested: ProtoWriter) => void): this {
    this.#nested ??= new ProtoWriter();
    const nested = this.#nested;
    nested.#clear();
    write(nested);
    this.#tag(field, WIRE.bytes);
    this.#varint(nested.length);
    for (const segment of nested.#segments) this.#append(segment);
    // Copied whatever its size: the nested writer's buffer is used again.
    this.#copy(nested.#buffer.subarray(0, nested.#used));
    return this;
  }

  packedInts(field: number, values: Iterable<number | bigint>): this {
    const nested = new ProtoWriter();
    for (const value of values) nested.#varint(value);
    return this.bytes(field, nested.finish());
  }

  packedFloats(field: number, values: ArrayLike<number>): this {
    const view = new DataView(new ArrayBuffer(values.length * 4));
    for (let index = 0; index < values.length; index++) view.setFloat32(index * 4, values[index] ?? 0, true);
    return this.bytes(field, new Uint8Array(view.buffer));
  }

  /** The whole message in a buffer of its own, exactly as long. */
  finish(): Uint8Array {
    const out = new Uint8Array(this.length);
    let at = 0;
    for (const segment of [...this.#segments, this.#buffer.subarray(0, this.#used)]) {
      out.set(segment, at);
      at += segment.length;
    }
    return out;
  }

  #tag(field: number, wire: number): void {
    this.#varint(field * 8 + wire);
  }

  #varint(value: number | bigint): void {
    this.#reserve(10);
    if (typeof value === 'bigint' || value < 0) {
      let rest = BigInt.asUintN(64, BigInt(value));
      while (rest >= 0x80n) {
        this.#buffer[this.#used++] = Number(rest & 0x7fn) | 0x80;
        rest >>= 7n;
      }
      this.#buffer[this.#used++] = Number(rest);
      return;
    }
    let rest = value;
    while (rest >= 0x80) {
      this.#buffer[this.#used++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#buffer[this.#used++] = rest;
  }

  #append(bytes: Uint8Array): void {
    if (bytes.length < REFERENCE_BYTES) {
      this.#copy(bytes);
      return;
    }
    this.#settle();
    this.#segments.push(bytes);
    this.#settled += bytes.length;
  }

  #copy(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#buffer.set(bytes, this.#used);
    this.#used += bytes.length;
  }

  #settle(): void {
    if (this.#used === 0) return;
    this.#segments.push(this.#buffer.slice(0, this.#used));
    this.#settled += this.#used;
    this.#used = 0;
  }

  #clear(): void {
    this.#segments.length = 0;
    this.#used = 0;
    this.#settled = 0;
  }

  #reserve(count: number): void {
    if (this.#used + count <= this.#buffer.length) return;
    const larger = new Uint8Array(Math.max(this.#buffer.length * 2, this.#used + count));
    larger.set(this.#buffer.subarray(0, this.#used));
    this.#buffer = larger;
  }
}
