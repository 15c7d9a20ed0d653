import { type AnonymiseReport, describeVerdict } from '@focal/core';

/** What an attack on the result found, in sentences: what is in order in one, what is not one by one. */
export function describeReport(report: AnonymiseReport): readonly string[] {
  const { entries, warnings } = report;
  const worse = entries.flatMap(({ id, personId, verdict: own, notes }) => {
    const name = personId === undefined || personId === id ? id : `${id} of ${personId}`;
    return [...(own === 'safe' ? [] : [`${name}: ${own}.`]), ...notes.map((note) => `${name}: ${note}`)];
  });
  return [describeVerdict(report), ...worse, ...warnings];
}
