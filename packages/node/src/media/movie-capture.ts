import { type FileHandle, open } from 'node:fs/promises';
import type { CaptureFacts } from '@focal/core';

/** Headers of movies are kept in the box `moov`, which holds no frames. */
const MAX_MOOV_BYTES = 64 * 2 ** 20;
/** Seconds from 1904, where these files count from, to 1970. */
const EPOCH_SECONDS = 2_082_844_800;

/**
 * When and where an MP4 or QuickTime file was recorded, by its headers; nothing for other files, or where they do not
 * tell. The time of `mvhd` is UTC (ISO/IEC 14496-12); Apple's keys tell the clock of the place and its offset.
 */
export async function readMovieCapture(path: string): Promise<CaptureFacts> {
  const file = await open(path);
  try {
    const moov = await findMoov(file);
    return moov === undefined ? {} : toMovieCapture(moov);
  } catch (error) {
    if (error instanceof RangeError) return {};
    throw error;
  } finally {
    await file.close();
  }
}

async function findMoov(file: FileHandle): Promise<Uint8Array | undefined> {
  const { size } = await file.stat();
  const head = new DataView(new ArrayBuffer(16));
  for (let at = 0; at + 8 <= size; ) {
    const { bytesRead } = await file.read(head, 0, 16, at);
    if (bytesRead < 8) return undefined;
    let length = head.getUint32(0);
    if (length === 1 && bytesRead === 16) length = Number(head.getBigUint64(8));
    if (length === 0) length = size - at;
    if (length < 8) return undefined;
    if (head.getUint32(4) === MOOV) {
      if (length > MAX_MOOV_BYTES) return undefined;
      const bytes = new Uint8Array(Math.min(length, size - at));
      await file.read(bytes, 0, bytes.length, at);
      return bytes.subarray(8);
    }
    at += length;
  }
  return undefined;
}

const MOOV = 0x6d6f6f76;

/** @param moov the content of the box */
function toMovieCapture(moov: Uint8Array): CaptureFacts {
  const boxes = listBoxes(moov);
  const header = boxes.find(({ type }) => type === 'mvhd')?.body;
  const keys = readKeys(boxes.find(({ type }) => type === 'meta')?.body);
  const place = listBoxes(boxes.find(({ type }) => type === 'udta')?.body ?? new Uint8Array(0)).find(
    ({ type }) => type === '\xa9xyz',
  )?.body;
  const clock = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?(?:([+-])(\d\d):?(\d\d)|Z)$/.exec(
    keys.get('com.apple.quicktime.creationdate') ?? '',
  );
  const time = header === undefined ? undefined : readTime(header);
  const make = keys.get('com.apple.quicktime.make');
  const model = keys.get('com.apple.quicktime.model');
  return {
    ...(clock !== null
      ? {
          takenLocal: clock[1] as string,
          offsetMinutes: (Number(clock[3] ?? 0) * 60 + Number(clock[4] ?? 0)) * (clock[2] === '-' ? -1 : 1),
        }
      : time !== undefined && { takenLocal: new Date(time).toISOString().slice(0, 19), offsetMinutes: 0 }),
    ...readPlace(keys.get('com.apple.quicktime.location.ISO6709') ?? decode(place?.subarray(4))),
    ...(make !== undefined && { make }),
    ...(model !== undefined && { model }),
  };
}

/** Milliseconds since 1970; undefined for a clock that was never set. */
function readTime(header: Uint8Array): number | undefined {
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  const seconds = (view.getUint8(0) === 1 ? Number(view.getBigUint64(4)) : view.getUint32(4)) - EPOCH_SECONDS;
  // Before 1990 no camera wrote such files.
  return seconds > 631_152_000 && seconds < 4_102_444_800 ? seconds * 1000 : undefined;
}

/** ISO 6709: `+48.8577+002.295+035/`. */
function readPlace(text: string | undefined): Pick<CaptureFacts, 'latitude' | 'longitude'> {
  const match = /^([+-]\d{1,2}(?:\.\d+)?)([+-]\d{1,3}(?:\.\d+)?)/.exec(text ?? '');
  if (match === null) return {};
  const [latitude, longitude] = [Number(match[1]), Number(match[2])];
  if (Math.abs(latitude) > 90 || Math.abs(longitude) > 180 || (latitude === 0 && longitude === 0)) return {};
  return { latitude, longitude };
}

/** Apple's list of keys and values, which holds texts only here. */
function readKeys(meta: Uint8Array | undefined): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  if (meta === undefined) return found;
  const boxes = listBoxes(meta);
  const list = boxes.find(({ type }) => type === 'keys')?.body;
  const values = boxes.find(({ type }) => type === 'ilst')?.body;
  if (list === undefined || values === undefined) return found;
  const names = listBoxes(list.subarray(8)).map(({ body }) => decode(body) ?? '');
  for (const { number, body } of listBoxes(values)) {
    const data = listBoxes(body).find(({ type }) => type === 'data')?.body;
    const name = names[number - 1];
    const text = decode(data?.subarray(8));
    if (name !== undefined && text !== undefined) found.set(name, text.trim());
  }
  return found;
}

interface Box {
  readonly type: string;
  /** The type as a number, where it counts something. */
  readonly number: number;
  readonly body: Uint8Array;
}

function listBoxes(bytes: Uint8Array): readonly Box[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const boxes: Box[] = [];
  for (let at = 0; at + 8 <= bytes.length; ) {
    const size = view.getUint32(at);
    if (size < 8 || at + size > bytes.length) break;
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    boxes.push({ type, number: view.getUint32(at + 4), body: bytes.subarray(at + 8, at + size) });
    at += size;
  }
  return boxes;
}

function decode(bytes: Uint8Array | undefined): string | undefined {
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
}
