import {
  completeTextOptions,
  createOutlineWriter,
  FocalError,
  MAX_TEXT_LENGTH,
  type OutlineWriter,
  type TextBlock,
  type TextLayout,
  type TextLine,
  type TextOptions,
} from '@focal/core';
import type { Bidi } from 'bidi-js';
import type { Font } from './font.ts';
import type { LineBreaker } from './line-breaks.ts';
import { breakLines, type Line } from './lines.ts';
import { glyphsWidth, type Piece } from './paragraph.ts';

/** Coordinates of a whole block at most: some hundred for a letter are usual. */
const MAX_COORDINATES = 4_000_000;

/** Lays text out in these fonts: for each character the first that has it; lines are as high as the first says. */
export function createFontLayout(fonts: readonly [Font, ...Font[]], bidi: Bidi, breaker: LineBreaker): TextLayout {
  let isOpen = true;
  const close = (): void => {
    isOpen = false;
  };
  return {
    layOut(text, options) {
      if (!isOpen) throw new FocalError('closed', 'The text layout was closed.');
      const complete = completeTextOptions(options);
      if (text.length > MAX_TEXT_LENGTH) {
        const most = MAX_TEXT_LENGTH.toLocaleString('en');
        throw new FocalError('too-large', `Expected a text of at most ${most} characters, got ${text.length}.`);
      }
      const { lines, isCut } = breakLines(text, { fonts, bidi, breaker }, complete);
      return { ...placeLines(lines, fonts[0], complete), isCut };
    },
    close,
    [Symbol.dispose]: close,
  };
}

function placeLines(lines: readonly Line[], font: Font, options: Required<TextOptions>): Omit<TextBlock, 'isCut'> {
  const { sizePx, align } = options;
  const height = options.lineHeight * sizePx;
  const blockWidth = lines.reduce((most, { width }) => Math.max(most, width), 0);
  // What the line is higher than the font's letters stands half above them and half below.
  const [ascent, descent] = [font.ascender, font.descender].map((it) => (it / font.unitsPerEm) * sizePx) as [
    number,
    number,
  ];
  const rise = (height - (ascent - descent)) / 2 + ascent;
  const writer = createOutlineWriter();
  const placed = lines.map(({ text, direction, width, pieces }, index): TextLine => {
    const free = blockWidth - width;
    const isAtLeft = (align === 'start') === (direction === 'ltr');
    const x = align === 'center' ? free / 2 : isAtLeft ? 0 : free;
    const [y, baseline] = [index * height, index * height + rise];
    drawPieces(pieces, x, baseline, sizePx, writer);
    return { text, direction, x, y, width, height, baseline };
  });
  return { width: blockWidth, height: lines.length * height, lines: placed, outline: writer.finish() };
}

function drawPieces(
  pieces: readonly Piece[],
  left: number,
  baseline: number,
  sizePx: number,
  writer: OutlineWriter,
): void {
  let start = left;
  for (const { font, glyphs } of pieces) {
    const scale = sizePx / font.unitsPerEm;
    // Whole units of the font up to here, so that letters do not drift by rounding.
    let advanced = 0;
    for (const { id, advance, x, y } of glyphs) {
      writer.append(font.outline(id), start + (advanced + x) * scale, baseline - y * scale, scale, -scale);
      advanced += advance;
      if (writer.length > MAX_COORDINATES) {
        throw new FocalError('too-large', `The letters of ${font.name} have too many points for this text.`, {
          hint: 'Use a shorter text or another font.',
        });
      }
    }
    start += glyphsWidth(glyphs) * scale;
  }
}
