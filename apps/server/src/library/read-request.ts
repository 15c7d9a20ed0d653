import { FocalError } from '@focal/core';
import type { AssetFilter } from '@focal/library';
import type { Context } from 'hono';
import type { z } from 'zod';
import { toChoice, toNumber, toSwitch, unexpected } from '../option-values.ts';
import { receiveJson } from '../uploads/json.ts';

const MAX_BODY_BYTES = 1024 * 1024;
const BODY_TIMEOUT_MS = 30_000;

/** The body of a request by its schema. Throws `invalid-argument` naming what is wrong, `too-large`. */
export async function readBody<T extends z.ZodType>(
  context: Context,
  schema: T,
  maxBytes = MAX_BODY_BYTES,
): Promise<z.infer<T>> {
  const signal = AbortSignal.any([context.req.raw.signal, AbortSignal.timeout(BODY_TIMEOUT_MS)]);
  const json = await receiveJson(context.req.raw, { maxBytes, signal });
  const { success, data, error } = schema.safeParse(json);
  if (success) return data;
  const [issue] = error.issues;
  const where = issue === undefined || issue.path.length === 0 ? '' : `${issue.path.join('.')}: `;
  throw new FocalError('invalid-argument', `The body is not as expected. ${where}${issue?.message ?? ''}`, {
    hint: 'All bodies are described at /docs.',
  });
}

/** A number in the address. Throws `not-found`, as nothing goes by another name. */
export function readId(context: Context, name = 'id'): number {
  const text = context.req.param(name) ?? '';
  const id = Number(text);
  if (/^[1-9]\d{0,9}$/.test(text) && id < 2 ** 31) return id;
  throw new FocalError('not-found', `There is nothing with the id ${JSON.stringify(text.slice(0, 40))}.`);
}

/** Options of the query by their names. Throws `invalid-argument` for others, and for one that came twice. */
export function readQuery(context: Context, names: readonly string[], repeatable: readonly string[] = []) {
  const values = context.req.queries();
  for (const [name, all] of Object.entries(values)) {
    if (!names.includes(name) && !repeatable.includes(name)) {
      throw new FocalError('invalid-argument', `There is no option ${JSON.stringify(name.slice(0, 60))} here.`, {
        hint: `Options are ${[...names, ...repeatable].join(', ')}.`,
      });
    }
    if (all.length > 1 && !repeatable.includes(name)) {
      throw new FocalError('invalid-argument', `The option ${name} came twice.`);
    }
    // Searches point at it themselves.
    if (name !== 'q' && all.some((value) => value.includes('\0'))) {
      throw new FocalError('invalid-argument', `Expected text for ${name}, got a character of code 0.`);
    }
  }
  return {
    one: (name: string): string | undefined => values[name]?.[0],
    all: (name: string): readonly string[] => values[name] ?? [],
    whole: (name: string, min: number, max: number): number | undefined =>
      toNumber(name, values[name]?.[0], { min, max, isWhole: true }),
  };
}

export type Query = ReturnType<typeof readQuery>;

/** Names of the options that {@link readFilter} reads. */
export const FILTER_OPTIONS = [
  'kind',
  'favourite',
  'rating',
  'from',
  'to',
  'camera',
  'album',
  'folder',
  'smiling',
  'minFaces',
  'maxFaces',
  'bounds',
  'color',
  'trashed',
];
export const REPEATABLE_FILTERS = ['thing', 'word', 'person', 'anyPerson'];

