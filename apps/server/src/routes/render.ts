import { open } from 'node:fs/promises';
import { FocalError, parseRecipe, type Recipe } from '@focal/core';
import { Hono } from 'hono';
import { type EncodeChoice, parsePictureEncoding } from '../edit-options.ts';
import { createOptionReader, type OptionReader } from '../option-reader.ts';
import { toSwitch } from '../option-values.ts';
import { toEditResponse } from './effects.ts';
import { onlyPost } from './only-post.ts';
import { answerPicture, type PictureRoutesOptions } from './picture-work.ts';

/** Its pictures come as files of their own, so a recipe is short. */
const MAX_RECIPE_BYTES = 1024 * 1024;
const MAX_PICTURES = 20;

interface RenderChoice extends EncodeChoice {
  /** Absent where it comes as a file. */
  readonly recipe?: Recipe;
  readonly lenient?: boolean;
}

/** `POST /v1/render`: a recipe over a photo. */
export function renderRoute(options: PictureRoutesOptions): Hono {
  const app = new Hono();
  app.post('/v1/render', (context) => {
    const reader = createRenderReader(context.req.header('accept'));
    const files = { otherFiles: MAX_PICTURES, maxFieldBytes: MAX_RECIPE_BYTES };
    return answerPicture(context, options, reader, files, async ({ image, assets: all, options: choice, signal }) => {
      const { recipe: file, ...assets } = all;
      const { recipe: field, ...rest } = choice;
      const recipe = field ?? (file === undefined ? undefined : await readRecipe(file));
      if (recipe === undefined) {
        throw new FocalError('invalid-argument', 'Expected a recipe, got none.', {
          hint: 'Send it as the form field "recipe": JSON, as text or as a file.',
        });
      }
      return toEditResponse(await options.focal.edit(image, recipe, { ...rest, assets, signal }));
    });
  });
  onlyPost(app, 'render', '/v1/render');
  return app;
}

function createRenderReader(accept: string | undefined): OptionReader<RenderChoice> {
  return createOptionReader('render', ['recipe', 'lenient', 'format', 'quality', 'metadata'], (values) => {
    const text = values.get('recipe');
    const lenient = toSwitch('lenient', values.get('lenient'));
    return {
      ...parsePictureEncoding(values, accept),
      ...(text !== undefined && { recipe: parseRecipe(text) }),
      ...(lenient !== undefined && { lenient }),
    };
  });
}

async function readRecipe(path: string): Promise<Recipe> {
  await using file = await open(path);
  const { size } = await file.stat();
  if (size > MAX_RECIPE_BYTES) {
    throw new FocalError('too-large', `Expected a recipe of at most 1 MB, got ${(size / 2 ** 20).toFixed(1)} MB.`, {
      hint: 'Send its pictures as files of the form, by their names.',
    });
  }
  return parseRecipe(await file.readFile('utf8'));
}
