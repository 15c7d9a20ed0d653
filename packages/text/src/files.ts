/**
 * The files that text needs, by the names that npm packages export them under: whoever puts the parts together finds
 * and reads them, in Node from the packages' folders, in the studio as files of the bundle. Their code is never run.
 */
export const TEXT_FILES = {
  /** HarfBuzz, for {@link createTextEngine}. */
  harfbuzz: 'harfbuzzjs/dist/harfbuzz.wasm',
  /** Noto Sans 1.04: Latin, Greek and Cyrillic. */
  regular: '@expo-google-fonts/noto-sans/NotoSans_400Regular.ttf',
  bold: '@expo-google-fonts/noto-sans/NotoSans_700Bold.ttf',
} as const;
