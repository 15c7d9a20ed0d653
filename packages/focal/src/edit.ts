import {
  type AnonymiseReport,
  anonymise,
  completeFacts,
  type Fact,
  FocalError,
  type Matte,
  mayClear,
  type Picture,
  type Recipe,
  type ResolvedStep,
  recipeNeeds,
  type Scene,
  sceneProvenance,
  selectedMatte,
} from '@focal/core';
import type { Device } from '@focal/models';
import type { Lease } from '@focal/node';
import { reportAnonymised } from './anonymise-report.ts';
import { bindEdits } from './bind-edits.ts';
import { checkEditOptions } from './check-options.ts';
import type { Engine } from './engine.ts';
import { createTrack, type Track } from './progress.ts';
import { assertPictures, toRecipe, usedPictures } from './recipe.ts';
import {
  analyseStep,
  decodeStep,
  encodeStep,
  keptExifStep,
  matteOf,
  refineStep,
  renderStep,
  resolveStep,
  type StepOptions,
} from './steps.ts';
import type { Decoded, Edited, EditOptions, Input, InputFormat, OutputFormat } from './types.ts';

/** Checks everything that can be checked before any work is done; throws `invalid-argument`. Gives what to do. */
export function checkEdit(what: string | Recipe, options: EditOptions): Recipe {
  checkEditOptions(options);
  if (typeof what !== 'string' && (options.params !== undefined || options.on !== undefined)) {
    throw new FocalError('invalid-argument', 'A recipe has its own parameters and says whom it acts on.', {
      hint: 'Leave params and on out, or name an effect.',
    });
  }
  const recipe = typeof what === 'string' ? toRecipe(what, options) : what;
  // Throws for what is wrong with a step.
  recipeNeeds(recipe);
  if (options.output !== 'matte' && options.output !== 'model-matte') assertPictures(recipe, options.assets ?? {});
  if (options.trim !== undefined && (what !== 'cutout' || (options.output ?? 'picture') !== 'picture')) {
    throw new FocalError('invalid-argument', 'Only a cut-out picture can be trimmed.', { hint: 'Leave trim out.' });
  }
  return recipe;
}

/** What is to be done: a recipe, or what to look at before one is chosen. */
export type Wish = Recipe | { readonly facts: readonly Fact[]; choose(scene: Scene): Recipe };

/** What {@link renderWish} gives: the picture before it is encoded, and how it came about. */
interface RenderedWish extends Rendered {
  readonly decoded: Decoded;
  readonly recipe: Recipe;
  readonly scene: Scene;
  readonly device: Device;
}

/** What is done to a picture before anything else, so that nothing of it goes by. */
export interface FirstWork {
  /** What it has to know, beside what the recipe needs. */
  readonly facts: readonly Fact[];
  /** Gives a picture of the same size. */
  readonly draw: (picture: Picture, scene: Scene) => Promise<Picture>;
  /** The same for each other picture that the recipe takes, such as a background. */
  readonly drawOther: (picture: Picture) => Promise<Picture>;
}

/** Watches the stages of one edit. */
interface EditRun {
  readonly track: Track;
  readonly lease: Lease;
  /** Default: as the file has it. */
  readonly colorSpace?: 'srgb';
  readonly first?: FirstWork | undefined;
  readonly watch: (stage: 'read' | 'analyse' | 'render' | 'encode') => StepOptions;
}

function startRun(engine: Engine, { signal, onProgress }: EditOptions): EditRun {
  const track = createTrack(onProgress, 'edit');
  // Ended only when all went well: after an error a thread may still be at work on it.
  const lease = engine.memory.lend();
  return { track, lease, watch: (stage) => ({ signal, lease, onShare: (share) => track.report(stage, share) }) };
}

