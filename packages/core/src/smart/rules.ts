import { z } from 'zod';
import { describeIssue } from '../describe-issue.ts';
import { parseParameters } from '../effects/describe.ts';
import { getEffect } from '../effects/index.ts';
import { FocalError } from '../errors.ts';

const RULES_VERSION = 1;
const MAX_RULES = 500;

const word = z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N} _-]{0,39}$/u);
const expressionName = z.enum(['angry', 'disgusted', 'fearful', 'happy', 'neutral', 'sad', 'surprised']);
const count = z.strictObject({ min: z.int().min(0).optional(), max: z.int().min(0).optional() });
const share = z.strictObject({ min: z.number().min(0).max(1).optional(), max: z.number().min(0).max(1).optional() });
const captions = z.array(z.string().min(1).max(500)).max(200);

/** What has to be so in a photo. All that is named has to hold. */
const conditionSchema = z.strictObject({
  people: count.optional(),
  faces: count.optional(),
  /** How much the face that decides smiles, 0..1. */
  smile: share.optional(),
  /** Expressions, one of which the face that decides must show: likelier than all others together. */
  expression: z.array(expressionName).min(1).optional(),
  /** Any of these things is there, by the detector's names, such as `dog`. */
  things: z.array(word).min(1).optional(),
});

const stepSchema = z.strictObject({
  effect: z.string().min(1).max(60),
  on: z.string().max(200).optional(),
  params: z.record(z.string(), z.unknown()).default({}),
  opacity: z.number().min(0).max(1).default(1),
});

/** What a mood looks like: several ways, one of which is drawn by the seed. Words that mean the same mood lead to it. */
const moodSchema = z.strictObject({
  words: z.array(word).max(50).default([]),
  looks: z.array(z.array(stepSchema).min(1).max(20)).min(1).max(50),
});

const ruleSchema = z.strictObject({
  name: z.string().min(1).max(100),
  when: conditionSchema.default({}),
  /** One is drawn by the seed. */
  moods: z.array(word).min(1).max(50),
  /** One is drawn by the seed; none, no caption. */
  captions: captions.default([]),
});

/** Rules of the smart filter as data: the first that holds decides. */
export const rulesSchema = z.strictObject({
  format: z.literal('focal-rules'),
  version: z.literal(RULES_VERSION),
  moods: z.record(word, moodSchema).default({}),
  rules: z.array(ruleSchema).max(MAX_RULES),
});

export type Rules = z.output<typeof rulesSchema>;
export type Rule = Rules['rules'][number];
export type Condition = Rule['when'];

/**
 * Rules out of data, as JSON or YAML gave it, checked down to each effect's parameters. Moods that they use and do not
 * define have to be among `base`. Throws `invalid-argument` saying where and what was expected.
 */
export function parseRules(raw: unknown, base?: Rules): Rules {
  const result = rulesSchema.safeParse(raw);
  if (!result.success) {
    const issue = result.error.issues[0];
    const place = (issue?.path ?? []).map(String).join('.') || 'their top';
    throw new FocalError('invalid-argument', `The rules are not valid at ${place}: ${describeIssue(issue, raw)}.`, {
      hint: 'Rules begin with {"format": "focal-rules", "version": 1, "rules": […]}.',
    });
  }
  const rules = result.data;
  const moods = { ...base?.moods, ...rules.moods };
  for (const [name, mood] of Object.entries(rules.moods)) {
    for (const step of mood.looks.flat()) checkStep(step, `the mood ${name}`);
  }
  for (const rule of rules.rules) {
    const unknown = rule.moods.find((name) => !Object.hasOwn(moods, name));
    if (unknown === undefined) continue;
    throw new FocalError('invalid-argument', `The rule ${rule.name} wants the mood ${unknown}, which is not there.`, {
      hint: `Define it under moods, or take one of ${Object.keys(moods).join(', ')}.`,
    });
  }
  return rules;
}

function checkStep(step: z.output<typeof stepSchema>, where: string): void {
  try {
    parseParameters(getEffect(step.effect), step.params);
  } catch (error) {
    if (!(error instanceof FocalError)) throw error;
    const { code, message, hint } = error;
    throw new FocalError(code, `In ${where}: ${message}`, { ...(hint !== undefined && { hint }), cause: error });
  }
}
