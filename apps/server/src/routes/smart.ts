import {
  assertMood,
  chooseLook,
  createDefaultRules,
  FocalError,
  parseRules,
  type Rules,
  SMART_FACTS,
  wordsOfName,
} from '@focal/core';
import type { SmartEditOptions } from 'focal';
import { Hono } from 'hono';
import { parsePictureEncoding } from '../edit-options.ts';
import { toHeaderText } from '../headers.ts';
import { createOptionReader, type OptionReader } from '../option-reader.ts';
import { toChoice, toNumber } from '../option-values.ts';
import { toEditResponse } from './effects.ts';
import { onlyPost } from './only-post.ts';
import { answerPicture, type PictureRoutesOptions } from './picture-work.ts';

const OPTIONS = ['seed', 'group', 'mood', 'caption', 'rules', 'answer', 'format', 'quality', 'metadata'] as const;
const ANSWERS = ['picture', 'json'] as const;
const GROUPS = ['most-smiling', 'all'] as const;
const MAX_BACKGROUNDS = 20;
const MAX_RULES_BYTES = 1024 * 1024;

interface SmartChoiceOptions
  extends Pick<SmartEditOptions, 'seed' | 'group' | 'mood' | 'caption' | 'rules' | 'format' | 'quality' | 'metadata'> {
  /** The picture, or the choice alone as JSON. */
  readonly answer: (typeof ANSWERS)[number];
}

/**
 * `POST /v1/smart`: a look that suits what is in the photo. Further files of the form are backgrounds, by the words of
 * their names.
 */
export function smartRoute(options: PictureRoutesOptions): Hono {
  const app = new Hono();
  app.post('/v1/smart', (context) => {
    const reader = createSmartReader(context.req.header('accept'));
    return answerPicture(
      context,
      options,
      reader,
      { otherFiles: MAX_BACKGROUNDS, maxFieldBytes: MAX_RULES_BYTES },
      async ({ image, assets, options: asked, signal }) => {
        const { answer, ...choices } = asked;
        const backgrounds = Object.entries(assets).map(([name, picture]) => ({
          name,
          tags: wordsOfName(name),
          picture,
        }));
        if (answer === 'json') {
          const { scene } = await options.focal.analyseFile(image, SMART_FACTS, { signal });
          return context.json(chooseLook(scene, { ...choices, backgrounds }), 200, { 'cache-control': 'no-store' });
        }
        const edited = await options.focal.smart(image, { ...choices, backgrounds, signal });
        const response = toEditResponse(edited);
        response.headers.set('focal-choice', toHeaderText(edited.choice.because.join(' ')));
        return response;
      },
    );
  });
  onlyPost(app, 'smart', '/v1/smart');
  return app;
}

function createSmartReader(accept: string | undefined): OptionReader<SmartChoiceOptions> {
  return createOptionReader('smart', OPTIONS, (values) => {
    const mood = values.get('mood');
    const caption = values.get('caption');
    const answer = toChoice('answer', ANSWERS, values.get('answer')) ?? 'picture';
    const group = toChoice('group', GROUPS, values.get('group'));
    const seed = toNumber('seed', values.get('seed'), { min: 0, max: 999_999, isWhole: true });
    const own = values.get('rules');
    const rules = own === undefined ? undefined : toRules(own);
    assertMood({ ...(mood !== undefined && { mood }), ...(rules !== undefined && { rules }) });
    return {
      answer,
      ...parsePictureEncoding(values, answer === 'json' ? undefined : accept),
      ...(seed !== undefined && { seed }),
      ...(group !== undefined && { group }),
      ...(mood !== undefined && { mood }),
      ...(caption !== undefined && { caption }),
      ...(rules !== undefined && { rules }),
    };
  });
}

function toRules(text: string): Rules {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (error) {
    throw new FocalError('invalid-argument', 'The rules are no JSON.', {
      hint: 'Rules in YAML are for the command line and the studio.',
      cause: error,
    });
  }
  return parseRules(raw, createDefaultRules());
}
