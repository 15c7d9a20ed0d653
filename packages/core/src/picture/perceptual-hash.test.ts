import { describe, expect, test } from 'vitest';
import { HASH_SIDE, perceptualHash } from './perceptual-hash.ts';

/** Smooth blobs at places that the seed says. */
function draw(seed: number, change: (value: number, i: number) => number = (value) => value): Uint8Array {
  return Uint8Array.from({ length: HASH_SIDE * HASH_SIDE }, (_, i) => {
    const [x, y] = [i % HASH_SIDE, Math.floor(i / HASH_SIDE)];
    let value = 90;
    for (let blob = 0; blob < 5; blob++) {
      const [cx, cy] = [(seed * 7 + blob * 13) % HASH_SIDE, (seed * 11 + blob * 5) % HASH_SIDE];
      value += (blob % 2 === 0 ? 70 : -60) * Math.exp(-((x - cx) ** 2 + (y - cy) ** 2) / 40);
    }
    return Math.max(0, Math.min(255, Math.round(change(value, i))));
  });
}

function distance(a: string, b: string): number {
  return (BigInt(`0x${a}`) ^ BigInt(`0x${b}`)).toString(2).replaceAll('0', '').length;
}

describe('perceptualHash', () => {
  test('is 16 hexadecimal digits, the same for the same picture', () => {
    expect(perceptualHash(draw(1))).toMatch(/^[0-9a-f]{16}$/);
    expect(perceptualHash(draw(1))).toBe(perceptualHash(draw(1)));
  });

  test('changes little with brightness, contrast and noise', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const plain = perceptualHash(draw(seed));
      expect(distance(plain, perceptualHash(draw(seed, (value) => value + 15)))).toBeLessThanOrEqual(6);
      expect(distance(plain, perceptualHash(draw(seed, (value) => (value - 90) * 0.8 + 90)))).toBeLessThanOrEqual(4);
      expect(distance(plain, perceptualHash(draw(seed, (value, i) => value + ((i * 37) % 5) - 2)))).toBeLessThanOrEqual(
        8,
      );
    }
  });

  test('differs in many bits between unlike pictures', () => {
    const hashes = Array.from({ length: 12 }, (_, seed) => perceptualHash(draw(seed + 1)));
    const distances = hashes.flatMap((a, i) => hashes.slice(i + 1).map((b) => distance(a, b)));
    expect(Math.min(...distances)).toBeGreaterThan(8);
  });

  test('refuses another number of values', () => {
    expect(() => perceptualHash(new Uint8Array(64))).toThrow('Expected 1024 grey values, got 64.');
  });
});
