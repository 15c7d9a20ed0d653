import { createRecipe, FocalError, type Recipe } from '@focal/core';
import { Hono } from 'hono';
import { createOptionReader, type OptionReader } from '../option-reader.ts';
import { toEditResponse } from './effects.ts';
import { onlyPost } from './only-post.ts';
import { answerPicture, type PictureRoutesOptions } from './picture-work.ts';

/** What FocalPoint's clients can ask for, as recipes. */
const RECIPES: Readonly<Record<string, () => Recipe>> = {
  remove_bg: () => createRecipe([{ effect: 'cutout' }]),
  bokeh: () => createRecipe([{ effect: 'bokeh' }]),
  anonymize: () => createRecipe([{ effect: 'anonymize', params: { hide: 'people', style: 'mosaic' } }]),
};

const WELCOME = 'Focal is running. All that it does over HTTP is described at /docs.';

/**
 * `POST /segment/` as clients of FocalPoint AI call it: a form with `effect` and `file` in, a PNG out; and `GET /`, which
 * they ask whether the server is there, for whoever does not want a page.
 */
export function segmentRoute(options: PictureRoutesOptions): Hono {
  const app = new Hono();
  app.on('POST', ['/segment', '/segment/'], (context) =>
    answerPicture(context, options, createReader(), { photoName: 'file' }, async ({ image, options: recipe, signal }) =>
      toEditResponse(await options.focal.edit(image, recipe, { format: 'png', signal })),
    ),
  );
  onlyPost(app, 'segment', '/segment', '/segment/');
  app.get('/', async (context, next) => {
    const accept = context.req.header('accept');
    // Browsers' own requests for the page, such as those that keep it for use offline, accept anything.
    const isBrowser = context.req.header('sec-fetch-mode') !== undefined;
    if (accept === undefined || isBrowser || accept.includes('text/html')) return next();
    return context.json({ message: WELCOME }, 200, { vary: 'accept' });
  });
  return app;
}

function createReader(): OptionReader<Recipe> {
  return createOptionReader('segment', ['effect'], (values, assetNames) => {
    const effect = values.get('effect');
    const recipe = effect !== undefined && Object.hasOwn(RECIPES, effect) ? RECIPES[effect] : undefined;
    if (recipe !== undefined) return recipe();
    // The query is looked at before the form has come.
    if (effect === undefined && assetNames === undefined) return createRecipe([]);
    throw new FocalError(
      'invalid-argument',
      `Expected an effect, got ${effect === undefined ? 'none' : JSON.stringify(effect)}.`,
      {
        hint: `Send one of ${Object.keys(RECIPES).join(', ')} as the form field "effect".`,
      },
    );
  });
}
