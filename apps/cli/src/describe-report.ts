import type { AnonymiseReport } from '@focal/core';

/** What an attack on the result found, in sentences: what is in order in one, what is not one by one. */
export function describeReport({ verdict, careful, entries, warnings }: AnonymiseReport): readonly string[] {
  const faces = entries.length === 1 ? 'one place' : `${entries.length} places`;
  const how = careful ? '' : ', found without looking closely (--fast)';
  const head =
    entries.length === 0
      ? 'Nobody was found to hide.'
      : `${faces} hidden${how}; attacked: ${verdict}${verdict === 'safe' ? ', no face is left to be recognised' : ''}.`;
  const worse = entries.flatMap(({ id, personId, verdict: own, notes }) => {
    const name = personId === undefined || personId === id ? id : `${id} of ${personId}`;
    return [...(own === 'safe' ? [] : [`${name}: ${own}.`]), ...notes.map((note) => `${name}: ${note}`)];
  });
  return [head, ...worse, ...warnings];
}
