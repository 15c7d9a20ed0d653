import type { LayOutText, TextLayout } from '@focal/core';
import { createTextEngine, type FontFile } from './engine.ts';

/** The bytes of {@link TEXT_FILES}. */
export interface FontSetFiles {
  readonly harfbuzz: Uint8Array;
  readonly regular: Uint8Array;
  readonly bold: Uint8Array;
}

/** The bundled fonts, opened. */
export interface FontSet {
  /**
   * Text in the bundled fonts: each character in the first font that has it, `own` before ours. That one is opened with the
   * first text and kept as long as the answer: what is wrong with it is thrown then.
   */
  layOut(own?: FontFile): LayOutText;
}

interface Layouts {
  regular?: TextLayout;
  bold?: TextLayout;
}

/** Opens the bundled fonts. Throws `corrupt-input` for bytes that are no font. */
export async function createFontSet(bytes: FontSetFiles): Promise<FontSet> {
  const engine = await createTextEngine(bytes.harfbuzz);
  const files = {
    regular: { name: 'Noto Sans', data: bytes.regular },
    bold: { name: 'Noto Sans Bold', data: bytes.bold },
  };
  // Opening a font takes ten times as long as a caption.
  const bundled: Layouts = { regular: engine.createLayout([files.regular]), bold: engine.createLayout([files.bold]) };
  return {
    layOut(own) {
      const layouts: Layouts = own === undefined ? bundled : {};
      return (text, { bold = false, ...options }) => {
        const weight = bold ? 'bold' : 'regular';
        layouts[weight] ??= engine.createLayout(own === undefined ? [files[weight]] : [own, files[weight]]);
        return layouts[weight].layOut(text, options);
      };
    },
  };
}
