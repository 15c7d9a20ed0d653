import { isColor } from '@focal/core';
import { type Chip, QueryError } from './ast.ts';
import { type DateOptions, readDays } from './dates.ts';
import { nearestWord } from './nearest-word.ts';
import type { ThingWords } from './things.ts';
import { quote, quoteIfNeeded } from './tokens.ts';

/** What words may mean beside what everybody knows. */
export interface QueryOptions extends DateOptions {
  /** Names of people: where given, others are errors. */
  readonly people?: readonly string[];
  /** Names of albums: where given, others are errors. */
  readonly albums?: readonly string[];
}

export interface ChipContext {
  readonly options: QueryOptions;
  readonly things: ThingWords;
  /** Throws, pointing at the value. */
  readonly fail: (message: string, known?: Iterable<string>) => never;
}

type ReadChip = (value: string, context: ChipContext) => Chip;

const IS: Readonly<Record<string, Chip>> = {
  favourite: { kind: 'is', what: 'favourite' },
  favorite: { kind: 'is', what: 'favourite' },
  smiling: { kind: 'is', what: 'smiling' },
  screenshot: { kind: 'is', what: 'screenshot' },
  edited: { kind: 'is', what: 'edited' },
  duplicate: { kind: 'is', what: 'duplicate' },
};
const TYPES: Readonly<Record<string, Chip>> = {
  photo: { kind: 'type', type: 'photo' },
  video: { kind: 'type', type: 'video' },
  screenshot: { kind: 'is', what: 'screenshot' },
};
const ORIENTATIONS: Readonly<Record<string, Chip>> = {
  landscape: { kind: 'orientation', orientation: 'landscape' },
  portrait: { kind: 'orientation', orientation: 'portrait' },
  square: { kind: 'orientation', orientation: 'square' },
};
/** Words that are chips without a key. Orientations are none: a landscape is more often a view. */
export const PLAIN_WORDS: Readonly<Record<string, Chip>> = {
  ...IS,
  ...TYPES,
  favourites: IS.favourite as Chip,
  favorites: IS.favourite as Chip,
  smile: IS.smiling as Chip,
  photos: TYPES.photo as Chip,
  videos: TYPES.video as Chip,
  screenshots: IS.screenshot as Chip,
};

const oneOf =
  (what: string, table: Readonly<Record<string, Chip>>): ReadChip =>
  (value, { fail }) =>
    table[value.toLowerCase()] ??
    fail(`There is no ${what} ${value}. There are ${Object.keys(table).join(', ')}.`, Object.keys(table));

const named =
  (
    what: string,
    known: (options: QueryOptions) => readonly string[] | undefined,
    make: (name: string) => Chip,
  ): ReadChip =>
  (value, { options, fail }) => {
    const names = known(options);
    if (names === undefined) return make(value);
    const name = names.find((each) => each.toLowerCase() === value.toLowerCase());
    return name === undefined ? fail(`There is no ${what} ${value}.`, names) : make(name);
  };

const readThing: ReadChip = (value, { things, fail }) => {
  const label = things.get(value.toLowerCase());
  return label === undefined ? fail(`${value} is nothing that can be found.`, things.keys()) : { kind: 'thing', label };
};

const readRange = (value: string, fail: ChipContext['fail']): { least?: number; most?: number } => {
  const number = String.raw`(\d{1,6}(?:\.\d{1,3})?)`;
  const [, compared, single] = new RegExp(`^(>=|<=|>|<|)${number}$`).exec(value) ?? [];
  if (single !== undefined) {
    if (compared === '') return { least: Number(single), most: Number(single) };
    return compared?.startsWith('>') ? { least: Number(single) } : { most: Number(single) };
  }
  const [, least, most] = new RegExp(`^${number}?\\.\\.${number}?$`).exec(value) ?? [];
  if ((least ?? most) === undefined || Number(least ?? 0) > Number(most ?? Number.POSITIVE_INFINITY)) {
    fail(`Expected a number or a range such as 3, 3.. or 2..4, got ${value}.`);
  }
  return { ...(least !== undefined && { least: Number(least) }), ...(most !== undefined && { most: Number(most) }) };
};

const readBox: ReadChip = (value, { fail }) => {
  const numbers = value.split(',').map((part) => (/^-?\d{1,3}(\.\d{1,8})?$/.test(part) ? Number(part) : Number.NaN));
  const [south = Number.NaN, west = Number.NaN, north = Number.NaN, east = Number.NaN] = numbers;
  const isRight =
    numbers.length === 4 &&
    south >= -90 &&
    south < north &&
    north <= 90 &&
    west >= -180 &&
    west <= 180 &&
    east >= -180 &&
    east <= 180;
  return isRight
    ? { kind: 'box', south, west, north, east }
    : fail(`Expected south,west,north,east in degrees, got ${value}.`);
};

