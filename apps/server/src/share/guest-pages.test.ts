import { expect, test } from 'vitest';
import { renderAlbum } from './guest-pages.ts';

const page = { path: '/s/x', name: 'Party', total: 3, videos: 0, leftOut: 0, offset: 0, expiresAt: 0 };
const photo = { width: 3, height: 2, isVideo: false };

test('photos whose faces are being covered say so, as do those where that failed', () => {
  const html = renderAlbum({
    ...page,
    photos: [
      { ...photo, key: 'a', state: 'ready' },
      { ...photo, key: 'b', state: 'waiting' },
      { ...photo, key: 'c', state: 'failed' },
    ],
  });
  const words = [...html.matchAll(/data-key="(\w)"[\s\S]*?<\/li>/g)].map(([item, key]) => [
    key,
    /<span class="words"[^>]*>(.*?)<\/span>/.exec(item)?.[1],
  ]);
  expect(words).toEqual([
    ['a', undefined],
    ['b', 'Faces are being covered …'],
    ['c', 'Faces could not be covered, so this photo is not shown.'],
  ]);
});
