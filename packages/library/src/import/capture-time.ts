import type { CaptureFacts } from '@focal/core';
import type { Sidecar } from './takeout.ts';

/** When a photo was taken, and what it is sorted by. */
export interface CaptureTime {
  /** The clock of the place as ISO text, with its offset where that is known; null where nothing tells. */
  readonly takenAt: string | null;
  readonly source: 'exif' | 'sidecar' | 'name' | null;
  /** The same clock counted as if it were UTC, milliseconds since 1970; of files without a date their own time. */
  readonly sortTime: number;
  /** Of `sortTime`: 202307. */
  readonly month: number;
}

interface CaptureEvidence {
  readonly capture: CaptureFacts;
  readonly sidecar?: Sidecar | undefined;
  readonly name: string;
  /** When the file was changed. */
  readonly modifiedMs: number;
}

const QUARTER_MS = 15 * 60_000;
/** Clocks of places are at most so far from UTC. */
const MOST_OFFSET_MS = 14 * 3_600_000;

/**
 * From the surest evidence to the weakest: the camera's clock, Takeout's time, the file's name. The offset is what the
 * file says, else how far the camera's clock is from that of the satellites, in quarters of an hour; else it stays
 * unknown, and the photo has the clock of its place all the same. When a file was changed says nothing of when it was
 * taken: such files have no date, and are only sorted by it.
 */
export function toCaptureTime({ capture, sidecar, name, modifiedMs }: CaptureEvidence): CaptureTime {
  const clock = capture.takenLocal === undefined ? undefined : Date.parse(`${capture.takenLocal.slice(0, 23)}Z`);
  if (clock !== undefined && !Number.isNaN(clock)) {
    const offset = capture.offsetMinutes ?? offsetBySatellites(clock, capture.gpsTimeMs ?? sidecar?.takenMs);
    return toTime(clock, offset, 'exif');
  }
  if (sidecar?.takenMs !== undefined) return toTime(sidecar.takenMs, 0, 'sidecar');
  const named = readName(name);
  if (named !== undefined) return toTime(named, undefined, 'name');
  return { takenAt: null, source: null, sortTime: Math.round(modifiedMs), month: toMonth(modifiedMs) };
}

/** @param local the clock as if it were UTC */
function toTime(local: number, offsetMinutes: number | undefined, source: CaptureTime['source']): CaptureTime {
  const text = new Date(local).toISOString().replace(/\.000Z$|Z$/, '');
  const takenAt = offsetMinutes === undefined ? text : `${text}${formatOffset(offsetMinutes)}`;
  return { takenAt, source, sortTime: Math.round(local), month: toMonth(local) };
}

function offsetBySatellites(local: number, utc: number | undefined): number | undefined {
  if (utc === undefined) return undefined;
  const offset = Math.round((local - utc) / QUARTER_MS) * QUARTER_MS;
  // The satellites' time is that of the last fix: minutes old, not hours.
  const isNear = Math.abs(local - utc - offset) <= 5 * 60_000;
  return isNear && Math.abs(offset) <= MOST_OFFSET_MS ? offset / 60_000 : undefined;
}

function formatOffset(minutes: number): string {
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  const digits = (value: number): string => String(value).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${digits(hours)}:${digits(rest)}`;
}

/** `IMG_20230714_183005.jpg`, `PXL_20230714_163005123.jpg`, `2023-07-14 18.30.05.jpg`, `IMG-20230714-WA0001.jpg`. */
function readName(name: string): number | undefined {
  const match =
    /(?<!\d)((?:19|20)\d\d)([-_.]?)(\d\d)\2(\d\d)(?:[ _T-]+(?:at )?(\d\d)[-_.:h]?(\d\d)[-_.:m]?(\d\d))?/.exec(name);
  if (match === null) return undefined;
  const [, year, , month, day, hour = '12', minute = '00', second = '00'] = match;
  const text = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const time = new Date(`${text}Z`);
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(text) ? time.getTime() : undefined;
}

function toMonth(ms: number): number {
  const date = new Date(ms);
  return date.getUTCFullYear() * 100 + date.getUTCMonth() + 1;
}
