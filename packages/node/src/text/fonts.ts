import { readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { FocalError, type LayOutText } from '@focal/core';
import { createTextEngine, type FontFile, MAX_FONT_BYTES, TEXT_FILES } from '@focal/text';
import { toFileError } from '../files/file-error.ts';

/** Text in the bundled fonts, and in one of the user's. */
export interface Fonts {
  /** How to lay out text: each character in the first font that has it, the user's before ours. */
  layOut(userFont?: string): Promise<LayOutText>;
}

/** Nothing is read before the first text. The engine and the bundled fonts are kept for the life of the thread. */
export function createFonts(): Fonts {
  const find = createRequire(import.meta.url).resolve;
  let opened: ReturnType<typeof open> | undefined;
  return {
    async layOut(userFont) {
      opened ??= open(find);
      const { engine, files, layouts } = await opened;
      if (userFont === undefined) {
        return (text, { bold = false, ...options }) => layouts[bold ? 'bold' : 'regular'].layOut(text, options);
      }
      const own = await readUserFont(userFont);
      return (text, { bold = false, ...options }) => {
        using layout = engine.createLayout([own, files[bold ? 'bold' : 'regular']]);
        return layout.layOut(text, options);
      };
    },
  };
}

async function open(find: (name: string) => string) {
  const read = async (name: string) => new Uint8Array(await readFile(find(name)));
  const [wasm, regular, bold] = await Promise.all([
    read(TEXT_FILES.harfbuzz),
    read(TEXT_FILES.regular),
    read(TEXT_FILES.bold),
  ]);
  const engine = await createTextEngine(wasm);
  const files: Readonly<Record<'regular' | 'bold', FontFile>> = {
    regular: { name: 'Noto Sans', data: regular },
    bold: { name: 'Noto Sans Bold', data: bold },
  };
  // Opening a font takes ten times as long as a caption.
  const layouts = { regular: engine.createLayout([files.regular]), bold: engine.createLayout([files.bold]) };
  return { engine, files, layouts };
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