/** The whole way from bytes to bytes. Holds the picture, the result and the effects' own memory at once. */
export async function edit(engine: Engine, input: Input, asked: Wish, options: EditOptions): Promise<Edited> {
  const { metadata = 'none', quality } = options;
  const run = startRun(engine, options);
  const { track, watch } = run;
  const { image, decoded, recipe, scene, device, warnings, reports } = await renderWish(
    engine,
    input,
    asked,
    options,
    run,
  );
  const mayBeClear = 'colorSpace' in image ? decoded.hasAlpha || mayClear(recipe) : true;
  const format = options.format ?? defaultFormat(decoded.format, mayBeClear);
  const exif = 'colorSpace' in image ? await keptExifStep(engine, input, metadata, watch('encode')) : undefined;
  const hides = recipe.look.steps.some(({ effect, enabled }) => effect === anonymise.name && enabled !== false);
  const bytes = await track.time('encode', () => {
    const encoding = { format, exif, ...(quality !== undefined && { quality }) };
    return encodeStep(engine, image, encoding, watch('encode'));
  });
  run.lease.end();
  return {
    bytes,
    format,
    width: image.width,
    height: image.height,
    recipe,
    provenance: sceneProvenance(scene),
    warnings: [...warnings, ...(hides && exif !== undefined ? [KEPT_WHILE_HIDING] : [])],
    reports,
    device,
    timings: track.timings,
  };
}

/**
 * The way from bytes to a picture in sRGB; `use` has it until what it gives is there. With `first`, the recipe is
 * resolved for the picture as it was, but sees only what `first` leaves of it.
 */
export async function editPicture<T>(
  engine: Engine,
  input: Input,
  recipe: Recipe,
  options: EditOptions,
  use: (picture: Picture, warnings: readonly string[]) => Promise<T>,
  first?: FirstWork,
): Promise<T> {
  const run = startRun(engine, options);
  const choices = { ...options, report: false };
  const { image, warnings } = await renderWish(engine, input, recipe, choices, { ...run, colorSpace: 'srgb', first });
  if (!('colorSpace' in image)) throw new Error('Expected a picture.');
  const result = await use(image, warnings);
  run.lease.end();
  return result;
}

async function renderWish(
  engine: Engine,
  input: Input,
  asked: Wish,
  options: EditOptions,
  { track, lease, watch, colorSpace, first }: EditRun,
): Promise<RenderedWish> {
  const { signal, output = 'picture', trim, lenient, known, font } = options;
  const bound = 'choose' in asked ? undefined : await bindEdits(engine, input, asked, options);
  const wish = bound?.recipe ?? asked;
  const given = 'choose' in wish ? undefined : wish;
  const needs = 'choose' in wish ? wish.facts : recipeNeeds(wish);
  const all = [...needs, ...(first?.facts ?? [])];
  const facts = output === 'picture' ? all : completeFacts([...all, 'matte']);

  // The thread starts while the picture is read, and loads its models while that is reduced for them: a file that is
  // no picture loads none. What goes wrong with either is told when they are needed.
  const ignore = (): void => undefined;
  engine.inference().run('device', undefined, { signal }).catch(ignore);
  const [decoded, early] = await track.time('read', async () => {
    const main = await decodeStep(engine, input, watch('read'), colorSpace === undefined ? {} : { colorSpace });
    return [main, given && (await decodeAssets(engine, given, options, lease, main))] as const;
  });
  const { picture } = decoded;
  engine.inference().run('prepare', { facts }, { signal }).catch(ignore);
  const { scene, device } = await track.time('analyse', () => analyseStep(engine, picture, facts, watch('analyse')));
  const choices = {
    ...(lenient !== undefined && { lenient }),
    ...(known !== undefined && { known }),
    ...(font !== undefined && { font }),
  };
  const recipe = 'choose' in wish ? wish.choose(scene) : wish;
  const { image, warnings, reports } = await track.time('render', async (): Promise<Rendered> => {
    if (output === 'model-matte') return { image: matteOf(scene).matte, warnings: [], reports: [] };
    const resolved = await resolveStep(engine, picture, scene, recipe, choices, watch('render'));
    const { steps, warnings } = resolved;
    if (output === 'matte') {
      const selection = steps[0]?.selection;
      const matte = selection?.corrected ? selection : (selectedMatte(selection) ?? matteOf(scene).matte);
      return { image: await refineStep(engine, picture, matte, watch('render')), warnings, reports: [] };
    }
    const given = early ?? (await decodeAssets(engine, recipe, options, lease, decoded));
    const pictures = first === undefined ? given : await drawOthers(given, first);
    const seen = first === undefined ? picture : await first.draw(picture, scene);
    const rendered = await renderStep(engine, seen, scene, steps, pictures, watch('render'));
    const reports =
      options.report === false ? [] : await attack(engine, picture, scene, steps, pictures, rendered, watch('render'));
    if (trim === undefined) return { image: rendered, warnings, reports };
    const trimmed = await engine.pixels().run('trim', { picture: rendered, margin: trim }, { signal });
    return { image: trimmed, warnings, reports };
  });
  return { image, decoded, recipe, scene, device, warnings: [...(bound?.warnings ?? []), ...warnings], reports };
}

