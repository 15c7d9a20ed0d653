import { FocalError, getEffect, type Matte, type Picture, parseParameters } from '@focal/core';
import type { Lease } from '@focal/node';
import { checkEditOptions } from './check-options.ts';
import type { Engine } from './engine.ts';
import { createTrack } from './progress.ts';
import { analyseStep, decodeStep, encodeStep, matteOf, refineStep, renderStep } from './steps.ts';
import type { Decoded, Edited, EditOptions, Input, InputFormat, OutputFormat } from './types.ts';

/** Checks everything that can be checked before any work is done; throws `invalid-argument`. */
export function checkEdit(effectName: string, options: EditOptions): void {
  checkEditOptions(options);
  const effect = getEffect(effectName);
  parseParameters(effect, options.params ?? {});
  const names = effect.assets.map((asset) => asset.name);
  for (const name of Object.keys(options.assets ?? {})) {
    if (names.includes(name)) continue;
    throw new FocalError('invalid-argument', `${effect.name} takes no picture called ${name}.`, {
      hint: names.length === 0 ? 'It takes one picture only.' : `It takes ${names.join(', ')}.`,
    });
  }
  if (options.trim !== undefined && (effect.name !== 'cutout' || (options.output ?? 'picture') !== 'picture')) {
    throw new FocalError('invalid-argument', 'Only a cut-out picture can be trimmed.', { hint: 'Leave trim out.' });
  }
}

/** The whole way from bytes to bytes. Holds the picture, the result and the effect's own memory at once. */
export async function edit(engine: Engine, input: Input, effectName: string, options: EditOptions): Promise<Edited> {
  const { signal, params = {}, output = 'picture', trim } = options;
  const effect = getEffect(effectName);
  const track = createTrack(options.onProgress, 'edit');
  // Ended only when all went well: after an error a thread may still be at work on it.
  const lease = engine.memory.lend();
  const watch = (stage: 'read' | 'analyse' | 'render' | 'encode') => ({
    signal,
    lease,
    onShare: (share: number) => track.report(stage, share),
  });

  // The thread starts while the picture is read, and loads its models while that is reduced for them: a file that is
  // no picture loads none. What goes wrong with either is told when they are needed.
  const ignore = (): void => undefined;
  engine.inference().run('device', undefined, { signal }).catch(ignore);
  const [decoded, assets] = await track.time('read', async () => {
    const main = await decodeStep(engine, input, watch('read'));
    return [main, await decodeAssets(engine, options, lease, main)] as const;
  });
  const { picture } = decoded;
  engine.inference().run('prepare', { facts: effect.needs }, { signal }).catch(ignore);
  const { scene, device } = await track.time('analyse', () =>
    analyseStep(engine, picture, effect.needs, watch('analyse')),
  );
  const image = await track.time('render', async (): Promise<Picture | Matte> => {
    if (output === 'model-matte') return matteOf(scene).matte;
    if (output === 'matte') return refineStep(engine, picture, scene, watch('render'));
    const rendered = await renderStep(engine, picture, scene, effectName, params, assets, watch('render'));
    return trim === undefined ? rendered : engine.pixels().run('trim', { picture: rendered, margin: trim }, { signal });
  });
  const mayBeClear = 'colorSpace' in image ? decoded.hasAlpha || isTransparent(effectName, params) : true;
  const format = options.format ?? defaultFormat(decoded.format, mayBeClear);
  const bytes = await track.time('encode', () => encodeStep(engine, image, format, options.quality, watch('encode')));
  lease.end();
  return {
    bytes,
    format,
    width: image.width,
    height: image.height,
    provenance: scene.matte?.provenance ?? { models: [] },
    device,
    timings: track.timings,
  };
}

async function decodeAssets(
  engine: Engine,
  { assets = {}, signal }: EditOptions,
  lease: Lease,
  main: Decoded,
): Promise<Readonly<Record<string, Picture>>> {
  const { colorSpace } = main.picture;
  const entries = Object.entries(assets).map(async ([name, input]) => {
    const step = decodeStep(engine, input, { signal, lease }, { colorSpace });
    const { picture } = await step.catch((error: unknown) => {
      throw toAssetError(name, error);
    });
    return [name, picture] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** Says that it is not the photo itself that cannot be used. */
function toAssetError(name: string, error: unknown): unknown {
  if (!(error instanceof FocalError) || error.code === 'aborted' || error.code === 'closed') return error;
  const { code, message, hint } = error;
  return new FocalError(code, `The picture for the ${name}: ${message}`, {
    ...(hint === undefined ? {} : { hint }),
    cause: error,
  });
}

/** Whether the effect leaves parts of an opaque picture transparent. */
function isTransparent(effectName: string, rawParams: Readonly<Record<string, unknown>>): boolean {
  return parseParameters(getEffect(effectName), rawParams).background === 'transparent';
}

/** What a result is where nothing is asked for: as the input, but for formats that are not written. */
export function defaultFormat(input: InputFormat, mayBeClear: boolean): OutputFormat {
  if (mayBeClear) return 'png';
  if (input === 'heic') return 'jpeg';
  return input === 'gif' ? 'png' : input;
}
