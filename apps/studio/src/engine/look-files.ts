import { FocalError } from '@focal/core';
import type { EffectHandlers, LookFile, WorkerClient } from '@focal/web';
import { toPortable } from '../state/look-actions.ts';
import type { StudioStore } from '../state/store.ts';
import type { Correction, ParamValue, Step } from '../state/types.ts';
import type { KeptAsset } from './kept-sitting.ts';
import { fromLink, LOOK_LINK, MAX_LINK, toLink } from './look-link.ts';
import { describeError } from './problems.ts';
import { saveBlob } from './save-blob.ts';

/** Looks on their way in and out. Problems go to the store. */
export interface LookFiles {
  /** Downloads the steps, with the pictures they use, as a recipe. */
  saveLook(): Promise<void>;
  /** Puts a link to this page with the look in it on the clipboard. */
  copyLook(): Promise<void>;
  /** Takes the steps of a recipe file in place of those that there are. */
  openLook(file: Blob): Promise<void>;
  /** The steps, the pictures they use and what was corrected by hand, bound to the photo, as a recipe. */
  writeRecipe(): Promise<string>;
  /** Takes the steps of a recipe, and what was corrected by hand in this photo. Throws what is wrong with it. */
  takeRecipe(recipe: string): Promise<void>;
  /** Takes steps in place of those that there are, with the pictures they use. */
  takeLook(look: LookFile): Promise<void>;
  /** Takes the look that the page's address carries, and takes it out of there. */
  openLinkedLook(): Promise<void>;
}

/** A picture or a font that was chosen, under its id. */
export type TakeAsset = (id: string, file: Blob, fileName: string, kind?: KeptAsset['kind']) => Promise<void>;

export interface LookFilesOptions {
  readonly store: StudioStore;
  readonly effects: WorkerClient<EffectHandlers>;
  /** Files of pictures that were chosen, by their ids. */
  readonly files: ReadonlyMap<string, Blob>;
  readonly takeAsset: TakeAsset;
  readonly toAssetId: () => string;
  /** SHA-256 of the file of the photo on the screen; nothing where there is none or this page cannot know. */
  readonly hashPhoto: () => Promise<string | undefined>;
}

export function createLookFiles(options: LookFilesOptions): LookFiles {
  const { store, effects, files, takeAsset, toAssetId, hashPhoto } = options;
  const { toast } = store.getState();

  const write = async (
    steps: readonly Omit<Step, 'id'>[],
    { pictures, edits }: Pick<LookFile, 'pictures' | 'edits'>,
  ): Promise<string> => {
    const plain = steps.map(({ effect, on, params, assets, enabled, opacity }) => {
      return { effect, on, params, assets, enabled, opacity };
    });
    return effects.call('writeLook', { steps: plain, pictures, edits });
  };

  /** The corrections by hand of a recipe that are of this photo. */
  const takeEdits = async ({ edits }: LookFile): Promise<readonly Correction[] | undefined> => {
    if (edits === undefined) return undefined;
    const { photo } = store.getState();
    const isOfThis = photo !== undefined && (edits.picture === undefined || edits.picture === (await hashPhoto()));
    if (isOfThis) return edits.corrections;
    toast('info', 'What was corrected by hand in another photo was left out.');
    return undefined;
  };

  const apply = async (look: LookFile): Promise<void> => {
    const { steps, pictures } = look;
    const ids = new Map<string, string>();
    for (const [name, file] of Object.entries(pictures)) {
      const id = toAssetId();
      await takeAsset(id, file, name);
      ids.set(name, id);
    }
    const corrections = await takeEdits(look);
    store.getState().applySteps(
      steps.map(({ effect, on, params, assets, enabled, opacity }) => ({
        effect,
        ...(on !== undefined && { on }),
        params: params as Readonly<Record<string, ParamValue>>,
        // A picture that did not come with it is to be chosen again.
        assets: Object.fromEntries(
          Object.entries(assets).flatMap(([asset, name]) => {
            const id = ids.get(name);
            return id === undefined ? [] : [[asset, id] as const];
          }),
        ),
        enabled,
        opacity,
      })),
      corrections,
    );
  };

  const guard = async (what: string, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      toast('error', `${what}: ${describeError(error)}`);
    }
  };

  /** A word on the user's font where steps write in it: it is a file of its own. */
  const aboutFont = (): string => {
    const { history, effects: known, assets } = store.getState();
    const { font, steps } = history.present;
    const writes = steps.some(({ effect }) => known.some(({ name, writes: it }) => it && name === effect));
    return font === undefined || !writes ? '' : ` The font ${assets[font]?.name ?? ''} does not come with it.`;
  };

  const writeRecipe = async (): Promise<string> => {
    const { steps, corrections } = store.getState().history.present;
    const edits = corrections.length > 0 ? { picture: await hashPhoto(), corrections } : undefined;
    return write(steps, { pictures: Object.fromEntries(files), edits });
  };

  return {
    writeRecipe,
    takeLook: apply,
    takeRecipe: async (recipe) => apply(await effects.call('readLook', recipe)),
    saveLook: () =>
      guard('The look was not saved', async () => {
        const { history, photo } = store.getState();
        const isBound = history.present.corrections.length > 0;
        const text = await writeRecipe();
        const name = isBound ? `${photo?.name.replace(/\.[^.]{1,5}$/, '') ?? 'photo'}.focal.json` : 'look.focal.json';
        saveBlob(new Blob([text], { type: 'application/json' }), name);
        const saved = isBound ? `Saved ${name}, with what was corrected by hand in this photo.` : `Saved ${name}.`;
        toast('success', `${saved}${aboutFont()}`);
      }),
    copyLook: () =>
      guard('The link was not copied', async () => {
        const { steps } = toPortable(store.getState().history.present);
        const bare = steps.map((step) => ({ ...step, assets: {} }));
        const link = await toLink(location.href, await write(bare, { pictures: {} }));
        if (link.length > MAX_LINK) {
          throw new FocalError('too-large', 'This look is too long for a link.', { hint: 'Save it as a file.' });
        }
        await navigator.clipboard.writeText(link);
        const isWhole = steps.every(({ assets }) => Object.keys(assets).length === 0);
        const copied = isWhole
          ? 'Link copied.'
          : 'Link copied, without its pictures: save the look to take them along.';
        toast('success', `${copied}${aboutFont()}`);
      }),
    openLook: (file) =>
      guard('That look was not opened', async () => {
        await apply(await effects.call('readLook', await file.text()));
        toast('success', 'The look was opened.');
      }),
    openLinkedLook: () =>
      guard('The look in this link was not opened', async () => {
        if (!location.hash.startsWith(LOOK_LINK)) return;
        const { hash } = location;
        history.replaceState(null, '', location.pathname + location.search);
        await apply(await effects.call('readLook', await fromLink(hash)));
        const hasPhoto = store.getState().photo !== undefined;
        toast(
          'success',
          hasPhoto ? 'The look was applied.' : 'The look is ready: it is applied to the photo you open.',
        );
      }),
  };
}
