import { FocalError } from '@focal/core';
import type { PeoplePage, Person } from '@focal/library';
import type { LibraryClient } from './library-client.ts';

/** A person by id or by name, in upper or lower case. Throws `not-found`, and `invalid-argument` where several have it. */
export async function findPerson(client: LibraryClient, wanted: string): Promise<Person> {
  if (/^\d+$/.test(wanted)) return client.ask<Person>('GET', `/v1/library/people/${wanted}`);
  const found: Person[] = [];
  for (const hidden of ['false', 'true']) {
    const query = new URLSearchParams({ name: wanted, named: 'true', hidden, limit: '1000' });
    found.push(...(await client.ask<PeoplePage>('GET', `/v1/library/people?${query.toString()}`)).people);
  }
  const lower = wanted.toLowerCase();
  const same = found.filter((each) => each.name.toLowerCase() === lower);
  const [person, ...others] = same.length > 0 ? same : found;
  if (person === undefined) {
    throw new FocalError('not-found', `There is nobody by the name of ${JSON.stringify(wanted)}.`, {
      hint: 'Names and ids: focal people list',
    });
  }
  if (others.length === 0) return person;
  const ids = [person, ...others].map((each) => `${each.name} (${each.id})`);
  throw new FocalError('invalid-argument', `${JSON.stringify(wanted)} may be ${ids.join(', ')}.`, {
    hint: 'Give the id.',
  });
}

/** The same, but by the whole name only: for whom a slip would show. */
export async function findNamed(client: LibraryClient, wanted: string): Promise<Person> {
  const person = await findPerson(client, wanted);
  if (/^\d+$/.test(wanted) || person.name.toLowerCase() === wanted.toLowerCase()) return person;
  throw new FocalError('not-found', `There is nobody by the name of ${JSON.stringify(wanted)}.`, {
    hint: `If you mean ${person.name}, give the whole name.`,
  });
}
