import type { ParameterInfo } from '@focal/core';
import { InvalidArgumentError, Option } from 'commander';
import type { EffectInfo } from './effect-list.ts';

/** `gradientAngleDeg` as a flag: `gradient-angle-deg`. */
export function toFlag(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** The flag of a further picture: `background` as `background-picture`. */
function toAssetFlag(name: string): string {
  return name === 'picture' ? name : `${toFlag(name)}-picture`;
}

/** As the parsed options call a flag. */
function toCamelCase(flag: string): string {
  return flag.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}

/** What flags are made of. */
export type Flagged = Pick<EffectInfo, 'parameters' | 'assets'>;

/** The command line options of an effect: one for each parameter, and one for each further picture it takes. */
export function toOptions(effect: Flagged): readonly Option[] {
  return [...effect.parameters.flatMap(toParameterOptions), ...effect.assets.map(toAssetOption)];
}

/** Values of an effect's options as they came from the command line. */
export interface EffectFlags {
  readonly params: Readonly<Record<string, unknown>>;
  /** Paths of further pictures by asset name. */
  readonly assets: Readonly<Record<string, string>>;
}

/** Picks the effect's own values out of all parsed options; what is not given is left to the effect. */
export function readFlags(effect: Flagged, options: Readonly<Record<string, unknown>>): EffectFlags {
  const params: Record<string, unknown> = {};
  for (const { name } of effect.parameters) {
    if (options[name] !== undefined) params[name] = options[name];
  }
  const assets: Record<string, string> = {};
  for (const { name } of effect.assets) {
    const path = options[toCamelCase(toAssetFlag(name))];
    if (typeof path === 'string') assets[name] = path;
  }
  return { params, assets };
}

function toParameterOptions(info: ParameterInfo): readonly Option[] {
  const flag = toFlag(info.name);
  const text = describe(info);
  switch (info.type) {
    case 'boolean':
      return [new Option(`--${flag}`, text), new Option(`--no-${flag}`, `the opposite of --${flag}`)];
    case 'enum':
      return [new Option(`--${flag} <${info.name}>`, text).choices([...info.values])];
    case 'string':
      return [new Option(`--${flag} <${info.control === 'color' ? 'colour' : 'text'}>`, text)];
    case 'number':
    case 'integer':
      return [new Option(`--${flag} <number>`, text).argParser((value) => toNumber(info, value))];
  }
}

function describe(info: ParameterInfo): string {
  const facts: string[] = [];
  if (info.type === 'number' || info.type === 'integer') facts.push(`${info.min} to ${info.max}`);
  if (info.unit !== undefined) facts.push(info.unit);
  if (info.default !== '') facts.push(`default ${String(info.default)}`);
  if (info.when !== undefined) facts.push(`with --${toFlag(info.when.parameter)} ${info.when.is.join(' or ')}`);
  const description = info.description.replace(/\.$/, '');
  return facts.length === 0 ? description : `${description} (${facts.join('; ')})`;
}

function toNumber(info: ParameterInfo & { type: 'number' | 'integer' }, value: string): number {
  const number = Number(value);
  const valid = value.trim() !== '' && Number.isFinite(number) && number >= info.min && number <= info.max;
  if (valid && (info.type === 'number' || Number.isInteger(number))) return number;
  const kind = info.type === 'integer' ? 'a whole number' : 'a number';
  throw new InvalidArgumentError(`Expected ${kind} from ${info.min} to ${info.max}.`);
}

function toAssetOption(asset: EffectInfo['assets'][number]): Option {
  return new Option(`--${toAssetFlag(asset.name)} <file>`, asset.description.replace(/\.$/, ''));
}