export function readFilter(query: Query): AssetFilter {
  const kind = toChoice('kind', ['photo', 'video'] as const, query.one('kind'));
  const isFavourite = toSwitch('favourite', query.one('favourite'));
  const isSmiling = toSwitch('smiling', query.one('smiling'));
  const isTrashed = toSwitch('trashed', query.one('trashed'));
  const rating = query.whole('rating', 1, 5);
  const [from, to] = [toTime('from', query.one('from'), false), toTime('to', query.one('to'), true)];
  const camera = query.one('camera');
  const [albumId, folderId] = [query.whole('album', 1, 2 ** 31 - 1), query.whole('folder', 1, 2 ** 31 - 1)];
  const [least, most] = [query.whole('minFaces', 0, 1000), query.whole('maxFaces', 0, 1000)];
  const bounds = toBounds(query.one('bounds'));
  const color = toColor(query.one('color'));
  const [people, anyPeople] = [toIds('person', query.all('person')), toIds('anyPerson', query.all('anyPerson'))];
  return {
    ...(people.length > 0 && { people }),
    ...(anyPeople.length > 0 && { anyPeople }),
    ...(query.all('thing').length > 0 && { things: query.all('thing') }),
    ...(query.all('word').length > 0 && { words: query.all('word') }),
    ...(kind !== undefined && { kind }),
    ...(isFavourite !== undefined && { isFavourite }),
    ...(isSmiling !== undefined && { isSmiling }),
    ...(isTrashed !== undefined && { isTrashed }),
    ...(rating !== undefined && { rating }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(camera !== undefined && { camera }),
    ...(albumId !== undefined && { albumId }),
    ...(folderId !== undefined && { folderId }),
    ...((least !== undefined || most !== undefined) && {
      faces: { ...(least !== undefined && { least }), ...(most !== undefined && { most }) },
    }),
    ...(bounds !== undefined && { bounds }),
    ...(color !== undefined && { color }),
  };
}

function toIds(name: string, texts: readonly string[]): readonly number[] {
  return texts.map((text) => toNumber(name, text, { min: 1, max: 2 ** 31 - 1, isWhole: true }) as number);
}

/** `2023`, `2023-07`, `2023-07-14` or `2023-07-14T18:30`; the end of it for `isEnd`. */
function toTime(name: string, text: string | undefined, isEnd: boolean): number | undefined {
  if (text === undefined) return undefined;
  const match = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d))?)?)?$/.exec(text);
  if (match === null) throw unexpected(`a date such as 2023-07-14 for ${name}`, text);
  const [year, month, day, hour, minute] = match
    .slice(1)
    .map((part) => (part === undefined ? undefined : Number(part)));
  const end = isEnd ? 1 : 0;
  const time =
    month === undefined
      ? Date.UTC((year as number) + end, 0)
      : day === undefined
        ? Date.UTC(year as number, month - 1 + end)
        : hour === undefined
          ? Date.UTC(year as number, month - 1, day + end)
          : Date.UTC(year as number, month - 1, day, hour, minute);
  const isReal = (month ?? 1) >= 1 && (month ?? 1) <= 12 && (day ?? 1) >= 1 && (day ?? 1) <= 31 && (hour ?? 0) < 24;
  if (isReal && !Number.isNaN(time)) return time;
  throw unexpected(`a date such as 2023-07-14 for ${name}`, text);
}

/** `south,west,north,east`. */
export function toBounds(text: string | undefined, name = 'bounds'): AssetFilter['bounds'] {
  if (text === undefined) return undefined;
  const [south, west, north, east, ...more] = text
    .split(',')
    .map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  const isLatitude = (value: number | undefined): value is number => value !== undefined && Math.abs(value) <= 90;
  const isLongitude = (value: number | undefined): value is number => value !== undefined && Math.abs(value) <= 180;
  if (isLatitude(south) && isLatitude(north) && isLongitude(west) && isLongitude(east) && more.length === 0) {
    if (south <= north) return { south, west, north, east };
  }
  throw unexpected(`south,west,north,east in degrees for ${name}`, text);
}

function toColor(text: string | undefined): AssetFilter['color'] {
  if (text === undefined) return undefined;
  const match = /^#?([\da-f]{2})([\da-f]{2})([\da-f]{2})$/i.exec(text);
  if (match === null) throw unexpected('a colour such as #3366cc for color', text);
  const part = (index: number): number => Number.parseInt(match[index] as string, 16);
  return [part(1), part(2), part(3)];
}
