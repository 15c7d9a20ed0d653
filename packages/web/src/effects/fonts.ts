import { FocalError, type LayOutText } from '@focal/core';

/** Where the page has the files that text needs. */
export interface FontUrls {
  readonly harfbuzz: string;
  readonly regular: string;
  readonly bold: string;
}

/** Text in the bundled fonts. */
export interface Fonts {
  /** Loaded with the first call. Throws `device-unavailable` where the page cannot have the files. */
  layOut(): Promise<LayOutText>;
}

export function createFonts(urls: FontUrls | undefined): Fonts {
  let loading: Promise<LayOutText> | undefined;
  return {
    layOut() {
      loading ??= load(urls);
      loading.catch(() => {
        loading = undefined;
      });
      return loading;
    },
  };
}

async function load(urls: FontUrls | undefined): Promise<LayOutText> {
  if (urls === undefined) throw new FocalError('device-unavailable', 'This page has no fonts to write with.');
  // Most pictures are not written on, so that text comes in when it is first asked for.
  const [{ createFontSet }, harfbuzz, regular, bold] = await Promise.all([
    import('@focal/text'),
    read(urls.harfbuzz),
    read(urls.regular),
    read(urls.bold),
  ]);
  const fonts = await createFontSet({ harfbuzz, regular, bold });
  return fonts.layOut();
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
