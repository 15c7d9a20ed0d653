import type { Bytes } from '../picture/picture.ts';

/** The bytes four at a time, where they lie so that this is possible. */
export function toWords(data: Bytes): Int32Array | undefined {
  return data.byteOffset % 4 === 0 ? new Int32Array(data.buffer, data.byteOffset, data.length >> 2) : undefined;
}

/** Where the run of bytes 0 (or 255) that begins at `start` ends, at most `end`. `words` is {@link toWords} of them. */
export function findRunEnd(
  data: Bytes,
  words: Int32Array | undefined,
  start: number,
  end: number,
  value: 0 | 255,
): number {
  let i = start;
  if (words !== undefined) {
    const word = value === 0 ? 0 : -1;
    while (i < end && (i & 3) !== 0 && data[i] === value) i++;
    if ((i & 3) === 0) while (i + 4 <= end && words[i >> 2] === word) i += 4;
  }
  while (i < end && data[i] === value) i++;
  return i;
}

/** What is left of a run of bytes without the zeros at both ends; empty where all are 0. */
export function trimZeros(
  data: Bytes,
  words: Int32Array | undefined,
  start: number,
  end: number,
): readonly [from: number, to: number] {
  const from = findRunEnd(data, words, start, end, 0);
  let to = end;
  if (words !== undefined) {
    while (to > from && (to & 3) !== 0 && data[to - 1] === 0) to--;
    if ((to & 3) === 0) while (to - 4 >= from && words[(to >> 2) - 1] === 0) to -= 4;
  }
  while (to > from && data[to - 1] === 0) to--;
  return [from, to];
}
