import {
  checkSteps,
  completeFacts,
  type Fact,
  FocalError,
  type Matte,
  type MetadataChoice,
  type Picture,
  type Recipe,
  type ResolvedRecipe,
  type ResolvedSelection,
  type ResolvedStep,
  type ResolveOptions,
  resolveRecipe,
  type Scene,
} from '@focal/core';
import { type Device, MATTE_SIDE, reducedSize } from '@focal/models';
import { type DecodeOptions, type EncodePictureOptions, type Lease, runPlanParallel } from '@focal/node';
import type { Engine } from './engine.ts';
import { analyseOnTwoThreads, suitsTwoThreads } from './two-threads.ts';
import type { Decoded, Input } from './types.ts';

/** How a step is watched: cancelled, and told how far it is, 0..1. */
export interface StepOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onShare?: ((share: number) => void) | undefined;
  /** Where the pictures' memory comes from, for work that ends it; new memory by default. */
  readonly lease?: Lease | undefined;
}

/** A scene and the device that it was found on. */
export interface Analysed {
  readonly scene: Scene;
  readonly device: Device;
}

export async function decodeStep(
  engine: Engine,
  input: Input,
  { signal, lease }: StepOptions,
  options: Pick<DecodeOptions, 'colorSpace'> = {},
): Promise<Decoded> {
  const source = typeof input === 'string' ? input : compact(input);
  const decodeOptions = { ...options, maxPixels: engine.maxPixels, spare: lease?.takeSpare('picture') };
  const decoded = await engine.pixels().run('decode', { source, options: decodeOptions }, { signal });
  const { buffer } = decoded.picture.data;
  if (buffer instanceof SharedArrayBuffer) lease?.add('picture', buffer);
  return decoded;
}

export async function analyseStep(
  engine: Engine,
  picture: Picture,
  facts: readonly Fact[],
  { signal, onShare, lease }: StepOptions,
  known?: Scene,
): Promise<Analysed> {
  // The inference thread would resize a photo alone while the pixel threads stand by.
  const resize = (from: Picture, size: { readonly width: number; readonly height: number }) =>
    runPlanParallel(engine.pixels(), { kind: 'resize', picture: from, ...size }, { signal, lease });
  // Expressions and identities are read from faces in the photo itself.
  const missing = completeFacts(facts).filter((fact) => !known?.facts.includes(fact));
  const needsLook = missing.some((fact) => fact !== 'expressions' && fact !== 'identities');
  const small = reducedSize(picture);
  const isSmall = small.width === picture.width && small.height === picture.height;
  const job = { picture, ...(needsLook && (await reduceAll())) };
  const onProgress = (progress: unknown): void => onShare?.(shareOf(progress));
  // The model of mattes keeps all processors busy by itself; the others do with a picture on each thread.
  const hasMatte = missing.includes('matte');
  const side = suitsTwoThreads(missing) && (hasMatte || engine.isInferenceIdle()) ? engine.sideInference() : undefined;
  if (side !== undefined) {
    return analyseOnTwoThreads({ main: engine.inference(), side, job, missing, known, signal, onProgress });
  }
  const thread = hasMatte ? engine.inference() : engine.freeInference();
  return thread.run('analyse', { ...job, facts, ...(known && { known }) }, { signal, onProgress });

  /** What most facts are made from; see `createFactInput`. */
  async function reduceAll(): Promise<{ readonly square?: Picture; readonly reduced?: Picture }> {
    if (!(await engine.hasSquareModel())) return isSmall ? {} : { reduced: await resize(picture, small) };
    const square = await resize(picture, { width: MATTE_SIDE, height: MATTE_SIDE });
    if (isSmall || missing.every((fact) => fact === 'matte')) return { square };
    return { square, reduced: await resize(square, small) };
  }
}

/** Roles that name a matte of the scene as it is: nothing has to be computed. */
const GIVEN: ReadonlySet<string> = new Set(['everything', 'main', 'background']);

/** Whom each step of the recipe acts on in this picture. */
export async function resolveStep(
  engine: Engine,
  picture: Picture,
  scene: Scene,
  recipe: Recipe,
  { font, ...options }: Omit<ResolveOptions, 'layOut'> & { readonly font?: string },
  { signal }: StepOptions,
): Promise<ResolvedRecipe> {
  const isGiven = checkSteps(recipe).every(({ effect, selector }) => GIVEN.has(selector.role) && !effect.layOut);
  if (isGiven && recipe.edits === undefined) return resolveRecipe(recipe, picture, scene, options);
  return engine
    .pixels()
    .run('resolve-recipe', { recipe, picture, scene, options, ...(font !== undefined && { font }) }, { signal });
}

export async function renderStep(
  engine: Engine,
  picture: Picture,
  scene: Scene,
  steps: readonly ResolvedStep[],
  pictures: Readonly<Record<string, Picture>>,
  { signal, onShare, lease }: StepOptions,
): Promise<Picture> {
  const spec = { kind: 'recipe', picture, scene, steps, pictures } as const;
  return runPlanParallel(engine.pixels(), spec, { signal, onProgress: onShare, lease });
}

/** The matte, or a selection with a matte, in the picture's size, along the picture's edges. */
export async function refineStep(
  engine: Engine,
  picture: Picture,
  selected: Matte | ResolvedSelection,
  { signal, onShare, lease }: StepOptions,
): Promise<Matte> {
  const watch = { signal, onProgress: onShare, lease };
  return 'data' in selected
    ? runPlanParallel(engine.pixels(), { kind: 'refine-matte', picture, matte: selected }, watch)
    : runPlanParallel(engine.pixels(), { kind: 'selected-matte', picture, selection: selected }, watch);
}

export async function encodeStep(
  engine: Engine,
  image: Picture | Matte,
  { format, quality, exif }: EncodePictureOptions,
  { signal, onShare, lease }: StepOptions,
): Promise<Uint8Array> {
  const pool = engine.pixels();
  if (format === 'png') {
    const bands = await runPlanParallel(pool, { kind: 'png', image }, { signal, onProgress: onShare, lease });
    return pool.run('join-png', { bands, exif }, { signal });
  }
  const options = { format, exif, ...(quality !== undefined && { quality }) };
  return pool.run('encode', { image, options }, { signal });
}

/** What of the input's metadata is kept, as a block for the result. */
export async function keptExifStep(
  engine: Engine,
  input: Input,
  choice: MetadataChoice,
  { signal }: StepOptions,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (choice === 'none') return undefined;
  const source = typeof input === 'string' ? input : compact(input);
  return engine.pixels().run('kept-exif', { source, choice }, { signal });
}

/** The matte fact. Throws `invalid-argument` where the scene was analysed for other facts. */
export function matteOf(scene: Scene): NonNullable<Scene['matte']> {
  if (scene.matte !== undefined) return scene.matte;
  throw new FocalError('invalid-argument', 'Expected a scene that holds the fact matte, got one without.', {
    hint: "Analyse the picture for ['matte'] first.",
  });
}

/** A view of a larger buffer would be sent with all of it. */
export function compact(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength || bytes.buffer instanceof SharedArrayBuffer
    ? bytes
    : Uint8Array.from(bytes);
}

function shareOf(progress: unknown): number {
  return typeof progress === 'object' && progress !== null && 'done' in progress ? Number(progress.done) : 0;
}
