import { library } from './001-library.ts';
import { people } from './002-people.ts';
import { find } from './003-find.ts';
import { store } from './004-store.ts';
import { sharing } from './005-sharing.ts';
import { versions } from './006-versions.ts';
import { covering } from './007-covering.ts';
import { frames } from './008-frames.ts';

export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
}

/** In order, without gaps. One that was released is never changed: databases remember its text. */
export const migrations: readonly Migration[] = [
  { number: 1, name: 'library', sql: library },
  { number: 2, name: 'people', sql: people },
  { number: 3, name: 'find', sql: find },
  { number: 4, name: 'store', sql: store },
  { number: 5, name: 'sharing', sql: sharing },
  { number: 6, name: 'versions', sql: versions },
  { number: 7, name: 'covering', sql: covering },
  { number: 8, name: 'frames', sql: frames },
];
