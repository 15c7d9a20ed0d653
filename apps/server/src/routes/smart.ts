import { FocalError, wordsOfName } from '@focal/core';
import type { SmartEditOptions } from 'focal';
import { Hono } from 'hono';
import { parseEncoding } from '../edit-options.ts';
import { toHeaderText } from '../headers.ts';
import { createOptionReader, type OptionReader } from '../option-reader.ts';
import { Refusal } from '../problems.ts';
import { toEditResponse } from './effects.ts';
import { answerPicture, type PictureRoutesOptions } from './picture-work.ts';

const OPTIONS = ['seed', 'group', 'mood', 'caption', 'answer', 'format', 'quality'] as const;
const MAX_BACKGROUNDS = 20;
const MAX_FIELD_BYTES = 4096;

interface SmartChoiceOptions
  extends Pick<SmartEditOptions, 'seed' | 'group' | 'mood' | 'caption' | 'format' | 'quality'> {
  /** The picture, or the choice alone as JSON. */
  readonly answer: 'picture' | 'json';
}

/**
 * `POST /v1/smart`: a look that suits what is in the photo. Further files of the form are backgrounds, by the words of
 * their names.
 */
export function smartRoute(options: PictureRoutesOptions): Hono {
  const app = new Hono();
  app.post('/v1/smart', (context) => {
    const reader = createSmartReader(context.req.header('accept'));
    const form = { otherFiles: MAX_BACKGROUNDS, maxFieldBytes: MAX_FIELD_BYTES };
    return answerPicture(context, options, reader, form, async ({ image, assets, options: asked, signal }) => {
      const { answer, ...choices } = asked;
      const backgrounds = Object.entries(assets).map(([name, picture]) => ({ name, tags: wordsOfName(name), picture }));
      const edited = await options.focal.smart(image, { ...choices, backgrounds, signal });
      if (answer === 'json') return context.json(edited.choice, 200, { 'cache-control': 'no-store' });
      const response = toEditResponse(edited);
      response.headers.set('focal-choice', toHeaderText(edited.choice.because.join(' ')));
      return response;
    });
  });
  app.all('/v1/smart', () => {
    throw new Refusal('method-not-allowed', 'smart takes pictures by POST.', { headers: { allow: 'POST' } });
  });
  return app;
}

function createSmartReader(accept: string | undefined): OptionReader<SmartChoiceOptions> {
  return createOptionReader('smart', OPTIONS, (values) => {
    const [seed, group, mood, caption] = (['seed', 'group', 'mood', 'caption'] as const).map((name) =>
      values.get(name),
    );
    const answer = values.get('answer') ?? 'picture';
    if (answer !== 'picture' && answer !== 'json') throw expected('picture or json for answer', answer);
    if (group !== undefined && group !== 'most-smiling' && group !== 'all') {
      throw expected('most-smiling or all for group', group);
    }
    return {
      answer,
      ...parseEncoding(values, answer === 'json' ? undefined : accept),
      ...(seed !== undefined && { seed: toSeed(seed) }),
      ...(group !== undefined && { group }),
      ...(mood !== undefined && { mood }),
      ...(caption !== undefined && { caption }),
    };
  });
}

function toSeed(text: string): number {
  const seed = text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isInteger(seed) && seed >= 0 && seed <= 999_999) return seed;
  throw expected('a whole number from 0 to 999999 for seed', text);
}

function expected(what: string, got: string): FocalError {
  return new FocalError('invalid-argument', `Expected ${what}, got ${JSON.stringify(got.slice(0, 60))}.`);
}
