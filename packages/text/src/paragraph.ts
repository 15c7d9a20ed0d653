import { FocalError, type TextDirection } from '@focal/core';
import type { Bidi } from 'bidi-js';
import type { Font, ShapedGlyph } from './font.ts';
import { findScripts, toShapingScript } from './scripts.ts';

/** A text without newlines, ready to be shaped part by part. */
export interface Paragraph {
  readonly text: string;
  readonly direction: TextDirection;
  /** Embedding level (UAX #9) and script of each UTF-16 unit. */
  readonly levels: Uint8Array;
  readonly scripts: readonly string[];
}

export function createParagraph(bidi: Bidi, text: string, direction: TextDirection | 'auto'): Paragraph {
  const { levels, paragraphs } = bidi.getEmbeddingLevels(text, direction);
  const base = paragraphs[0]?.level ?? (direction === 'rtl' ? 1 : 0);
  return { text, direction: base % 2 === 1 ? 'rtl' : 'ltr', levels, scripts: findScripts(text) };
}

/** Glyphs of one font, from left to right. */
export interface Piece {
  readonly font: Font;
  readonly glyphs: readonly ShapedGlyph[];
}

/**
 * Shapes a part of a paragraph: pieces from left to right as they are seen. Each character comes from the first font
 * that has it. Throws `invalid-argument`, naming the character, where none has.
 */
export function shapePart(paragraph: Paragraph, fonts: readonly Font[], from: number, to: number): readonly Piece[] {
  const items: Item[] = [];
  for (let start = from; start < to; ) {
    const [level, script] = [paragraph.levels[start] as number, paragraph.scripts[start] as string];
    let end = start + 1;
    while (end < to && paragraph.levels[end] === level && paragraph.scripts[end] === script) end++;
    items.push({ from: start, to: end, level, script });
    start = end;
  }
  return inVisualOrder(items).flatMap((item) => shapeItem(paragraph.text, fonts, item, 0));
}

/** Width of pieces as a multiple of the font size. */
export function piecesWidth(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, { font, glyphs }) => sum + glyphsWidth(glyphs) / font.unitsPerEm, 0);
}

/** Sum of advances in units of the font. */
export function glyphsWidth(glyphs: readonly ShapedGlyph[]): number {
  return glyphs.reduce((sum, { advance }) => sum + advance, 0);
}

interface Item {
  readonly from: number;
  readonly to: number;
  readonly level: number;
  readonly script: string;
}

/** Rule L2 of UAX #9: from the highest level down to 1, what is at that level or above is turned round. */
function inVisualOrder(items: readonly Item[]): readonly Item[] {
  const order = [...items];
  for (let level = Math.max(0, ...items.map((item) => item.level)); level >= 1; level--) {
    for (let start = 0; start < order.length; start++) {
      let end = start;
      while (end < order.length && (order[end] as Item).level >= level) end++;
      order.splice(start, end - start, ...order.slice(start, end).reverse());
      start = end;
    }
  }
  return order;
}

/** Shapes an item with the font of this number; what that lacks with those after it. */
function shapeItem(text: string, fonts: readonly Font[], item: Item, index: number): readonly Piece[] {
  const font = fonts[index];
  if (font === undefined) throw missingCharacter(text, fonts, item);
  const isRightToLeft = item.level % 2 === 1;
  const script = toShapingScript(item.script);
  const run = { text, from: item.from, to: item.to, isRightToLeft, ...(script !== undefined && { script }) };
  const glyphs = font.shape(run);
  const parts = splitByGap(text, glyphs, item);
  if (parts.every((part) => !part.isMissing)) return [{ font, glyphs }];
  if (isRightToLeft) parts.reverse();
  return parts.flatMap(({ isMissing, from, to }) => {
    const isWhole = from === item.from && to === item.to;
    return shapeItem(text, fonts, { ...item, from, to }, isMissing || isWhole ? index + 1 : index);
  });
}

/** Parts of an item, in reading order, of which the font has all characters or none. */
function splitByGap(
  text: string,
  glyphs: readonly ShapedGlyph[],
  item: Item,
): { isMissing: boolean; readonly from: number; to: number }[] {
  const missing = new Set(glyphs.filter(({ id }) => id === 0).map(({ cluster }) => cluster));
  const starts = [...new Set(glyphs.map(({ cluster }) => cluster))].sort((a, b) => a - b);
  const parts: { isMissing: boolean; readonly from: number; to: number }[] = [];
  for (const [i, from] of starts.entries()) {
    const to = starts[i + 1] ?? item.to;
    const isMissing = missing.has(from) && !/^\p{Default_Ignorable_Code_Point}*$/u.test(text.slice(from, to));
    const last = parts.at(-1);
    if (last?.isMissing === isMissing) last.to = to;
    else parts.push({ isMissing, from, to });
  }
  return parts;
}

function missingCharacter(text: string, fonts: readonly Font[], { from, to }: Item): FocalError {
  const characters = Array.from(text.slice(from, to));
  const lacks = (it: string): boolean => fonts.every((font) => !font.has(it.codePointAt(0) as number));
  const character = characters.find(lacks) ?? characters[0] ?? '';
  const code = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  const shown = /^[\p{C}\p{Z}\p{M}]/u.test(character) ? code : `“${character}” (${code})`;
  const names = fonts.map(({ name }) => name).join(' and ');
  return new FocalError('invalid-argument', `The character ${shown} is not in ${names}.`, {
    hint: 'Name a font that has it with --font FILE, or leave the character out.',
  });
}
