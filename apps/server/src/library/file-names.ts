import { type AssetDetails, type EditsChoice, toEditedName } from '@focal/library';

const EXTENSIONS: Readonly<Record<string, string>> = { jpeg: '.jpg', tiff: '.tif' };

/** What the file of a photo or video is called; its id where none is left. */
export function nameOf({ id, places }: Pick<AssetDetails, 'id' | 'places'>): string {
  return places[0]?.path.split(/[/\\]/).at(-1) ?? String(id);
}

/** The name of an edited photo, with the end that tells its kind. @param format as the renderer says it: `jpeg` */
export function nameOfEdited(original: string, version: string, edits: EditsChoice, format: string): string {
  return `${toEditedName(original, version, edits)}${EXTENSIONS[format] ?? `.${format}`}`;
}

/** For an answer's headers, any characters (RFC 6266, 8187): what the file is called where somebody saves it. */
export function toDisposition(name: string): string {
  const encoded = encodeURIComponent(name.replaceAll('\uFFFD', '_')).replaceAll(
    /['()*]/g,
    (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `inline; filename*=UTF-8''${encoded}`;
}
