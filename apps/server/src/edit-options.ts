import {
  describeParameters,
  type Effect,
  FocalError,
  implyParameters,
  METADATA_CHOICES,
  type ParameterInfo,
  parseParameters,
  parseSelector,
} from '@focal/core';
import type { EditOptions, EncodeOptions } from 'focal';
import { MEDIA_TYPES, negotiateFormat } from './negotiate.ts';
import { createOptionReader, type OptionReader } from './option-reader.ts';
import { toChoice, toNumber, toSwitch, unexpected } from './option-values.ts';

export const OUTPUTS = ['picture', 'matte', 'model-matte'] as const;

/** Options of every route that answers with a picture. */
const ENCODE_OPTIONS = ['format', 'quality'] as const;
/** Options of every effect's route, beside the effect's own parameters. */
const COMMON_OPTIONS = [...ENCODE_OPTIONS, 'metadata', 'trim', 'output'] as const;
/** The same of routes of effects that act on somebody or something. */
const TARGET_OPTIONS = ['on', 'lenient'] as const;

const DEFAULT_TRIM = 0.02;

export type EditChoice = Pick<
  EditOptions,
  'params' | 'format' | 'quality' | 'metadata' | 'trim' | 'output' | 'on' | 'lenient'
>;
export type EncodeChoice = Pick<EncodeOptions, 'format' | 'quality'>;
export type PictureEncodeChoice = EncodeChoice & Pick<EditOptions, 'metadata'>;

/**
 * Reads the options of an effect.
 * @param accept the Accept header, which says the format where no `format` does
 */
export function createEditReader(effect: Effect, accept: string | undefined): OptionReader<EditChoice> {
  const parameters = describeParameters(effect);
  const targets = effect.on === undefined ? [] : TARGET_OPTIONS;
  const known = [...parameters.map(({ name }) => name), ...targets, ...COMMON_OPTIONS];
  return createOptionReader(effect.name, known, (values, assetNames) => {
    const raw = readParameters(effect, values);
    const params = parseParameters(effect, implyParameters(effect, raw, assetNames ?? []));
    const missing = effect.assets.find(({ name }) => params[name] === 'picture' && !assetNames?.includes(name));
    if (assetNames !== undefined && missing !== undefined) {
      throw new FocalError('invalid-argument', `Expected a picture for ${missing.name}, got none.`, {
        hint: `Send it as the form field "${missing.name}".`,
      });
    }
    return { params, ...parseTarget(values), ...parsePictureEncoding(values, accept), ...parseResult(values) };
  });
}

/** Those of the options that are parameters of the effect, as values. */
export function readParameters(effect: Effect, values: ReadonlyMap<string, string>): Record<string, unknown> {
  const given = describeParameters(effect).filter(({ name }) => values.has(name));
  return Object.fromEntries(given.map((info) => [info.name, toValue(info, values.get(info.name) ?? '')]));
}

/** Reads the options of a route that gives a photo as it is. @param what the route's name */
export function createPictureEncodeReader(what: string, accept: string | undefined): OptionReader<PictureEncodeChoice> {
  return createOptionReader(what, [...ENCODE_OPTIONS, 'metadata'], (values) => parsePictureEncoding(values, accept));
}

/** Format, by the Accept header where none is named, and quality. Throws `invalid-argument`, `not-acceptable`. */
export function parseEncoding(values: ReadonlyMap<string, string>, accept: string | undefined): EncodeChoice {
  const format = toFormat(values.get('format')) ?? negotiateFormat(accept);
  const quality = toNumber('quality', values.get('quality'), { min: 1, max: 100, isWhole: true });
  return { ...(format === undefined ? {} : { format }), ...(quality === undefined ? {} : { quality }) };
}

/** As {@link parseEncoding}, of routes whose answer is the photo changed: also what of its metadata is kept. */
export function parsePictureEncoding(
  values: ReadonlyMap<string, string>,
  accept: string | undefined,
): PictureEncodeChoice {
  const metadata = toChoice('metadata', METADATA_CHOICES, values.get('metadata'));
  return { ...parseEncoding(values, accept), ...(metadata !== undefined && { metadata }) };
}

function parseTarget(values: ReadonlyMap<string, string>): Pick<EditOptions, 'on' | 'lenient'> {
  const on = values.get('on');
  const lenient = toSwitch('lenient', values.get('lenient'));
  return { ...(on !== undefined && { on: parseSelector(on) }), ...(lenient !== undefined && { lenient }) };
}

function parseResult(values: ReadonlyMap<string, string>): Pick<EditOptions, 'trim' | 'output'> {
  const trim = values.get('trim');
  const margin = trim === '' || trim === 'true' ? DEFAULT_TRIM : trim === 'false' ? undefined : trim;
  const trimmed = typeof margin === 'number' ? margin : toNumber('trim', margin, { min: 0, max: 1 });
  const output = toChoice('output', OUTPUTS, values.get('output'));
  return { ...(trimmed === undefined ? {} : { trim: trimmed }), ...(output === undefined ? {} : { output }) };
}

function toFormat(text: string | undefined): keyof typeof MEDIA_TYPES | undefined {
  if (text === undefined) return undefined;
  const name = text.toLowerCase() === 'jpg' ? 'jpeg' : text.toLowerCase();
  if (Object.hasOwn(MEDIA_TYPES, name)) return name as keyof typeof MEDIA_TYPES;
  throw unexpected(`one of ${Object.keys(MEDIA_TYPES).join(', ')} for format`, text);
}

/** The value that a text stands for; the text itself where it stands for none, so that the schema refuses it. */
function toValue(info: ParameterInfo, text: string): unknown {
  switch (info.type) {
    case 'number':
    case 'integer': {
      const value = Number(text);
      return text.trim() === '' || Number.isNaN(value) ? text : value;
    }
    case 'boolean':
      return text === 'true' || text === '1' ? true : text === 'false' || text === '0' ? false : text;
    default:
      return text;
  }
}
