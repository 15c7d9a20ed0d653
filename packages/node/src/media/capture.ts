import type { CaptureFacts } from '@focal/core';
import exifr from 'exifr';

const TAGS = [
  'DateTimeOriginal',
  'CreateDate',
  'ModifyDate',
  'OffsetTimeOriginal',
  'OffsetTimeDigitized',
  'OffsetTime',
  'SubSecTimeOriginal',
  'SubSecTimeDigitized',
  'GPSLatitude',
  'GPSLatitudeRef',
  'GPSLongitude',
  'GPSLongitudeRef',
  'GPSAltitude',
  'GPSAltitudeRef',
  'GPSDateStamp',
  'GPSTimeStamp',
  'Make',
  'Model',
  'LensModel',
  'ExposureTime',
  'FNumber',
  'ISO',
  'FocalLength',
  'ImageDescription',
  'Rating',
  'Orientation',
];

/**
 * Reads EXIF from a whole file (JPEG, TIFF, PNG, HEIC, AVIF), or from a bare EXIF block. A block that cannot be read
 * counts as none: a photo is worth keeping without it.
 */
export async function readCapture(bytes: Uint8Array): Promise<CaptureFacts> {
  let tags: Record<string, unknown> | undefined;
  try {
    tags = await exifr.parse(bytes, {
      pick: TAGS,
      reviveValues: false,
      sanitize: true,
      translateValues: false,
      mergeOutput: true,
    });
  } catch {
    return {};
  }
  return tags === undefined ? {} : toCapture(tags);
}

/** EXIF orientation of a whole file, 1..8. */
export async function readOrientation(bytes: Uint8Array): Promise<number | undefined> {
  const tags: Record<string, unknown> | undefined = await exifr
    .parse(bytes, { pick: ['Orientation'], translateValues: false })
    .catch(() => undefined);
  const value = Number(tags?.Orientation);
  return Number.isInteger(value) && value >= 1 && value <= 8 ? value : undefined;
}

/** @param tags by their EXIF names, not translated */
export function toCapture(tags: Readonly<Record<string, unknown>>): CaptureFacts {
  const text = (name: string): string | undefined => toText(tags[name]);
  const number = (name: string): number | undefined => toNumber(tags[name]);
  const [takenLocal, offset, fraction] = TIMES.map(([time, zone, part]) => [
    toLocalTime(text(time)),
    text(zone),
    part === undefined ? undefined : text(part),
  ]).find(([time]) => time !== undefined) ?? [undefined, undefined, undefined];
  const digits = fraction?.match(/^\d{1,9}$/)?.[0];
  const place = toPlace(tags);
  const altitude = number('GPSAltitude');
  const belowSea = toNumber(firstOf(tags.GPSAltitudeRef)) === 1;
  const rating = number('Rating');
  return dropUndefined({
    takenLocal: takenLocal === undefined || digits === undefined ? takenLocal : `${takenLocal}.${digits}`,
    offsetMinutes: toOffset(offset),
    gpsTimeMs: toGpsTime(text('GPSDateStamp'), tags.GPSTimeStamp),
    ...place,
    altitude: altitude === undefined ? undefined : belowSea ? -altitude : altitude,
    make: text('Make'),
    model: text('Model'),
    lens: text('LensModel'),
    exposureSeconds: positive(number('ExposureTime')),
    aperture: positive(number('FNumber')),
    iso: positive(toNumber(firstOf(tags.ISO))),
    focalLengthMm: positive(number('FocalLength')),
    caption: toCaption(text('ImageDescription')),
    rating: rating !== undefined && rating >= 1 && rating <= 5 ? Math.round(rating) : undefined,
  });
}

/** The time tags by how near they are to the moment: shutter, digitizing, last change. */
const TIMES = [
  ['DateTimeOriginal', 'OffsetTimeOriginal', 'SubSecTimeOriginal'],
  ['CreateDate', 'OffsetTimeDigitized', 'SubSecTimeDigitized'],
  ['ModifyDate', 'OffsetTime', undefined],
] as const;

