import { FocalError, type Picture } from '@focal/core';

/** Further pictures for effects, by id. All files are at hand, the pictures of the newest few. */
export interface Assets {
  /** Throws what decoding throws, and keeps nothing then. */
  add(id: string, file: Blob): Promise<void>;
  /** The pictures for these ids, under the same names. Throws `not-found` where one was never added. */
  take(ids: Readonly<Record<string, string>>): Promise<Readonly<Record<string, Picture>>>;
}

const MAX_DECODED = 2;

export function createAssets(decode: (file: Blob) => Promise<Picture>): Assets {
  const files = new Map<string, Blob>();
  const pictures = new Map<string, Promise<Picture>>();

  const load = (id: string, file: Blob): Promise<Picture> => {
    const picture = pictures.get(id) ?? decode(file);
    pictures.delete(id);
    pictures.set(id, picture);
    const [oldest] = pictures.keys();
    if (pictures.size > MAX_DECODED && oldest !== undefined) pictures.delete(oldest);
    return picture;
  };

  return {
    async add(id, file) {
      const picture = decode(file);
      await picture;
      files.set(id, file);
      pictures.set(id, picture);
      await load(id, file);
    },
    async take(ids) {
      const taken: Record<string, Picture> = {};
      for (const [name, id] of Object.entries(ids)) {
        const file = files.get(id);
        if (file === undefined) throw new FocalError('not-found', 'The picture for the background is not there.');
        taken[name] = await load(id, file);
      }
      return taken;
    },
  };
}
