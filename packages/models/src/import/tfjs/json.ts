import { FocalError } from '@focal/core';

/** Largest JSON part of a model: real ones take below 1 MB. */
const MAX_JSON_BYTES = 64 * 2 ** 20;

/** A JSON value that is an object. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Reads the JSON of a TensorFlow.js model. Throws `model-invalid`. */
export function parseJson(bytes: Uint8Array): unknown {
  if (bytes.length > MAX_JSON_BYTES) throw broken('JSON of at most 64 MB', `${bytes.length} bytes`);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw broken('JSON', 'something else');
  }
}

export function asObject(value: unknown, what: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw broken(`an object for ${what}`);
  return value as JsonObject;
}

export function asList(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw broken(`a list for ${what}`);
  return value;
}

export function asString(value: unknown, what: string): string {
  if (typeof value !== 'string' || value.length > 1000) throw broken(`a short text for ${what}`);
  return value;
}

/** A property of the object itself, never one that it inherits. */
export function field(object: JsonObject, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** Whole number, also where it is written as text, as protobuf's JSON does. */
export function asInteger(value: unknown, what: string): number {
  const number = typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isSafeInteger(number)) throw broken(`a whole number for ${what}`);
  return number;
}

export function broken(expected: string, got?: string): FocalError {
  const message = `Expected ${expected} in the TensorFlow.js model${got === undefined ? '.' : `, got ${got}.`}`;
  return new FocalError('model-invalid', message, {
    hint: 'The file is damaged, or uses what Focal does not import.',
  });
}