/** `2023:07:14 18:30:05` as ISO text; undefined for a clock that was never set. */
function toLocalTime(text: string | undefined): string | undefined {
  const match = /^(\d{4})[:-](\d\d)[:-](\d\d)[ T](\d\d):(\d\d)(?::(\d\d))?/.exec(text ?? '');
  if (match === null) return undefined;
  const [, year = '', month = '', day = '', hour = '', minute = '', second = '00'] = match;
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const time = new Date(`${iso}Z`);
  // Dates that do not exist, such as the 31st of February, come back as others.
  const exists = !Number.isNaN(time.getTime()) && time.toISOString().startsWith(iso);
  return exists && Number(year) >= 1826 ? iso : undefined;
}

function toOffset(text: string | undefined): number | undefined {
  if (text === 'Z') return 0;
  const match = /^([+-])(\d\d):?(\d\d)$/.exec(text ?? '');
  if (match === null) return undefined;
  const minutes = (Number(match[2]) * 60 + Number(match[3])) * (match[1] === '-' ? -1 : 1);
  return Math.abs(minutes) <= 14 * 60 ? minutes : undefined;
}

function toGpsTime(date: string | undefined, time: unknown): number | undefined {
  const day = date?.match(/^(\d{4})[:-](\d\d)[:-](\d\d)$/);
  const [hour, minute, second] = toNumbers(time);
  if (day === null || day === undefined || hour === undefined || minute === undefined || second === undefined) {
    return undefined;
  }
  const ms = Date.UTC(Number(day[1]), Number(day[2]) - 1, Number(day[3]), hour, minute, Math.floor(second));
  return Number.isNaN(ms) || Number(day[1]) < 1980 ? undefined : ms;
}

function toPlace(tags: Readonly<Record<string, unknown>>): Pick<CaptureFacts, 'latitude' | 'longitude'> {
  const latitude = toDegrees(tags.GPSLatitude, toText(tags.GPSLatitudeRef), 'S');
  const longitude = toDegrees(tags.GPSLongitude, toText(tags.GPSLongitudeRef), 'W');
  if (latitude === undefined || longitude === undefined) return {};
  // Exactly 0, 0 is what programs write that have no place.
  if (Math.abs(latitude) > 90 || Math.abs(longitude) > 180 || (latitude === 0 && longitude === 0)) return {};
  return { latitude, longitude };
}

function toDegrees(value: unknown, side: string | undefined, negative: string): number | undefined {
  const [degrees, minutes = 0, seconds = 0] = toNumbers(value);
  if (degrees === undefined || side === undefined) return undefined;
  const angle = degrees + minutes / 60 + seconds / 3600;
  return side.toUpperCase().startsWith(negative) ? -angle : angle;
}

/** Captions that cameras write by themselves say nothing. */
function toCaption(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const isMachine = /^(OLYMPUS|SONY|MINOLTA|KONICA|SAMSUNG|DIGITAL) ?(DIGITAL )?CAMERA|^DCIM|^_?DSC|^default$/i;
  return isMachine.test(text) ? undefined : text.slice(0, 5000);
}

function toText(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const text = value.replaceAll('\0', '').trim();
  return text === '' ? undefined : text;
}

function toNumber(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function toNumbers(value: unknown): readonly (number | undefined)[] {
  if (typeof value === 'number') return [toNumber(value)];
  return Array.isArray(value) || ArrayBuffer.isView(value) ? Array.from(value as ArrayLike<unknown>, toNumber) : [];
}

function firstOf(value: unknown): unknown {
  return Array.isArray(value) || ArrayBuffer.isView(value) ? (value as ArrayLike<unknown>)[0] : value;
}

function positive(value: number | undefined): number | undefined {
  return value !== undefined && value > 0 ? value : undefined;
}

function dropUndefined<T extends Record<string, unknown>>(facts: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) as never;
}
