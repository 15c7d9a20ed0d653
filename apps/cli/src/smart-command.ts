import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createDefaultRules, FocalError, parseRules, type Rules, wordsOfName } from '@focal/core';
import type { OwnBackground, SmartEditOptions } from 'focal';
import { parse as parseYaml } from 'yaml';
import { assertFiles } from './edit-command.ts';
import type { ExitCode } from './exit-codes.ts';
import { isPictureName } from './inputs.ts';
import { toReadError } from './read-error.ts';
import { runBatch } from './run-batch.ts';
import type { SmartRequest } from './smart-program.ts';

const MAX_RULES_BYTES = 1024 * 1024;
/** Says for names of files which words they stand for: `{"IMG_1.jpg": ["beach", "sea"]}`. */
const TAGS_FILE = 'tags.json';

/** `focal smart`: a look that suits what is in each picture. */
export async function runSmart(request: SmartRequest): Promise<ExitCode> {
  const { seed, group, mood, caption, quality, metadata, font } = request;
  await assertFiles(font === undefined ? {} : { font });
  const rules = request.rules === undefined ? undefined : await readRules(request.rules);
  const backgrounds = request.backgrounds === undefined ? [] : await readBackgrounds(request.backgrounds);
  const choices: SmartEditOptions = {
    group,
    backgrounds,
    ...(mood === undefined ? {} : { mood }),
    ...(caption === undefined ? {} : { caption }),
    ...(rules === undefined ? {} : { rules }),
    ...(font === undefined ? {} : { font: resolve(font) }),
    metadata,
    ...(quality === undefined ? {} : { quality }),
  };
  return runBatch(request, {
    work: {
      async apply(focal, input, options) {
        const edited = await focal.smart(input, { ...choices, seed, ...options });
        const { recipe, because, ...rest } = edited.choice;
        return { edited, text: because, json: { choice: { ...rest, because, recipe } } };
      },
    },
    rules: { suffix: 'smart', lossless: false },
  });
}

/** Rules as JSON or YAML, which knows all JSON. */
async function readRules(path: string): Promise<Rules> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw toReadError(error, 'file of rules', path);
  });
  if (bytes.length > MAX_RULES_BYTES) throw new FocalError('too-large', `The rules ${path} have more than 1 MB.`);
  let raw: unknown;
  try {
    // No aliases: a short file could stand for a huge one.
    raw = parseYaml(bytes.toString('utf8'), { maxAliasCount: 0 });
  } catch (error) {
    const detail = error instanceof Error ? (error.message.split('\n')[0] ?? '') : '';
    throw new FocalError('invalid-argument', `The rules ${path} are no YAML or JSON: ${detail}`, { cause: error });
  }
  return parseRules(raw, createDefaultRules());
}

/** The pictures of a folder, with the words of their names, or those that its tags.json says. */
async function readBackgrounds(folder: string): Promise<readonly OwnBackground[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    throw toReadError(error, 'folder', folder);
  });
  const tags = names.includes(TAGS_FILE) ? readTags(await readFile(join(folder, TAGS_FILE), 'utf8')) : {};
  const pictures = names.filter(isPictureName).sort();
  if (pictures.length === 0) throw new FocalError('not-found', `There are no pictures in the folder ${folder}.`);
  return pictures.map((name) => ({
    name,
    tags: tags[name] ?? wordsOfName(name),
    picture: resolve(folder, name),
  }));
}

function readTags(text: string): Readonly<Record<string, readonly string[]>> {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (error) {
    throw new FocalError('invalid-argument', `${TAGS_FILE} is no JSON.`, { cause: error });
  }
  const isTags = (value: unknown): value is readonly string[] =>
    Array.isArray(value) && value.every((each) => typeof each === 'string');
  if (typeof raw === 'object' && raw !== null && Object.values(raw).every(isTags)) {
    return raw as Readonly<Record<string, readonly string[]>>;
  }
  throw new FocalError('invalid-argument', `Expected lists of words by names of files in ${TAGS_FILE}.`, {
    hint: '{"IMG_1.jpg": ["beach", "sea"]}',
  });
}
