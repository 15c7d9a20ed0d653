import { z } from 'zod';
import { describeValue } from '../describe-issue.ts';
import { FocalError } from '../errors.ts';
import type { Effect, ParameterMeta } from './effect.ts';

interface ParameterBase extends ParameterMeta {
  /** The parameter's name in the schema: camelCase. */
  readonly name: string;
}

/** One parameter of an effect as data: what flags, API options and controls are generated from. */
export type ParameterInfo =
  | (ParameterBase & { readonly type: 'number'; readonly default: number; readonly min: number; readonly max: number })
  | (ParameterBase & { readonly type: 'integer'; readonly default: number; readonly min: number; readonly max: number })
  | (ParameterBase & { readonly type: 'boolean'; readonly default: boolean })
  | (ParameterBase & { readonly type: 'enum'; readonly default: string; readonly values: readonly string[] })
  | (ParameterBase & { readonly type: 'string'; readonly default: string });

type JsonProperty = ParameterMeta & {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
};

/** The parameters of an effect, or of another schema of its kind, in the order of the schema. Throws `internal` where one lacks default or range. */
export function describeParameters(effect: Pick<Effect, 'schema'>): readonly ParameterInfo[] {
  const schema = z.toJSONSchema(effect.schema, { io: 'input' });
  return Object.entries(schema.properties ?? {}).map(([name, property]) => toInfo(name, property as JsonProperty));
}

function toInfo(name: string, property: JsonProperty): ParameterInfo {
  const { type, enum: values, default: initial, minimum, maximum, ...meta } = property;
  const base = { ...meta, name };
  if (values !== undefined && typeof initial === 'string') return { ...base, type: 'enum', default: initial, values };
  if (type === 'boolean' && typeof initial === 'boolean') return { ...base, type, default: initial };
  if (type === 'string' && typeof initial === 'string') return { ...base, type, default: initial };
  if ((type === 'number' || type === 'integer') && typeof initial === 'number') {
    if (minimum !== undefined && maximum !== undefined) {
      return { ...base, type, default: initial, min: minimum, max: maximum };
    }
  }
  throw new FocalError('internal', `Parameter ${name} needs a type that controls exist for, a default and a range.`);
}

/**
 * Parameters checked against the effect's schema, defaults filled in. Unknown names are refused.
 * Throws `invalid-argument` naming the parameter, what was expected and what came.
 */
export function parseParameters<S extends z.ZodObject>(effect: Effect<S>, raw: unknown): z.output<S> {
  const result = effect.schema.strict().safeParse(raw ?? {});
  if (result.success) return result.data as z.output<S>;
  const issue = result.error.issues[0];
  const name = issue?.path.join('.') ?? '';
  const known = describeParameters(effect);
  if (issue?.code === 'unrecognized_keys') {
    throw new FocalError('invalid-argument', `${effect.name} has no option ${issue.keys.join(', ')}.`, {
      hint: `Its options are ${known.map((info) => info.name).join(', ')}.`,
    });
  }
  const info = known.find((each) => each.name === name);
  const came = describeValue((raw as Record<string, unknown>)[name]);
  throw new FocalError(
    'invalid-argument',
    `Expected ${info ? expectation(info) : 'a valid value'} for ${name}, got ${came}.`,
  );
}

function expectation(info: ParameterInfo): string {
  switch (info.type) {
    case 'number':
      return `a number from ${info.min} to ${info.max}`;
    case 'integer':
      return `a whole number from ${info.min} to ${info.max}`;
    case 'boolean':
      return 'true or false';
    case 'enum':
      return `one of ${info.values.join(', ')}`;
    case 'string':
      return info.control === 'color' ? 'a colour such as #3366ff or white' : 'text';
  }
}
