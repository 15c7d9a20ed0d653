import type { Box } from '@focal/core';
import { describe, expect, it } from 'vitest';
import { completeTracks, reportTracks } from './complete-tracks.ts';
import type { FacePlace, FaceTrack } from './face-track.ts';

const boxAt = (x: number, size = 0.1): Box => ({ x, y: 0.4, width: size, height: size });
const found = (x: number, size?: number): FacePlace => ({
  box: boxAt(x, size),
  rollDegrees: 0,
  score: 0.9,
  basis: 'found',
});

function track(first: number, places: readonly (FacePlace | undefined)[], more: Partial<FaceTrack> = {}): FaceTrack {
  return { id: 'face-1', first, places, endsAtCut: false, startsAtCut: false, ...more };
}

const OPTIONS = { frames: 60, frameRate: 20 };
const centre = (place: FacePlace | undefined): number =>
  place === undefined ? Number.NaN : place.box.x + place.box.width / 2;

describe('completeTracks', () => {
  it('lays places between those that were seen', () => {
    const [made] = completeTracks([track(10, [found(0.1), undefined, undefined, undefined, found(0.18)])], OPTIONS);
    const at = (frame: number) => made?.places[frame - (made?.first ?? 0)];
    expect(at(12)?.basis).toBe('between');
    expect(centre(at(12))).toBeCloseTo(0.19, 2);
    expect(made?.places.every((place) => place !== undefined)).toBe(true);
  });

  it('prolongs both ends, onwards in their direction, within the video', () => {
    const moving = Array.from({ length: 10 }, (_, i) => found(0.1 + 0.01 * i));
    const [made] = completeTracks([track(20, moving)], OPTIONS);
    expect(made?.first).toBe(14);
    expect(made?.places).toHaveLength(22);
    expect(made?.places[0]?.basis).toBe('beyond');
    expect(centre(made?.places[0])).toBeLessThan(0.15);
    expect(centre(made?.places.at(-1))).toBeGreaterThan(0.24);
    const [whole] = completeTracks([track(0, moving)], { frames: 10, frameRate: 20 });
    expect(whole).toMatchObject({ first: 0 });
    expect(whole?.places).toHaveLength(10);
  });

  it('joins a face that was out of sight for a moment, and covers it meanwhile', () => {
    const made = completeTracks([track(0, [found(0.2), found(0.2)]), track(12, [found(0.24), found(0.24)])], OPTIONS);
    expect(made).toHaveLength(1);
    const bases = made[0]?.places.map((place) => place?.basis);
    expect(bases?.slice(2, 12)).toEqual(Array.from({ length: 10 }, () => 'between'));
  });

  it('joins neither across a change of the scene nor what lies far apart', () => {
    const before = track(0, [found(0.2)], { endsAtCut: true });
    expect(completeTracks([before, track(3, [found(0.2)])], OPTIONS)).toHaveLength(2);
    expect(completeTracks([track(0, [found(0.1)]), track(3, [found(0.8)])], OPTIONS)).toHaveLength(2);
    expect(completeTracks([track(0, [found(0.2)]), track(50, [found(0.2)])], OPTIONS)).toHaveLength(2);
  });

  it('takes the jitter out without ever making a cover smaller than what was seen', () => {
    const jitter = Array.from({ length: 20 }, (_, i) =>
      found(0.3 + (i % 2 === 0 ? 0.004 : -0.004), i % 5 === 0 ? 0.12 : 0.1),
    );
    const [made] = completeTracks([track(10, jitter)], OPTIONS);
    const inner = made?.places.slice(10, 20) ?? [];
    const moves = inner.slice(1).map((place, i) => Math.abs(centre(place) - centre(inner[i])));
    expect(Math.max(...moves)).toBeLessThan(0.006);
    for (const place of inner) expect(place?.box.width).toBeGreaterThanOrEqual(0.1);
  });
});

describe('reportTracks', () => {
  it('names the longest runs without a detection first', () => {
    const gap = [found(0.2), undefined, undefined, undefined, found(0.2)];
    const tracks = completeTracks([track(10, gap), track(10, [found(0.7), undefined, found(0.7)])], OPTIONS);
    const report = reportTracks(
      tracks,
      Array.from({ length: 60 }, (_, i) => i / 20),
    );
    expect(report.tracks).toHaveLength(2);
    expect(report.weakest).toMatchObject([
      { frames: 3, basis: 'between', from: 0.55, to: 0.65 },
      { frames: 1, basis: 'between' },
    ]);
    expect(report.tracks[0]?.bases).toMatchObject({ found: 2, between: 3, beyond: 12 });
    expect(report.coveredFrames).toBe(17);
  });
});
