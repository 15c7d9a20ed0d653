import {
  describeParameters,
  type Effect,
  FocalError,
  implyParameters,
  type ParameterInfo,
  parseParameters,
} from '@focal/core';
import type { EditOptions } from 'focal';
import { MEDIA_TYPES, negotiateFormat } from './negotiate.ts';

export const OUTPUTS = ['picture', 'matte', 'model-matte'] as const;

/** Options of every effect's route, beside the effect's own parameters. */
const COMMON_OPTIONS = ['format', 'quality', 'trim', 'output'] as const;

const DEFAULT_TRIM = 0.02;

type Parsed = Pick<EditOptions, 'params' | 'format' | 'quality' | 'trim' | 'output'>;

/** Gathers the options of one request from its query and its form, as text. */
export interface OptionReader {
  /** Throws `invalid-argument` at a name that is unknown or came before. */
  set(name: string, value: string): void;
  /**
   * All of them checked, with what they and the further pictures imply. Throws `invalid-argument` naming the option,
   * what was expected and what came.
   * @param assetNames left out as long as it is not known which further pictures come
   */
  parse(assetNames?: readonly string[]): Parsed;
}

/** @param accept the Accept header, which says the format where no `format` does */
export function createOptionReader(effect: Effect, accept: string | undefined): OptionReader {
  const parameters = describeParameters(effect);
  const known = [...parameters.map(({ name }) => name), ...COMMON_OPTIONS];
  const values = new Map<string, string>();

  return {
    set(name, value) {
      if (!known.includes(name)) {
        throw new FocalError('invalid-argument', `${effect.name} has no option ${JSON.stringify(name.slice(0, 60))}.`, {
          hint: `Its options are ${known.join(', ')}.`,
        });
      }
      if (values.has(name)) throw new FocalError('invalid-argument', `The option ${name} came twice.`);
      values.set(name, value);
    },
    parse(assetNames) {
      const given = parameters.filter(({ name }) => values.has(name));
      const raw = Object.fromEntries(given.map((info) => [info.name, toValue(info, values.get(info.name) ?? '')]));
      const params = parseParameters(effect, implyParameters(effect, raw, assetNames ?? []));
      const missing = effect.assets.find(({ name }) => params[name] === 'picture' && !assetNames?.includes(name));
      if (assetNames !== undefined && missing !== undefined) {
        throw new FocalError('invalid-argument', `Expected a picture for ${missing.name}, got none.`, {
          hint: `Send it as the form field "${missing.name}".`,
        });
      }
      return { params, ...parseCommon(values, accept) };
    },
  };
}

function parseCommon(values: ReadonlyMap<string, string>, accept: string | undefined): Parsed {
  const format = toFormat(values.get('format')) ?? negotiateFormat(accept);
  const quality = toNumber('quality', values.get('quality'), 1, 100, Number.isInteger);
  const trim = values.get('trim');
  const margin = trim === '' || trim === 'true' ? DEFAULT_TRIM : trim === 'false' ? undefined : trim;
  const trimmed = typeof margin === 'number' ? margin : toNumber('trim', margin, 0, 1);
  const output = toOutput(values.get('output'));
  return {
    ...(format === undefined ? {} : { format }),
    ...(quality === undefined ? {} : { quality }),
    ...(trimmed === undefined ? {} : { trim: trimmed }),
    ...(output === undefined ? {} : { output }),
  };
}

function toFormat(text: string | undefined): keyof typeof MEDIA_TYPES | undefined {
  if (text === undefined) return undefined;
  const name = text.toLowerCase() === 'jpg' ? 'jpeg' : text.toLowerCase();
  if (Object.hasOwn(MEDIA_TYPES, name)) return name as keyof typeof MEDIA_TYPES;
  throw expected(`one of ${Object.keys(MEDIA_TYPES).join(', ')} for format`, text);
}

function toOutput(text: string | undefined): (typeof OUTPUTS)[number] | undefined {
  const output = OUTPUTS.find((each) => each === text);
  if (text === undefined || output !== undefined) return output;
  throw expected(`one of ${OUTPUTS.join(', ')} for output`, text);
}

function toNumber(
  name: string,
  text: string | undefined,
  min: number,
  max: number,
  isAllowed: (value: number) => boolean = Number.isFinite,
): number | undefined {
  if (text === undefined) return undefined;
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (value >= min && value <= max && isAllowed(value)) return value;
  const kind = isAllowed === Number.isInteger ? 'a whole number' : 'a number';
  throw expected(`${kind} from ${min} to ${max} for ${name}`, text);
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

function expected(what: string, got: string): FocalError {
  return new FocalError('invalid-argument', `Expected ${what}, got ${JSON.stringify(got.slice(0, 60))}.`);
}
