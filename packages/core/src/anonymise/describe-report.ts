import type { AnonymiseReport } from './report.ts';

/**
 * What an attack on the result found on the whole, in a sentence.
 *
 * @example
 * describeVerdict(report) // '4 places hidden; attacked: safe, nobody hidden there is left to be recognised.'
 */
export function describeVerdict({ verdict, careful, entries }: AnonymiseReport): string {
  if (entries.length === 0) return 'Nobody was found to hide.';
  const places = entries.length === 1 ? 'one place' : `${entries.length} places`;
  const how = careful ? '' : ', found without looking closely (fast)';
  return `${places} hidden${how}; attacked: ${verdict}${verdict === 'safe' ? ', nobody hidden there is left to be recognised' : ''}.`;
}
