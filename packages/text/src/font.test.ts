import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { FocalError, planFillOutline, runPlan } from '@focal/core';
import { writeBoxFont } from '@focal/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { createTextEngine, MAX_FONT_BYTES, TEXT_FILES, type TextEngine } from './index.ts';

const read = (name: string): Uint8Array => new Uint8Array(readFileSync(createRequire(import.meta.url).resolve(name)));

/** A generator of numbers from 0 to 1, the same for a seed (a linear congruence; Numerical Recipes, ch. 7). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

describe('font files', () => {
  let engine: TextEngine;
  let notoSans: Uint8Array;

  beforeAll(async () => {
    engine = await createTextEngine(read(TEXT_FILES.harfbuzz));
    notoSans = read(TEXT_FILES.regular);
  });

  const open = (data: Uint8Array): void => engine.createLayout([{ name: 'my.ttf', data }]).close();

  it('are opened wherever their bytes lie', () => {
    const shifted = new Uint8Array(notoSans.length + 3);
    shifted.set(notoSans, 3);
    using layout = engine.createLayout([{ name: 'my.ttf', data: shifted.subarray(3) }]);
    using straight = engine.createLayout([{ name: 'my.ttf', data: notoSans }]);
    const options = { sizePx: 30, maxWidthPx: 500 };
    expect(layout.layOut('Focal', options)).toEqual(straight.layOut('Focal', options));
  });

  it('are refused where they are none, with what to do', () => {
    const refused = { code: 'unsupported-format', hint: 'Name a .ttf or .otf file.' };
    for (const data of [new Uint8Array(0), new TextEncoder().encode('GIF89a and so on')]) {
      expect(() => open(data)).toThrow(expect.objectContaining(refused));
    }
    for (const kind of ['wOFF', 'wOF2']) {
      expect(() => open(new TextEncoder().encode(`${kind}0000`))).toThrow(
        /Expected a TrueType or OpenType font .* got WOFF/,
      );
    }
  });

  it('are refused where they are cut short or hold no outlines', () => {
    for (const length of [4, 12, 200, 1000]) {
      expect(() => open(notoSans.slice(0, length))).toThrow(expect.objectContaining({ code: 'corrupt-input' }));
    }
    const bitmaps = writeBoxFont('ab');
    const at = Buffer.from(bitmaps).indexOf('glyf');
    bitmaps.set(new TextEncoder().encode('CBDT'), at);
    expect(() => open(bitmaps)).toThrow(expect.objectContaining({ code: 'unsupported-format' }));
  });

  it('are refused where they are too large', () => {
    const data = new Uint8Array(MAX_FONT_BYTES + 1);
    expect(() => open(data)).toThrow(expect.objectContaining({ code: 'too-large' }));
  });

  it('are refused where there are none', () => {
    expect(() => engine.createLayout([])).toThrow(expect.objectContaining({ code: 'invalid-argument' }));
  });

  it('give a layout or a clear error, however broken they are', () => {
    const random = createRandom(7);
    const outcomes = new Map<string, number>();
    for (let round = 0; round < 400; round++) {
      const data = notoSans.slice(0, random() < 0.1 ? Math.floor(random() * notoSans.length) : notoSans.length);
      // In the directory of tables, or in the tables.
      const [from, to, most] = random() < 0.3 ? [0, 300, 4] : [300, notoSans.length, 1000];
      for (let i = Math.floor(random() * most); i >= 0; i--) {
        data[from + Math.floor(random() * (to - from))] = random() < 0.5 ? 255 : Math.floor(random() * 256);
      }
      let outcome: string;
      try {
        using layout = engine.createLayout([{ name: 'my.ttf', data }]);
        const { outline } = layout.layOut('AVATAR office Žluťoučký Привет (2026)', { sizePx: 20, maxWidthPx: 200 });
        runPlan(planFillOutline(outline, { width: 64, height: 64 }));
        outcome = 'drawn';
      } catch (error) {
        if (!(error instanceof FocalError)) throw error;
        outcome = error.code;
      }
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
    expect(outcomes.get('drawn')).toBeGreaterThan(50);
    expect(outcomes.get('corrupt-input')).toBeGreaterThan(50);
    expect(outcomes.has('internal')).toBe(false);
  });
});
