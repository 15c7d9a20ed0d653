import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findSidecar, parseSidecar } from './takeout.ts';

describe('findSidecar', () => {
  test.each([
    ['a.jpg', 'a.jpg.json'],
    ['a.jpg', 'a.jpg.supplemental-metadata.json'],
    ['a.jpg', 'a.jpg.supplemental-me.json'],
    ['a(1).jpg', 'a.jpg(1).json'],
    ['a(2).jpg', 'a.jpg.supplemental-metadata(2).json'],
    ['a-edited.jpg', 'a.jpg.json'],
    ['a-edited(1).jpg', 'a.jpg(1).json'],
    ['a-bearbeitet.jpg', 'a.jpg.supplemental-metadata.json'],
    ['MVIMG.mp4', 'MVIMG.json'],
    ['a name of a photo that is far longer than 46 signs.jpg', 'a name of a photo that is far longer than 46 s.json'],
  ])('of %s is %s', (name, sidecar) => {
    expect(findSidecar(name, new Set([name, 'other.jpg.json', sidecar]))).toBe(sidecar);
  });

  test('is none of another file', () => {
    expect(findSidecar('a.jpg', new Set(['b.jpg.json', 'a.jpg(1).json', 'a.jpgx.json']))).toBeUndefined();
    expect(findSidecar('a(1).jpg', new Set(['a.jpg.json']))).toBeUndefined();
  });
});

describe('parseSidecar', () => {
  test('reads time, place, caption and favourite', () => {
    const text = JSON.stringify({
      photoTakenTime: { timestamp: '1563100000', formatted: '14.07.2019' },
      geoData: { latitude: 0, longitude: 0, altitude: 0 },
      geoDataExif: { latitude: 47.5, longitude: 8.5, altitude: 400 },
      description: ' At the lake ',
      favorited: true,
    });
    expect(parseSidecar(text)).toEqual({
      takenMs: 1_563_100_000_000,
      latitude: 47.5,
      longitude: 8.5,
      altitude: 400,
      caption: 'At the lake',
      isFavourite: true,
    });
  });

  test('leaves out what is not there, and is nothing of a file of another kind', () => {
    expect(parseSidecar('{"geoData":{"latitude":0,"longitude":0},"description":""}')).toEqual({});
    for (const text of ['', 'no JSON', '[]', '3', '{"photoTakenTime":5}']) expect(parseSidecar(text)).toBeUndefined();
  });

  test('throws at no text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(() => parseSidecar(text)).not.toThrow();
      }),
    );
  });
});
