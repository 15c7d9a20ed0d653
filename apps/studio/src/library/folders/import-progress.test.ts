import { expect, it } from 'vitest';
import type { LibraryProgress } from '../api/types.ts';
import { describeWork } from './import-progress.ts';

const none = { waiting: 0, running: 0 };
const idle: LibraryProgress = {
  scans: [],
  jobs: { thumbnails: none, scene: none },
  versions: { waiting: 0 },
  faces: { waiting: 0 },
  isPaused: false,
  watching: [],
  assets: 200,
  photos: 200,
  videos: 0,
  trashed: 0,
  damaged: 0,
  bad: 0,
};

it('says what the library does, and nothing where it does nothing', () => {
  expect(describeWork(undefined)).toBeUndefined();
  expect(describeWork(idle)).toBeUndefined();
  const jobs = { thumbnails: { waiting: 48, running: 2 }, scene: { waiting: 200, running: 0 } };
  expect(describeWork({ ...idle, jobs })).toEqual({
    text: 'Making small pictures: 50 left',
    done: 0.75,
    isPaused: false,
  });
  expect(describeWork({ ...idle, jobs: { ...jobs, thumbnails: none }, isPaused: true })).toEqual({
    text: 'Finding who and what is in photos: 200 left',
    done: 0,
    isPaused: true,
  });
  const scans = [{ folderId: 1, isRunning: true, report: { found: 12, added: 7, bad: 0 } }];
  expect(describeWork({ ...idle, jobs, scans })?.text).toBe('Looking through folders: 12 found, 7 new');
});
