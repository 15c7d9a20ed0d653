import { FocalError, type LayOutText } from '@focal/core';
import type { FontFile, FontSet } from '@focal/text';

/** Where the page has the files that text needs. */
export interface FontUrls {
  readonly harfbuzz: string;
  readonly regular: string;
  readonly bold: string;
}

/** Text in the bundled fonts, and in the user's. */
export interface Fonts {
  /**
   * Takes a font of the user's, under an id of the caller's. Its file stays at hand, so that undo finds it. Throws what
   * opening a font throws, and keeps nothing then.
   */
  add(id: string, file: File): Promise<void>;
  /**
   * Each character in the first font that has it: the user's of that id, then ours. Loaded with the first call. Throws
   * `device-unavailable` where the page cannot have the files, `not-found` where there is no such font.
   */
  layOut(id?: string): Promise<LayOutText>;
}

export function createFonts(urls: FontUrls | undefined): Fonts {
  let loading: Promise<FontSet> | undefined;
  const files = new Map<string, File>();
  // The user's font that was asked for last: its tables may take tens of megabytes.
  let opened: { readonly id: string; readonly layOut: LayOutText } | undefined;

  const getSet = (): Promise<FontSet> => {
    loading ??= load(urls);
    loading.catch(() => {
      loading = undefined;
    });
    return loading;
  };

  return {
    async add(id, file) {
      const { MAX_FONT_BYTES } = await import('@focal/text');
      if (file.size > MAX_FONT_BYTES) {
        throw new FocalError('too-large', `The font ${file.name} has more than ${MAX_FONT_BYTES / 2 ** 20} MB.`);
      }
      const layOut = (await getSet()).layOut(await readFont(file));
      layOut('A', { sizePx: 10, maxWidthPx: 100 });
      files.set(id, file);
      opened = { id, layOut };
    },
    async layOut(id) {
      const set = await getSet();
      if (id === undefined) return set.layOut();
      if (opened?.id === id) return opened.layOut;
      const file = files.get(id);
      if (file === undefined) throw new FocalError('not-found', 'The font for the text is not there.');
      opened = { id, layOut: set.layOut(await readFont(file)) };
      return opened.layOut;
    },
  };
}

async function readFont(file: File): Promise<FontFile> {
  return { name: file.name, data: new Uint8Array(await file.arrayBuffer()) };
}

async function load(urls: FontUrls | undefined): Promise<FontSet> {
  if (urls === undefined) throw new FocalError('device-unavailable', 'This page has no fonts to write with.');
  // Most pictures are not written on, so that text comes in when it is first asked for.
  const [{ createFontSet }, harfbuzz, regular, bold] = await Promise.all([
    import('@focal/text'),
    read(urls.harfbuzz),
    read(urls.regular),
    read(urls.bold),
  ]);
  return createFontSet({ harfbuzz, regular, bold });
}

async function read(url: string): Promise<Uint8Array> {
  try {
    const response = await fetch(url);
    if (!response.ok) throw new FocalError('device-unavailable', 'A font did not come.');
    return new Uint8Array(await response.arrayBuffer());
  } catch (cause) {
    throw new FocalError('device-unavailable', 'The fonts could not be loaded.', {
      hint: 'Start the Focal server and try again.',
      cause,
    });
  }
}
