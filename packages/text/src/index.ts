export { createTextEngine, type FontFile, type TextEngine } from './engine.ts';
export { TEXT_FILES } from './files.ts';
export { MAX_FONT_BYTES } from './font.ts';
export { createFontSet, type FontSet, type FontSetFiles } from './font-set.ts';
