import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { FocalError, getEffect, implyParameters, type KnownPerson, parseParameters, parseSelector } from '@focal/core';
import type { PersonPictures } from 'focal';
import type { EffectFlags } from './effect-flags.ts';
import type { ExitCode } from './exit-codes.ts';
import { assertNamed } from './inputs.ts';
import { findKnown } from './known.ts';
import { type BatchPlan, type BatchRequest, runBatch } from './run-batch.ts';
import type { Work } from './run-jobs.ts';

/** Everything the command line said about an edit. */
export interface EditRequest extends BatchRequest {
  readonly effect: string;
  readonly flags: EffectFlags;
  /** Whom or what it acts on, in short form. */
  readonly on?: string;
  /** Leave out what acts on somebody who is not in a picture. */
  readonly lenient: boolean;
  /** Path of a font. */
  readonly font?: string;
  /** Folder of pictures of people who are known. */
  readonly known?: string;
  /** Whether to attack results that hide somebody. */
  readonly report: boolean;
  readonly maskOnly: boolean;
  readonly trim?: number;
}

/** `focal cutout`, `focal bokeh` and any other effect. */
export async function runEdit(request: EditRequest): Promise<ExitCode> {
  const params = settleParams(request);
  await checkRequest(request);
  const people = request.known === undefined ? undefined : await findKnown(request.known);
  return runBatch(request, {
    work: toWork(request, params, people),
    rules: toRules(request, params),
  });
}

/** The effect's parameters with what they imply, checked once before any picture is read. */
function settleParams({ effect, flags }: EditRequest): Readonly<Record<string, unknown>> {
  const params = implyParameters(getEffect(effect), flags.params, Object.keys(flags.assets));
  const checked = parseParameters(getEffect(effect), params);
  if (getEffect(effect).layOut !== undefined && (typeof checked.text !== 'string' || checked.text.trim() === '')) {
    throw new FocalError('invalid-argument', `Expected the text of the ${effect}, got none.`, {
      hint: `Give it with --text: focal ${effect} photo.jpg --text 'Summer in Lisbon'.`,
    });
  }
  return params;
}

/** What would fail at every picture alike is told once, before any is read. */
async function checkRequest({ effect, on, font, trim, maskOnly, flags }: EditRequest): Promise<void> {
  if (on !== undefined) parseSelector(on);
  assertNamed(Object.values(flags.assets));
  if (trim !== undefined && (maskOnly || effect !== 'cutout')) {
    throw new FocalError('invalid-argument', 'Only a cut-out picture can be trimmed.', { hint: 'Leave --trim out.' });
  }
  await assertFiles(font === undefined ? flags.assets : { ...flags.assets, font });
}

/** Throws `not-found` and `invalid-argument` for what is no file. Names are what the pictures are for. */
export async function assertFiles(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, path] of Object.entries(files)) {
    const stats = await stat(path).catch(() => undefined);
    if (stats?.isFile()) continue;
    const what = stats === undefined ? 'There is no file' : 'Expected a picture, got the folder';
    throw new FocalError(stats === undefined ? 'not-found' : 'invalid-argument', `${what} ${path} for the ${name}.`, {
      hint: `Looked for ${resolve(path)}.`,
    });
  }
}

function toWork(
  request: EditRequest,
  params: Readonly<Record<string, unknown>>,
  people: readonly PersonPictures[] | undefined,
): Pick<Work, 'apply'> {
  const { effect, flags, lenient, font, report, maskOnly, trim, quality, metadata } = request;
  // Who is known is spared, unless somebody else is named.
  const on = request.on ?? (people === undefined ? undefined : 'unknown-faces');
  const choices = {
    params,
    lenient,
    report,
    ...(on === undefined ? {} : { on }),
    ...(font === undefined ? {} : { font: resolve(font) }),
    assets: Object.fromEntries(Object.entries(flags.assets).map(([name, path]) => [name, resolve(path)])),
    output: maskOnly ? ('matte' as const) : ('picture' as const),
    ...(trim === undefined ? {} : { trim }),
    metadata,
    ...(quality === undefined ? {} : { quality }),
  };
  let known: Promise<readonly KnownPerson[]> | undefined;
  return {
    async apply(focal, input, options) {
      if (people === undefined) return focal.edit(input, effect, { ...choices, ...options });
      // Looked at once, before the first picture.
      known ??= focal.know(people);
      return focal.edit(input, effect, { ...choices, known: await known, ...options });
    },
  };
}

function toRules({ effect, maskOnly }: EditRequest, params: Readonly<Record<string, unknown>>): BatchPlan['rules'] {
  const isClear = getEffect(effect).clears?.(parseParameters(getEffect(effect), params) as never) ?? false;
  return { suffix: maskOnly ? 'mask' : effect, lossless: maskOnly || isClear };
}