/** How the value of each chip is read. */
const READERS: Readonly<Record<string, ReadChip>> = {
  thing: readThing,
  person: named(
    'person',
    ({ people }) => people,
    (name) => ({ kind: 'person', name }),
  ),
  text: (text) => ({ kind: 'text', text }),
  date: (value, { options, fail }) => {
    const days = readDays(value, options);
    return days === undefined
      ? fail(`${value} is no date. Dates are such as 2024, 2023-05, june 2023, last summer or 2023-05-01..2023-06-01.`)
      : { kind: 'date', ...days };
  },
  place: (name) => ({ kind: 'place', name }),
  box: readBox,
  camera: (text) => ({ kind: 'camera', text }),
  color: (value, { fail }) =>
    isColor(value) ? { kind: 'color', color: value.toLowerCase() } : fail(`There is no color ${value}.`, COLORS),
  is: oneOf('property', IS),
  type: oneOf('type', TYPES),
  orientation: oneOf('orientation', ORIENTATIONS),
  album: named(
    'album',
    ({ albums }) => albums,
    (name) => ({ kind: 'album', name }),
  ),
  rating: (value, { fail }) => {
    const range = readRange(value, fail);
    const highest = Math.max(range.least ?? 0, range.most ?? 0);
    return highest > 5 ? fail(`Expected stars from 0 to 5, got ${value}.`) : { kind: 'rating', ...range };
  },
  faces: (value, { fail }) => ({ kind: 'faces', ...readRange(value, fail) }),
  size: (value, { fail }) => {
    const [, range, unit] = /^(.*?)(mp|mb)$/i.exec(value) ?? [];
    if (range === undefined) fail(`Expected megapixels or megabytes such as >12mp or <5mb, got ${value}.`);
    return { kind: 'size', unit: unit?.toLowerCase() === 'mb' ? 'mb' : 'mp', ...readRange(range as string, fail) };
  },
};
/** Other names of keys. */
const ALIASES: Readonly<Record<string, string>> = {
  colour: 'color',
  people: 'person',
  who: 'person',
  in: 'place',
  when: 'date',
};
const COLORS = ['red', 'orange', 'yellow', 'green', 'blue', 'purple', 'pink', 'brown', 'black', 'white', 'gray'];

export const CHIP_KEYS: readonly string[] = [...Object.keys(READERS), ...Object.keys(ALIASES), 'sort'];

/** The chip of `key:value`; nothing where there is no such key. */
export function readChip(key: string, value: string, context: ChipContext): Chip | undefined {
  const read = READERS[ALIASES[key] ?? key];
  if (read === undefined) return undefined;
  if (value.trim() === '') context.fail(`Expected something after ${key}:.`);
  return read(value, context);
}

/** A chip as text that is read as the same chip again. */
export function formatChip(chip: Chip): string {
  const range = ({ least, most }: { least?: number | undefined; most?: number | undefined }): string =>
    least !== undefined && least === most ? String(least) : `${least ?? ''}..${most ?? ''}`;
  switch (chip.kind) {
    case 'thing':
      return `thing:${quoteIfNeeded(chip.label)}`;
    case 'person':
    case 'place':
    case 'album':
      return `${chip.kind}:${quoteIfNeeded(chip.name)}`;
    case 'text':
      return quote(chip.text);
    case 'date':
      return `date:${chip.from !== undefined && chip.from === chip.to ? chip.from : `${chip.from ?? ''}..${chip.to ?? ''}`}`;
    case 'box':
      return `box:${chip.south},${chip.west},${chip.north},${chip.east}`;
    case 'camera':
      return `camera:${quoteIfNeeded(chip.text)}`;
    case 'color':
      return `color:${quoteIfNeeded(chip.color)}`;
    case 'is':
      return `is:${chip.what}`;
    case 'type':
      return `type:${chip.type}`;
    case 'orientation':
      return `orientation:${chip.orientation}`;
    case 'rating':
    case 'faces':
      return `${chip.kind}:${range(chip)}`;
    case 'size':
      return `size:${range(chip)}${chip.unit}`;
  }
}

/** Throws where a chip's value cannot be understood, with the nearest known word as a hint. */
export function failAt(offset: number, length: number, value: string) {
  return (message: string, known: Iterable<string> = []): never => {
    const near = nearestWord(value, known);
    if (near === undefined) throw new QueryError(offset, length, message);
    throw new QueryError(offset, length, message, `Did you mean ${near}?`, quoteIfNeeded(near));
  };
}
