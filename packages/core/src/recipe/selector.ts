import { z } from 'zod';
import { FocalError } from '../errors.ts';
import type { Fact } from '../scene/scene.ts';

const id = z.string().regex(/^[a-z0-9][a-z0-9 _-]{0,62}$/i);
const fraction = z.number().min(0).max(1);

/**
 * Whom or what a step acts on, by role, so that the same look suits any picture. Only `subject`, `subjects`, `except` and
 * `at` are bound to one picture.
 *
 * - `everything`: the whole picture
 * - `main`, `background`: the subject that the matte shows, whatever it is, and what is not
 * - `everyone`: all people; `things`: what is no person, of one label where that is given
 * - `largest`: of people and things the one that covers most; `most-smiling`: the person whose face smiles most
 * - `subject`: one of the scene's, such as `person-2`; `subjects`: several; `except`: all people but these
 * - `at`: what is at this point, in fractions of the upright picture
 * - `faces`: all faces; `unknown-faces`: those that are none of the known people's
 */
export const selectorSchema = z.discriminatedUnion('role', [
  z.strictObject({ role: z.literal('everything') }),
  z.strictObject({ role: z.literal('main') }),
  z.strictObject({ role: z.literal('background') }),
  z.strictObject({ role: z.literal('everyone') }),
  z.strictObject({ role: z.literal('things'), label: id.optional() }),
  z.strictObject({ role: z.literal('largest') }),
  z.strictObject({ role: z.literal('most-smiling') }),
  z.strictObject({ role: z.literal('subject'), id }),
  z.strictObject({ role: z.literal('subjects'), ids: z.array(id).min(1).max(100) }),
  z.strictObject({ role: z.literal('except'), ids: z.array(id).min(1).max(100) }),
  z.strictObject({ role: z.literal('at'), x: fraction, y: fraction }),
  z.strictObject({ role: z.literal('faces') }),
  z.strictObject({ role: z.literal('unknown-faces') }),
]);

export type Selector = z.output<typeof selectorSchema>;

/** A selector as people write it: as data, or in its short form. */
export const anySelector = z.union([
  selectorSchema,
  z.string().max(10_000).transform(parseSelector).pipe(selectorSchema),
]);

/** The roles that need no more than their name. */
const PLAIN: ReadonlySet<string> = new Set([
  'everything',
  'main',
  'background',
  'everyone',
  'things',
  'largest',
  'most-smiling',
  'faces',
  'unknown-faces',
]);

/** The facts that tell who is selected. */
export function selectorNeeds(selector: Selector): readonly Fact[] {
  switch (selector.role) {
    case 'everything':
      return [];
    case 'main':
    case 'background':
      return ['matte'];
    case 'everyone':
    case 'things':
    case 'largest':
    case 'subject':
    case 'subjects':
    case 'except':
      return ['subjects'];
    case 'at':
      return ['subjects', 'matte'];
    case 'most-smiling':
      return ['subjects', 'expressions'];
    case 'faces':
      return ['faces'];
    case 'unknown-faces':
      return ['faces', 'identities'];
  }
}

/** Whether the selector means something in any picture. */
export function isPortable(selector: Selector): boolean {
  return !['subject', 'subjects', 'except', 'at'].includes(selector.role);
}

/**
 * A selector in its short form, as commands and queries have it: a role's name, `things:dog`, `person-2`,
 * `person-2,dog-1`, `except:person-1,person-3`, `at:0.4,0.6`. Throws `invalid-argument` with what there is.
 *
 * @example
 * parseSelector('at:0.4,0.6') // { role: 'at', x: 0.4, y: 0.6 }
 */
export function parseSelector(text: string): Selector {
  const [role, rest] = splitOnce(text.trim());
  const result = selectorSchema.safeParse(toRaw(role, rest));
  if (result.success) return result.data;
  throw new FocalError('invalid-argument', `Expected whom the step acts on, got ${JSON.stringify(text)}.`, {
    hint: `Give ${[...PLAIN].join(', ')}, things:dog, person-2 or person-2,dog-1, except:person-1,person-3 or at:0.4,0.6.`,
  });
}

function splitOnce(text: string): readonly [string, string | undefined] {
  const colon = text.indexOf(':');
  return colon < 0 ? [text, undefined] : [text.slice(0, colon), text.slice(colon + 1)];
}

function toRaw(role: string, rest: string | undefined): unknown {
  if (rest === undefined) {
    if (PLAIN.has(role)) return { role };
    const ids = role.split(',').map((each) => each.trim());
    if (!ids.every((each) => /-\d+$/.test(each))) return undefined;
    return ids.length === 1 ? { role: 'subject', id: role } : { role: 'subjects', ids };
  }
  if (role === 'things') return { role, label: rest };
  if (role === 'except') return { role, ids: rest.split(',').map((each) => each.trim()) };
  if (role !== 'at') return undefined;
  const [x, y, ...more] = rest.split(',').map((each) => (each.trim() === '' ? Number.NaN : Number(each)));
  return more.length === 0 ? { role, x, y } : undefined;
}

/** The inverse of {@link parseSelector}; also a key: equal for equal selectors. */
export function formatSelector(selector: Selector): string {
  switch (selector.role) {
    case 'things':
      return selector.label === undefined ? 'things' : `things:${selector.label}`;
    case 'subject':
      return selector.id;
    case 'subjects':
      return selector.ids.join(',');
    case 'except':
      return `except:${selector.ids.join(',')}`;
    case 'at':
      return `at:${selector.x},${selector.y}`;
    default:
      return selector.role;
  }
}
