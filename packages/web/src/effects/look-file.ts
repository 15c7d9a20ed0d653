import {
  createRecipe,
  type Edits,
  formatSelector,
  parseRecipe,
  parseSelector,
  RECIPE_VERSION,
  type Recipe,
} from '@focal/core';
import type { LookCorrection, LookEdits, LookFile } from './types.ts';

/** A look out of the text of a recipe file. Throws as `parseRecipe`. */
export function readLook(text: string): LookFile {
  const { look, edits, pictures = {} } = parseRecipe(text);
  const { name, steps } = look;
  return {
    ...(name !== undefined && { name }),
    ...(edits !== undefined &&
      edits.corrections.length > 0 && {
        edits: {
          picture: edits.picture,
          corrections: edits.corrections.map((each) => ({ ...each, on: formatSelector(each.on) }) as LookCorrection),
        },
      }),
    steps: toLookSteps(steps),
    pictures: Object.fromEntries(
      Object.entries(pictures).map(([id, { base64 }]) => [id, new Blob([fromBase64(base64)])] as const),
    ),
  };
}

/** A recipe's steps, whom they act on in short form. */
export function toLookSteps(steps: Recipe['look']['steps']): LookFile['steps'] {
  return steps.map(({ on, ...step }) => ({ ...step, ...(on !== undefined && { on: formatSelector(on) }) }));
}

/** The text of a recipe file, checked. */
export async function writeLook({ name, steps, pictures, edits }: LookFile): Promise<string> {
  const used = new Set(steps.flatMap(({ assets }) => Object.values(assets)));
  const files = Object.entries(pictures).filter(([id]) => used.has(id));
  const checked = createRecipe(
    steps.map(({ on, params, assets, ...step }) => ({
      ...step,
      params: { ...params },
      assets: { ...assets },
      ...(on !== undefined && { on: parseSelector(on) }),
    })),
  );
  const recipe: Recipe = {
    ...checked,
    look: { ...(name !== undefined && { name }), steps: checked.look.steps },
    ...(edits !== undefined && edits.corrections.length > 0 && { edits: parseEdits(edits) }),
    ...(files.length > 0 && {
      pictures: Object.fromEntries(
        await Promise.all(files.map(async ([id, file]) => [id, { base64: await toBase64(file) }] as const)),
      ),
    }),
  };
  return JSON.stringify(recipe);
}

/** Throws `invalid-argument` where there is something in them that a recipe does not take. */
export function parseEdits({ picture, corrections }: LookEdits): Edits {
  const { edits } = parseRecipe({
    format: 'focal-recipe',
    version: RECIPE_VERSION,
    look: { steps: [] },
    edits: { ...(picture !== undefined && { picture }), corrections },
  });
  return edits ?? { corrections: [] };
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
}

/** In blocks: a call takes only so many arguments. */
async function toBase64(file: Blob): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = '';
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(text);
}
