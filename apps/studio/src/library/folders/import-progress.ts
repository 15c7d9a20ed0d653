import type { LibraryProgress } from '../api/types.ts';

/** What the library is busy with. */
export interface ImportWork {
  readonly text: string;
  /** 0..1; undefined where it is not known how much there is. */
  readonly done: number | undefined;
  readonly isPaused: boolean;
}

/** Whether small pictures are being made: those that are missing may come. */
export function isMakingThumbnails({ progress }: { readonly progress: LibraryProgress | undefined }): boolean {
  const jobs = progress?.jobs.thumbnails;
  return jobs !== undefined && progress?.isPaused === false && jobs.waiting + jobs.running > 0;
}

/** What is being done to the library, the first thing first; undefined where nothing is. */
export function describeWork(progress: LibraryProgress | undefined): ImportWork | undefined {
  if (progress === undefined) return undefined;
  const { scans, jobs, isPaused, assets } = progress;
  const left = (job: { readonly waiting: number; readonly running: number }): number => job.waiting + job.running;
  const scan = scans.find(({ isRunning }) => isRunning) ?? scans[0];
  if (scan !== undefined) {
    const { found = 0, added = 0 } = scan.report ?? {};
    const text = `Looking through folders: ${found.toLocaleString()} found, ${added.toLocaleString()} new`;
    return { text, done: undefined, isPaused };
  }
  const kind = left(jobs.thumbnails) > 0 ? 'thumbnails' : 'scene';
  const open = left(jobs[kind]);
  if (open === 0) return undefined;
  const what = kind === 'thumbnails' ? 'Making small pictures' : 'Finding who and what is in photos';
  return {
    text: `${what}: ${open.toLocaleString()} left`,
    done: assets > 0 ? Math.max(0, 1 - open / Math.max(open, assets)) : undefined,
    isPaused,
  };
}
