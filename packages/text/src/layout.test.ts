import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Outline, outlineBounds, type TextLayout, VERB } from '@focal/core';
import { writeBoxFont } from '@focal/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTextEngine, TEXT_FILES, type TextEngine } from './index.ts';

const read = (name: string): Uint8Array => new Uint8Array(readFileSync(createRequire(import.meta.url).resolve(name)));
const LETTERS = ' abcdefghijklmnopqrstuvwxyz.,-…0123456789()';

/** Left and right border of each box of a written font, in px, in drawing order. */
function boxesOf({ verbs, points }: Outline): readonly (readonly [left: number, right: number])[] {
  expect(verbs.every((verb) => verb === VERB.move || verb === VERB.line || verb === VERB.close)).toBe(true);
  const boxes: [number, number][] = [];
  let next = 0;
  for (const verb of verbs) {
    if (verb === VERB.close) continue;
    const x = points[next] as number;
    next += 2;
    const box = boxes.at(-1);
    if (verb === VERB.move || box === undefined) boxes.push([x, x]);
    else boxes[boxes.length - 1] = [Math.min(box[0], x), Math.max(box[1], x)];
  }
  return boxes;
}

describe('text layout', () => {
  let engine: TextEngine;
  let noto: TextLayout;
  let boxes: TextLayout;

  beforeAll(async () => {
    engine = await createTextEngine(read(TEXT_FILES.harfbuzz));
    noto = engine.createLayout([{ name: 'Noto Sans', data: read(TEXT_FILES.regular) }]);
    boxes = engine.createLayout([{ name: 'Boxes', data: writeBoxFont(LETTERS) }]);
  });

  afterAll(() => {
    noto.close();
    boxes.close();
  });

  /** Each letter of the boxes is 6 px wide at this size. */
  const linesOf = (text: string, maxWidthPx: number, options: object = {}): readonly string[] =>
    boxes.layOut(text, { sizePx: 10, maxWidthPx, ...options }).lines.map((line) => line.text);

  it('breaks lines between words, and words that are too long', () => {
    expect(linesOf('one two three', 60)).toEqual(['one two', 'three']);
    expect(linesOf('one two', 42)).toEqual(['one two']);
    expect(linesOf('one two', 41.9)).toEqual(['one', 'two']);
    expect(linesOf('extraordinary', 30)).toEqual(['extra', 'ordin', 'ary']);
    expect(linesOf('in extraordinary', 42)).toEqual(['in', 'extraor', 'dinary']);
    expect(linesOf('abc', 1)).toEqual(['a', 'b', 'c']);
  });

  it('keeps newlines, empty lines too', () => {
    expect(linesOf('a\r\nb\n\nc\u2028d', 100)).toEqual(['a', 'b', '', 'c', 'd']);
    expect(linesOf('', 100)).toEqual(['']);
  });

  it('shows a hyphen where a line ends with a soft one, and nowhere else', () => {
    expect(linesOf('extra\u00adordinary', 60)).toEqual(['extra-', 'ordinary']);
    expect(boxes.layOut('extra\u00adordinary', { sizePx: 10, maxWidthPx: 100 }).width).toBeCloseTo(13 * 6);
  });

  it('ends in an ellipsis where lines are left out', () => {
    expect(linesOf('one two three', 42, { maxLines: 1 })).toEqual(['one tw…']);
    expect(linesOf('one two three four', 42, { maxLines: 2 })).toEqual(['one two', 'three…']);
    expect(linesOf('a\nb', 42, { maxLines: 1 })).toEqual(['a…']);
    expect(linesOf('one two', 42, { maxLines: 1 })).toEqual(['one two']);
    expect(linesOf('one two', 1, { maxLines: 1 })).toEqual(['…']);
    expect(boxes.layOut('one two three', { sizePx: 10, maxWidthPx: 42, maxLines: 1 }).isCut).toBe(true);
    expect(boxes.layOut('one two', { sizePx: 10, maxWidthPx: 42, maxLines: 1 }).isCut).toBe(false);
    using plain = engine.createLayout([{ name: 'Plain', data: writeBoxFont('abc .') }]);
    const cut = plain.layOut('abc abc', { sizePx: 10, maxWidthPx: 30, maxLines: 1 });
    expect(cut.lines.map((line) => line.text)).toEqual(['ab...']);
  });

  it('places lines in boxes one below the other', () => {
    const block = boxes.layOut('ab\ncdef', { sizePx: 10, maxWidthPx: 100, lineHeight: 1.5, align: 'center' });
    expect(block).toMatchObject({ width: 24, height: 30, isCut: false });
    // The font's letters reach from 8 above to 2 below the baseline, so 2.5 of the 15 px are above them.
    expect(block.lines).toEqual([
      { text: 'ab', direction: 'ltr', x: 6, y: 0, width: 12, height: 15, baseline: 10.5 },
      { text: 'cdef', direction: 'ltr', x: 0, y: 15, width: 24, height: 15, baseline: 25.5 },
    ]);
    const bounds = outlineBounds(block.outline);
    expect(bounds.y).toBeCloseTo(3.5);
    expect(bounds.y + bounds.height).toBeCloseTo(25.5);
    expect(bounds.x).toBeCloseTo(0.5);
  });

  it('aligns each line by its own direction', () => {
    using layout = engine.createLayout([{ name: 'Boxes', data: writeBoxFont('abcdאבג ') }]);
    const startsOf = (align: 'start' | 'end'): readonly number[] =>
      layout.layOut('abcd\nab\nאב', { sizePx: 10, maxWidthPx: 100, align }).lines.map((line) => line.x);
    expect(startsOf('start')).toEqual([0, 0, 12]);
    expect(startsOf('end')).toEqual([0, 12, 0]);
  });

  it('orders right-to-left text, and what runs the other way in it', () => {
    // Each letter has a width of its own, by which it is known in the picture.
    const advances = { א: 300, ב: 400, ג: 500, a: 700, b: 800, '1': 900, '2': 1000, ' ': 1100 };
    using layout = engine.createLayout([
      { name: 'Boxes', data: writeBoxFont(Object.keys(advances).join(''), advances) },
    ]);
    const order = (text: string, direction: 'auto' | 'ltr' | 'rtl' = 'auto'): string =>
      boxesOf(layout.layOut(text, { sizePx: 1000, maxWidthPx: 50_000, direction }).outline)
        .toSorted((a, b) => a[0] - b[0])
        .map(([left, right]) => Object.entries(advances).find(([, it]) => Math.round(right - left) === it - 100)?.[0])
        .join('');
    expect(order('אבג')).toBe('גבא');
    expect(order('ab אב ab')).toBe('ab בא ab');
    expect(order('אב ab גא')).toBe('אג ab בא');
    expect(order('אב 12 גא')).toBe('אג 12 בא');
    expect(order('ab אב', 'rtl')).toBe('בא ab');
  });

  it('names the character that no font has, and what to do', () => {
    const options = { sizePx: 10, maxWidthPx: 100 };
    const error = (text: string): unknown => {
      try {
        return noto.layOut(text, options);
      } catch (thrown) {
        return thrown;
      }
    };
    expect(error('Focal 東京')).toMatchObject({
      code: 'invalid-argument',
      message: 'The character “東” (U+6771) is not in Noto Sans.',
      hint: expect.stringContaining('--font FILE'),
    });
    expect(error('ok 😀')).toMatchObject({ message: 'The character “😀” (U+1F600) is not in Noto Sans.' });
    expect(error('a\u0007')).toMatchObject({ message: 'The character U+0007 is not in Noto Sans.' });
    expect(error('\u200fa\u200d\u00ad\ufeff')).toMatchObject({ lines: [{ direction: 'rtl' }] });
  });

  it('draws each character by the first font that has it', () => {
    const data = { kana: writeBoxFont('かな', { か: 1000 }), noto: read(TEXT_FILES.regular) };
    using layout = engine.createLayout([
      { name: 'Kana', data: data.kana },
      { name: 'Noto Sans', data: data.noto },
    ]);
    const options = { sizePx: 100, maxWidthPx: 1000 };
    const width = (text: string): number => layout.layOut(text, options).width;
    expect(width('か')).toBe(100);
    expect(width('aかb')).toBeCloseTo(noto.layOut('ab', options).width + 100, 3);
    expect(width('ab')).toBe(noto.layOut('ab', options).width);
    expect(() => width('か東')).toThrow('The character “東” (U+6771) is not in Kana and Noto Sans.');
  });

  it('kerns', () => {
    const width = (text: string): number => noto.layOut(text, { sizePx: 100, maxWidthPx: 1000 }).width;
    expect(width('AV')).toBeLessThan(width('A') + width('V') - 1);
    expect(width('To')).toBeLessThan(width('T') + width('o') - 1);
  });

  it('puts marks on letters, composed or not', () => {
    const draw = (text: string): Outline => noto.layOut(text, { sizePx: 50, maxWidthPx: 1000 }).outline;
    expect(draw('Ž\u00e4')).toEqual(draw('Z\u030ca\u0308'));
  });

  it('draws Latin, Greek and Cyrillic in both weights', () => {
    using bold = engine.createLayout([{ name: 'Noto Sans Bold', data: read(TEXT_FILES.bold) }]);
    const text = 'Đặng Ærøskøbing ñ ß … „“ €\nΞεσκεπάζω ψυχοφθόρα ἀρχή\nСъешь ещё ґ є ї ў Ђ';
    const options = { sizePx: 20, maxWidthPx: 1000 };
    expect(bold.layOut(text, options).width).toBeGreaterThan(noto.layOut(text, options).width);
  });

  it('keeps all that is written, in lines that fit', () => {
    const word = fc.stringMatching(/^[a-zA-ZäßДжΩ]{1,12}[.,!?]?$/);
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 1, maxLength: 12 }),
        fc.double({ min: 120, max: 900, noNaN: true }),
        (words, width) => {
          const { lines, outline, ...block } = noto.layOut(words.join(' '), { sizePx: 32, maxWidthPx: width });
          expect(
            lines
              .map((line) => line.text)
              .join('')
              .replaceAll(' ', ''),
          ).toBe(words.join(''));
          for (const line of lines) expect(line.width).toBeLessThanOrEqual(width);
          expect(block.width).toBe(Math.max(...lines.map((line) => line.width)));
          expect(outline.points.every(Number.isFinite)).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('grows in proportion to the size', () => {
    const [small, large] = [8, 400].map((sizePx) => noto.layOut('Ág', { sizePx, maxWidthPx: 10_000 }));
    expect((large as { width: number }).width).toBeCloseTo((small as { width: number }).width * 50, 3);
  });

  it('refuses text that is too long, and work after it was closed', () => {
    expect(() => noto.layOut('a'.repeat(5001), { sizePx: 8, maxWidthPx: 100 })).toThrow(
      expect.objectContaining({ code: 'too-large' }),
    );
    const layout = engine.createLayout([{ name: 'Boxes', data: writeBoxFont('a') }]);
    layout.close();
    layout.close();
    expect(() => layout.layOut('a', { sizePx: 8, maxWidthPx: 100 })).toThrow(
      expect.objectContaining({ code: 'closed' }),
    );
  });
});
