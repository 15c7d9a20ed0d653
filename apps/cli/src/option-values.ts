import type { Point } from '@focal/core';
import { InvalidArgumentError } from 'commander';

/** A parser for a whole number in a range, for commander. */
export function wholeNumber(min: number, max: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (value.trim() !== '' && Number.isInteger(number) && number >= min && number <= max) return number;
    throw new InvalidArgumentError(`Expected a whole number from ${min} to ${max}.`);
  };
}

/** A parser for a number in a range, for commander. */
export function numberBetween(min: number, max: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (value.trim() !== '' && number >= min && number <= max) return number;
    throw new InvalidArgumentError(`Expected a number from ${min} to ${max}.`);
  };
}

/** `120000000`, `120e6` or `120MP`. */
export function pixelCount(value: string): number {
  const match = /^(\d+(?:\.\d+)?(?:e\d+)?)\s*(mp)?$/i.exec(value.trim());
  const number = Math.round(Number(match?.[1]) * (match?.[2] === undefined ? 1 : 1e6));
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new InvalidArgumentError('Expected a number of pixels such as 100000000 or 100MP.');
}

/** `40MB`, `2GB`, `500000`: bytes. */
export function byteCount(value: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*(kb|mb|gb)?$/i.exec(value.trim());
  const unit = { kb: 1e3, mb: 1e6, gb: 1e9 }[match?.[2]?.toLowerCase() ?? ''] ?? 1;
  const number = Math.round(Number(match?.[1]) * unit);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new InvalidArgumentError('Expected a size such as 40MB.');
}

/**
 * Adds a host name to those given before: lower case, as a browser sends it. A port is refused, since any counts.
 */
export function hostNames(value: string, before: readonly string[] = []): readonly string[] {
  const isBare = /^(\[[\da-f:.]+\]|[^\s/:@?#\\]+)$/i.test(value) && URL.canParse(`http://${value}/`);
  if (isBare) return [...before, new URL(`http://${value}/`).hostname];
  throw new InvalidArgumentError('Expected a host name without port or path, such as studio.example.org.');
}

/** Adds an origin to those named before. */
export function origins(value: string, before: readonly string[] = []): readonly string[] {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const isOrigin = url !== undefined && /^https?:$/u.test(url.protocol) && url.pathname === '/' && url.search === '';
  if (isOrigin) return [...before, url.origin];
  throw new InvalidArgumentError('Expected the origin of a page, such as https://example.org.');
}

/** Adds `task=path` to the models named before; the path may hold further `=`. */
export function ownModel(
  value: string,
  before: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const [, task, path] = /^([a-z-]+)=(.+)$/s.exec(value) ?? [];
  if (task === undefined || path === undefined) {
    throw new InvalidArgumentError('Expected a task and the path of a model, such as matte=./my.onnx.');
  }
  if (Object.hasOwn(before, task)) throw new InvalidArgumentError(`There are two models for ${task}.`);
  return { ...before, [task]: path };
}

/** A point of a picture: `0.4,0.6` or `40%,60%`. */
export function fractions(value: string): Point {
  const match = /^\s*(\d*\.?\d+)(%)?\s*,\s*(\d*\.?\d+)(%)?\s*$/.exec(value);
  const [x, y] = [Number(match?.[1]) / (match?.[2] ? 100 : 1), Number(match?.[3]) / (match?.[4] ? 100 : 1)];
  if (match !== null && x <= 1 && y <= 1) return { x, y };
  throw new InvalidArgumentError(
    'Expected two fractions from 0 to 1, from the left and from the top, such as 0.4,0.6.',
  );
}

/** A point of a video: `0.4,0.6` at its beginning, or `0.4,0.6@2.5` at that second. Added to those before. */
export function momentsAt(value: string, before: readonly Moment[] = []): readonly Moment[] {
  const [place = '', time = '0', ...rest] = value.split('@');
  const seconds = Number(time);
  if (rest.length > 0 || time.trim() === '' || !(seconds >= 0 && seconds < 1e6)) {
    throw new InvalidArgumentError('Expected a point and a second, such as 0.4,0.6@2.5.');
  }
  return [...before, { ...fractions(place), t: seconds }];
}

/** A point of a video at a second. */
export interface Moment extends Point {
  readonly t: number;
}

/** A share of the subject's longer side: `0.05` or `5%`. */
export function margin(value: string): number {
  const match = /^(\d*\.?\d+)(%)?$/.exec(value.trim());
  const number = Number(match?.[1]) / (match?.[2] === undefined ? 1 : 100);
  if (match !== null && number >= 0 && number <= 1) return number;
  throw new InvalidArgumentError('Expected a margin from 0 to 1, or in percent: 0.05 or 5%.');
}

/**
 * `--trim` may stand without a value, and then must not swallow the file behind it: only what looks like a margin is
 * its value.
 */
export function settleTrim(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--');
  return argv.map((arg, index) => {
    const isOption = arg === '--trim' && (end === -1 || index < end);
    return isOption && !/^(\d*\.?\d+)%?$/.test(argv[index + 1] ?? '') ? '--trim=0' : arg;
  });
}
