import type { AssetSummary } from '../api/types.ts';

const DATE = new Intl.DateTimeFormat(undefined, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });
const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: 'long', timeZone: 'UTC' });

/** The clock of the place, wherever the reader is. */
export const formatTime = (sortTime: number): string => DATE.format(sortTime);

/** What screen readers say of one. */
export function describeAsset({ kind, sortTime, isFavourite, durationMs, shown }: AssetSummary): string {
  const what = kind === 'video' ? `Video of ${formatDuration(durationMs ?? 0)}` : 'Photo';
  return `${what}, ${DAY.format(sortTime)}${isFavourite ? ', favourite' : ''}${shown === undefined ? '' : ', edited'}`;
}

/** `1:02:03`, `0:07`. */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const [hours = 0, minutes = 0, rest = 0] = parts;
  const two = (value: number): string => String(value).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

export function formatBytes(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let [value, unit] = [bytes, 0];
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value.toLocaleString(undefined, { maximumFractionDigits: value < 10 && unit > 1 ? 1 : 0 })} ${units[unit]}`;
}

/** `1/250 s`, `2 s`. */
export function formatExposure(seconds: number): string {
  return seconds >= 0.4 ? `${Number(seconds.toFixed(1))} s` : `1/${Math.round(1 / seconds)} s`;
}

/** `48.2082° N, 16.3738° E` */
export function formatLocation(latitude: number, longitude: number): string {
  const part = (value: number, [plus, minus]: readonly [string, string]): string =>
    `${Math.abs(value).toFixed(4)}° ${value >= 0 ? plus : minus}`;
  return `${part(latitude, ['N', 'S'])}, ${part(longitude, ['E', 'W'])}`;
}
