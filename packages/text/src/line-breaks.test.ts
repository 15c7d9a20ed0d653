import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLineBreaker } from './line-breaks.ts';

const breaker = createLineBreaker();

/** The text with ÷ at each place where a line may begin. */
function show(text: string): string {
  const breaks = breaker.find(text);
  return breaks.map((to, i) => text.slice(breaks[i - 1] ?? 0, to)).join('÷');
}

describe('places where lines may break', () => {
  // Each as Chromium 150 breaks it at a width of 1 px with `line-break: strict`, which uses ICU's tables.
  it.each([
    ['spaces', 'Hello, ÷world!'],
    ['several spaces', 'a ÷b  ÷c'],
    ['hyphens, not before numbers', 'well-÷known ÷-5'],
    ['prices', 'It ÷costs ÷$10.50 ÷(about ÷9,80 ÷€).'],
    ['quotation marks', '“quoted” ÷and ÷‘single’ ÷«guillemets»'],
    ['apostrophes before words', 'rock ÷’n’ ÷roll'],
    ['ideographs, small kana and brackets', '東÷京÷の÷夏÷は÷「と÷て÷も÷暑÷い」÷で÷す。÷し÷か÷し、'],
    ['katakana', 'カ÷タ÷カ÷ナ・÷テ÷ス÷ト ÷ーっゃ'],
    ['units', '100 ÷% ÷or ÷50% ÷of ÷3°C'],
    ['ellipses', 'e.g. ÷this ÷… ÷and ÷that...'],
    ['dashes', 'word÷—÷dash–÷en'],
    ['what must not break', 'foo\u00a0bar ÷no\u2011break'],
    ['brackets', '[1] ÷(a) ÷{b} ÷(who?) ÷said'],
    ['numbers and times', '1,234.56 ÷12:30 ÷1/2'],
    ['Hebrew with a hyphen', 'שלום-÷עולם ÷טוב'],
    ['Arabic', 'مرحبا، ÷كيف؟'],
    ['Korean', '한÷국÷어 ÷문÷장'],
    ['soft hyphens and zero-width spaces', 'soft\u00ad÷hyphen ÷zero\u200b÷width'],
    ['emoji, flags and families', '😀÷😀 ÷👍🏽 ÷🇩🇪÷🇫🇷 ÷👨‍👩‍👧'],
    ['marks on letters', 'nai\u0308ve ÷cafe\u0301 ÷test'],
    ['signs', 'C++ ÷and ÷C# ÷№ ÷5, ÷§ ÷3'],
    ['Spanish', '¿Qué? ÷¡Ay!'],
  ])('are right for %s', (_, expected) => {
    expect(show(expected.replaceAll('÷', ''))).toBe(expected);
  });

  it('end with the text, ascend, and never split a character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (text) => {
        const breaks = breaker.find(text);
        expect(breaks.at(-1)).toBe(text.length);
        expect(breaks).toEqual([...new Set(breaks)].sort((a, b) => a - b));
        const split = /^[\uD800-\uDBFF][\uDC00-\uDFFF]$/;
        expect(breaks.some((at) => split.test(text.slice(at - 1, at + 1)))).toBe(false);
      }),
    );
  });

  it('are none in an empty text', () => {
    expect(breaker.find('')).toEqual([]);
  });
});
