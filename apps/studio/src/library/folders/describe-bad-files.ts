import type { LibraryProgress } from '../api/types.ts';

type Counts = Pick<LibraryProgress, 'damaged' | 'bad'>;

/** How many files are listed as bad: damaged photos of the library, and what is not in it. */
export function badFilesOf(progress: Counts | undefined): number {
  return progress === undefined ? 0 : progress.damaged + progress.bad;
}

/** The same in words; empty where there are none. */
export function describeBadFiles(progress: Counts | undefined): string {
  if (progress === undefined) return '';
  const { damaged, bad } = progress;
  const photos = damaged === 1 ? 'One item is damaged' : `${damaged.toLocaleString()} items are damaged`;
  const one = damaged > 0 ? 'one' : 'One';
  const files = bad === 1 ? `${one} file could not be read` : `${bad.toLocaleString()} files could not be read`;
  return [...(damaged > 0 ? [photos] : []), ...(bad > 0 ? [files] : [])].join(', ');
}