async function drawOthers(
  pictures: Readonly<Record<string, Picture>>,
  { drawOther }: FirstWork,
): Promise<Readonly<Record<string, Picture>>> {
  const drawn: Record<string, Picture> = {};
  for (const [name, picture] of Object.entries(pictures)) drawn[name] = await drawOther(picture);
  return drawn;
}

const KEPT_WHILE_HIDING =
  'Somebody is hidden, and yet what the photo says of when, where and by whom it was taken is kept.';

interface Rendered {
  readonly image: Picture | Matte;
  readonly warnings: readonly string[];
  readonly reports: readonly AnonymiseReport[];
}

/** A report on each step that hides: on the result, or where that has another size, on the step alone. */
async function attack(
  engine: Engine,
  original: Picture,
  scene: Scene,
  steps: readonly ResolvedStep[],
  pictures: Readonly<Record<string, Picture>>,
  rendered: Picture,
  watch: StepOptions,
): Promise<readonly AnonymiseReport[]> {
  const reports: AnonymiseReport[] = [];
  const isWhole = rendered.width === original.width && rendered.height === original.height;
  for (const step of steps.filter(({ effect }) => effect === anonymise.name)) {
    const result = isWhole
      ? rendered
      : await renderStep(engine, original, scene, [step], pictures, { signal: watch.signal });
    reports.push(await reportAnonymised(engine, { original, result, scene, step }, { signal: watch.signal }));
  }
  return reports;
}

async function decodeAssets(
  engine: Engine,
  recipe: Recipe,
  { assets = {}, signal }: EditOptions,
  lease: Lease,
  main: Decoded,
): Promise<Readonly<Record<string, Picture>>> {
  const { colorSpace } = main.picture;
  const inner = Object.entries(recipe.pictures ?? {}).map(
    ([name, { base64 }]) => [name, new Uint8Array(Buffer.from(base64, 'base64'))] as const,
  );
  const used = usedPictures(recipe);
  const all: Readonly<Record<string, Input>> = { ...Object.fromEntries(inner), ...assets };
  const entries = Object.entries(all).map(async ([name, input]) => {
    if (!used.has(name)) return undefined;
    const step = decodeStep(engine, input, { signal, lease }, { colorSpace });
    const { picture } = await step.catch((error: unknown) => {
      throw toAssetError(name, error);
    });
    return [name, picture] as const;
  });
  return Object.fromEntries((await Promise.all(entries)).filter((entry) => entry !== undefined));
}

/** Says that it is not the photo itself that cannot be used. */
function toAssetError(name: string, error: unknown): unknown {
  if (!(error instanceof FocalError) || error.code === 'aborted' || error.code === 'closed') return error;
  const { code, message, hint } = error;
  return new FocalError(code, `The picture called ${name}: ${message}`, {
    ...(hint === undefined ? {} : { hint }),
    cause: error,
  });
}

/** What a result is where nothing is asked for: as the input, but for formats that are not written. */
export function defaultFormat(input: InputFormat, mayBeClear: boolean): OutputFormat {
  if (mayBeClear) return 'png';
  if (input === 'heic') return 'jpeg';
  return input === 'gif' ? 'png' : input;
}
