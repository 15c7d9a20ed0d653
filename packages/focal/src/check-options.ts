import { FocalError, METADATA_CHOICES } from '@focal/core';
import { assertOwnTask, getModel } from '@focal/models';
import type { DecodeChoice, EditOptions, EncodeOptions, FocalOptions } from './types.ts';

const DEVICES: readonly string[] = ['auto', 'cpu', 'webgpu', 'cuda'];
const PROFILES: readonly string[] = ['auto', 'fast', 'low-memory'];
const PRIORITIES: readonly string[] = ['normal', 'low'];
const FORMATS: readonly string[] = ['png', 'webp', 'avif', 'jpeg', 'tiff'];
const COLOR_SPACES: readonly string[] = ['keep', 'srgb', 'display-p3'];
const OUTPUTS: readonly string[] = ['picture', 'matte', 'model-matte'];

/** Throws `invalid-argument` naming the option, what was expected and what came. */
export function checkFocalOptions(options: FocalOptions): void {
  const { device, threads, profile, priority, maxPixels, withoutModels, models } = options;
  checkOneOf('device', device, DEVICES);
  checkOneOf('profile', profile, PROFILES);
  checkOneOf('priority', priority, PRIORITIES);
  checkWhole('threads', threads, 1, 256);
  checkWhole('together', options.together, 1, 64);
  checkWhole('maxPixels', maxPixels, 1, 2 ** 31 - 1);
  for (const id of withoutModels ?? []) getModel(id);
  for (const [task, path] of Object.entries(models ?? {})) {
    assertOwnTask(task);
    if (path === '') throw new FocalError('invalid-argument', `Expected the path of a model for ${task}, got nothing.`);
  }
}

/** As {@link checkFocalOptions}, for one edit. */
export function checkEditOptions(options: EditOptions): void {
  checkEncodeOptions(options);
  checkOneOf('output', options.output, OUTPUTS);
  const { trim } = options;
  if (trim !== undefined && !(trim >= 0 && trim <= 1)) {
    throw new FocalError('invalid-argument', `Expected a number from 0 to 1 for trim, got ${trim}.`);
  }
}

/** As {@link checkFocalOptions}, for one decoding. */
export function checkDecodeChoice({ colorSpace }: DecodeChoice): void {
  checkOneOf('colorSpace', colorSpace, COLOR_SPACES);
}

/** As {@link checkFocalOptions}, for one encoding. */
export function checkEncodeOptions({
  format,
  quality,
  metadata,
}: EncodeOptions & { readonly metadata?: string }): void {
  checkOneOf('format', format, FORMATS);
  checkWhole('quality', quality, 1, 100);
  checkOneOf('metadata', metadata, METADATA_CHOICES);
}

function checkOneOf(name: string, value: string | undefined, allowed: readonly string[]): void {
  if (value === undefined || allowed.includes(value)) return;
  throw new FocalError('invalid-argument', `Expected one of ${allowed.join(', ')} for ${name}, got ${value}.`);
}

function checkWhole(name: string, value: number | undefined, min: number, max: number): void {
  if (value === undefined || (Number.isSafeInteger(value) && value >= min && value <= max)) return;
  throw new FocalError('invalid-argument', `Expected a whole number from ${min} to ${max} for ${name}, got ${value}.`);
}
