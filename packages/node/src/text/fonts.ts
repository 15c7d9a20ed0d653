import { readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { FocalError, type LayOutText } from '@focal/core';
import { createFontSet, type FontFile, type FontSet, MAX_FONT_BYTES, TEXT_FILES } from '@focal/text';
import { toFileError } from '../files/file-error.ts';

/** Text in the bundled fonts, and in one of the user's. */
export interface Fonts {
  /** How to lay out text: each character in the first font that has it, the user's before ours. */
  layOut(userFont?: string): Promise<LayOutText>;
}

/** Nothing is read before the first text. The bundled fonts are kept for the life of the thread. */
export function createFonts(): Fonts {
  let opening: Promise<FontSet> | undefined;
  return {
    async layOut(userFont) {
      opening ??= openBundled();
      opening.catch(() => {
        opening = undefined;
      });
      const fonts = await opening;
      return fonts.layOut(userFont === undefined ? undefined : await readUserFont(userFont));
    },
  };
}

async function openBundled(): Promise<FontSet> {
  const { resolve } = createRequire(import.meta.url);
  const read = async (name: string) => new Uint8Array(await readFile(resolve(name)));
  const [harfbuzz, regular, bold] = await Promise.all([
    read(TEXT_FILES.harfbuzz),
    read(TEXT_FILES.regular),
    read(TEXT_FILES.bold),
  ]);
  return createFontSet({ harfbuzz, regular, bold });
}

async function readUserFont(path: string): Promise<FontFile> {
  try {
    const { size } = await stat(path);
    if (size > MAX_FONT_BYTES) {
      throw new FocalError('too-large', `Expected a font of at most ${MAX_FONT_BYTES >> 20} MB, got ${size >> 20} MB.`);
    }
    return { name: basename(path), data: new Uint8Array(await readFile(path)) };
  } catch (error) {
    throw toFileError(error, 'read', path);
  }
}
