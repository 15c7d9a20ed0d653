import { FocalError, type TextLayout } from '@focal/core';
import bidiJs, { type Bidi } from 'bidi-js';
import { openFont } from './font.ts';
import { createFontLayout } from './layout.ts';
import { createLineBreaker } from './line-breaks.ts';

/** A font file: TTF, OTF or the first font of a TTC. */
export interface FontFile {
  /** What messages call it. */
  readonly name: string;
  /** Copied when it is opened. */
  readonly data: Uint8Array;
}

/** Makes text layouts, for any fonts. Holds HarfBuzz's compiled program, nothing that has to be closed. */
export interface TextEngine {
  /**
   * A layout in these fonts: each character is drawn by the first that has it, so a user's font comes first and the
   * bundled Noto Sans after it. Opening takes a few milliseconds; the layout is the caller's to close.
   * Throws `invalid-argument` without fonts, `too-large`, `unsupported-format` or `corrupt-input` for bad font files.
   */
  createLayout(fonts: readonly FontFile[]): TextLayout;
}

// The package's types describe its ES module, Node loads its CommonJS one: in both the default is this function.
const createBidi = bidiJs as unknown as () => Bidi;

/**
 * Makes a text engine from the bytes of `harfbuzz.wasm`, see {@link TEXT_FILES}. The same bytes of program and fonts
 * give the same outlines in Node and browsers: HarfBuzz answers in whole units of the font.
 *
 * @example
 * const engine = await createTextEngine(wasm);
 * using layout = engine.createLayout([{ name: 'Noto Sans', data: notoSans }]);
 * layout.layOut('Lisbon', { sizePx: 40, maxWidthPx: 600 }).width // 123.96
 */
export async function createTextEngine(wasm: Uint8Array): Promise<TextEngine> {
  const program = await WebAssembly.compile(wasm.slice());
  const bidi = createBidi();
  const breaker = createLineBreaker();
  return {
    createLayout(files) {
      const [first, ...others] = files.map(({ name, data }) => openFont(program, name, data));
      if (first === undefined) throw new FocalError('invalid-argument', 'Expected at least one font for text.');
      return createFontLayout([first, ...others], bidi, breaker);
    },
  };
}
