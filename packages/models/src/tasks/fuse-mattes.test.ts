import { createMatte, type Matte } from '@focal/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FoundFace } from './faces.ts';
import { fuseMattes, isPersonFound } from './fuse-mattes.ts';

const face: FoundFace = { x: 0.4, y: 0.3, width: 0.2, height: 0.2, score: 0.9 };

describe('fuseMattes', () => {
  it('keeps the sharp edge of the subject where both masks agree', () => {
    const subject = draw(512, (x, y) => (inBox(x, y, 0.25, 0.2, 0.75, 1) ? 255 : 0));
    // The same shape with an edge that is soft over 20 of 256 pixels.
    const person = draw(256, (x, y) => soft(Math.min(x - 0.25, 0.75 - x, y - 0.2), 0.04));
    const fused = fuseMattes(subject, person);
    const wrong = fused.data.filter((value, i) => Math.abs(value - (subject.data[i] as number)) > 40).length;
    expect(wrong / fused.data.length).toBeLessThan(0.01);
    expect(at(fused, 0.5, 0.5)).toBe(255);
    expect(at(fused, 0.1, 0.5)).toBe(0);
  });

  it('adds what the person mask is sure of and the subject lacks', () => {
    const person = draw(256, (x, y) => (inBox(x, y, 0.2, 0.1, 0.8, 1) ? 255 : 0));
    const subject = draw(512, (x, y) =>
      inBox(x, y, 0.2, 0.1, 0.65, 1) ? 255 : inBox(x, y, 0.65, 0.1, 0.8, 1) ? 40 : 0,
    );
    const fused = fuseMattes(subject, person);
    expect(at(subject, 0.73, 0.5)).toBe(40);
    expect(at(fused, 0.73, 0.5)).toBeGreaterThan(128);
    expect(at(fused, 0.9, 0.5)).toBe(0);
  });

  it('leaves to the person mask what the subject should be where the two mean different things', () => {
    const person = draw(256, (x, y) => (inBox(x, y, 0.1, 0.2, 0.3, 0.9) ? 255 : 0));
    const house = draw(512, (x, y) => soft(Math.min(x - 0.1, 0.9 - x, y - 0.1, 0.9 - y), 0.008));
    const fused = fuseMattes(house, person);
    expect(at(fused, 0.2, 0.5)).toBe(255);
    expect(at(fused, 0.7, 0.5)).toBe(0);
    // Nor does a ghost of the house's outline stay.
    const right = [...fused.data].filter((_, i) => i % fused.width > fused.width * 0.4);
    expect(right.reduce((most, value) => Math.max(most, value), 0)).toBeLessThan(26);
  });

  it('keeps full and empty where both are full or empty, at any size', () => {
    fc.assert(
      fc.property(fc.integer({ min: 8, max: 64 }), fc.integer({ min: 0, max: 0xffff }), (side, pattern) => {
        const cell = (x: number, y: number) => (pattern >> (Math.floor(x * 4) * 4 + Math.floor(y * 4))) & 1;
        const subject = draw(side * 4, (x, y) => cell(x, y) * 255);
        const person = draw(side, (x, y) => cell(x, y) * 255);
        const fused = fuseMattes(subject, person);
        expect([fused.width, fused.height]).toEqual([side * 4, side * 4]);
        for (const x of [0.125, 0.375, 0.625, 0.875]) {
          for (const y of [0.125, 0.375, 0.625, 0.875]) expect(at(fused, x, y)).toBe(cell(x, y) * 255);
        }
      }),
    );
  });
});

describe('isPersonFound', () => {
  const refuse = () => Promise.reject(new Error('faces were looked for'));

  it('takes a mask that is sure for people, without looking for faces', async () => {
    const sure = draw(256, (x, y) => (inBox(x, y, 0.3, 0.2, 0.7, 1) ? 250 : 0));
    expect(await isPersonFound(sure, refuse)).toBe(true);
  });

  it('finds nobody in an empty, a tiny or an all vague mask, without looking for faces', async () => {
    expect(await isPersonFound(createMatte(256, 256), refuse)).toBe(false);
    expect(
      await isPersonFound(
        draw(256, (x, y) => (inBox(x, y, 0.5, 0.5, 0.54, 0.54) ? 255 : 0)),
        refuse,
      ),
    ).toBe(false);
    expect(
      await isPersonFound(
        draw(256, (_, y) => (y > 0.5 ? 150 : 0)),
        refuse,
      ),
    ).toBe(false);
  });

  it('asks for a face inside the mask where the mask leaves it open', async () => {
    const open = draw(256, (x, y) => (inBox(x, y, 0.3, 0.2, 0.7, 0.7) ? 250 : y > 0.7 ? 130 : 0));
    expect(await isPersonFound(open, async () => [face])).toBe(true);
    expect(await isPersonFound(open, async () => [{ ...face, x: 0.75, y: 0 }])).toBe(false);
    expect(await isPersonFound(open, async () => [{ ...face, x: 2 }])).toBe(false);
    expect(await isPersonFound(open, async () => [])).toBe(false);
  });
});

/** A square matte from a function of fractions 0..1. */
function draw(side: number, value: (x: number, y: number) => number): Matte {
  const data = Uint8Array.from({ length: side * side }, (_, i) =>
    value(((i % side) + 0.5) / side, (Math.floor(i / side) + 0.5) / side),
  );
  return createMatte(side, side, { data });
}

function at({ width, height, data }: Matte, x: number, y: number): number {
  return data[Math.floor(y * height) * width + Math.floor(x * width)] ?? Number.NaN;
}

function inBox(x: number, y: number, left: number, top: number, right: number, bottom: number): boolean {
  return x >= left && x < right && y >= top && y < bottom;
}

/** 0 at half a width outside, 255 at half a width inside. */
function soft(distance: number, width: number): number {
  return 255 * Math.min(1, Math.max(0, distance / (2 * width) + 0.5));
}
