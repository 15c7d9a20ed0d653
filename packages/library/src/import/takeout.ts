import { z } from 'zod';

/** What Google Takeout's file beside a photo tells of it. */
export interface Sidecar {
  /** Milliseconds since 1970. */
  readonly takenMs?: number;
  readonly latitude?: number;
  readonly longitude?: number;
  readonly altitude?: number;
  readonly caption?: string;
  readonly isFavourite?: boolean;
}

/** Names of Takeout's files are cut at so many characters, `.json` not counted. */
const LONGEST = 46;

/**
 * The name of the sidecar of a file among all names of its folder. Takeout writes `a.jpg.json` or
 * `a.jpg.supplemental-metadata.json`, with the middle cut where that gets too long; `a(1).jpg` has `a.jpg(1).json`; and
 * `a-edited.jpg` shares that of `a.jpg`.
 */
export function findSidecar(name: string, names: ReadonlySet<string>): string | undefined {
  const dot = name.lastIndexOf('.');
  const [stem, extension] = [name.slice(0, dot), name.slice(dot)];
  const plain = stem.replace(/-(?:edited|bearbeitet|modifié|editado|modificato|bewerkt)(\(\d+\))?$/i, '$1');
  const count = /\(\d+\)$/.exec(plain)?.[0] ?? '';
  const base = count === '' ? plain : plain.slice(0, -count.length);
  for (const full of new Set([`${base}${extension}`, `${plain}${extension}`])) {
    const number = full === `${base}${extension}` ? count : '';
    const candidates = [`${full}${number}`, `${full.slice(0, LONGEST)}${number}`, `${base}${number}`];
    const long = `${full}.supplemental-metadata`;
    for (let end = long.length; end > full.length; end--) candidates.push(`${long.slice(0, end)}${number}`);
    for (const candidate of candidates) {
      const found = `${candidate}.json`;
      if (names.has(found)) return found;
    }
  }
  return undefined;
}

const place = z.object({ latitude: z.number(), longitude: z.number(), altitude: z.number().optional() }).optional();
const schema = z.object({
  photoTakenTime: z.object({ timestamp: z.coerce.number() }).optional(),
  geoData: place,
  geoDataExif: place,
  description: z.string().optional(),
  favorited: z.boolean().optional(),
});

/** Reads a sidecar; undefined for a file that is none. */
export function parseSidecar(text: string): Sidecar | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { success, data } = schema.safeParse(json);
  if (!success) return undefined;
  const seconds = data.photoTakenTime?.timestamp;
  // 0, 0 is what Takeout writes where there is no place.
  const where = [data.geoData, data.geoDataExif].find(
    (each) => each !== undefined && (each.latitude !== 0 || each.longitude !== 0) && Math.abs(each.latitude) <= 90,
  );
  const caption = data.description?.trim();
  return {
    ...(seconds !== undefined && Number.isFinite(seconds) && { takenMs: seconds * 1000 }),
    ...(where !== undefined && { latitude: where.latitude, longitude: where.longitude }),
    ...(where?.altitude !== undefined && where.altitude !== 0 && { altitude: where.altitude }),
    ...(caption !== undefined && caption !== '' && { caption: caption.slice(0, 5000) }),
    ...(data.favorited === true && { isFavourite: true }),
  };
}
