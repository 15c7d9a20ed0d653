import { expect, it } from 'vitest';
import { toFileProblem } from './file-problem.ts';

it('names what a file holds that does not play', () => {
  const { title, text } = toFileProblem('holiday.mp4', { container: 'MP4', codec: 'HEVC (H.265)' });
  expect(title).toBe('“holiday.mp4” does not play here.');
  expect(text).toContain('MP4 with HEVC (H.265), which this browser does not play. Turn it into H.264');
});

it('tells sound without pictures, and what is no video, apart', () => {
  expect(toFileProblem('song.mp4', { container: 'MP4' }).text).toContain('without pictures');
  expect(toFileProblem('letter.mp4', {}).text).toContain('no video file');
});
