import { parseLookSettings } from '@focal/core';
import { describe, expect, it } from 'vitest';
import { parseTimeline, playTimeline, type Timeline } from './timeline.ts';

const of = (keyframes: unknown, more: object = {}): unknown => ({
  format: 'focal-timeline',
  version: 1,
  ...more,
  keyframes,
});

describe('parseTimeline', () => {
  it('reads locks, releases and settings', () => {
    const raw = of([
      { t: 0.5, lock: { x: 0.4, y: 0.6 } },
      { t: 2, look: { radius: 0.05 } },
      { t: 3, release: true },
    ]);
    expect(parseTimeline(JSON.parse(JSON.stringify(raw)))).toEqual(raw);
  });

  it.each([
    ['nothing', undefined],
    ['another format', { format: 'focal-recipe', version: 1, keyframes: [] }],
    ['a point outside', of([{ t: 0, lock: { x: 1.2, y: 0.5 } }])],
    ['a keyframe of two kinds', of([{ t: 0, release: true, lock: { x: 0.5, y: 0.5 } }])],
    ['a setting that there is not', of([{ t: 0, look: { brightness: 1 } }])],
    ['a setting out of range', of([], { look: { radius: 2 } })],
    ['a time that is none', of([{ t: 'soon', release: true }])],
  ])('refuses %s', (_, raw) => {
    expect(() => parseTimeline(raw)).toThrow(expect.objectContaining({ code: 'invalid-argument' }));
  });

  it('says that a timeline is newer', () => {
    expect(() => parseTimeline({ format: 'focal-timeline', version: 2, keyframes: [] })).toThrow(/version 2/);
  });
});

describe('playTimeline', () => {
  const timeline = of(
    [
      { t: 2, look: { radius: 0.05 } },
      { t: 0.5, lock: { x: 0.4, y: 0.6 } },
      { t: 2, release: true },
    ],
    { look: { radius: 0.03, falloff: 0.2 } },
  ) as Timeline;

  it('gives what is due once and in order, whatever the order in the file', () => {
    const player = playTimeline(timeline);
    expect(player.due(0.4)).toEqual([]);
    expect(player.due(0.49999)).toEqual([{ t: 0.5, lock: { x: 0.4, y: 0.6 } }]);
    expect(player.due(0.6)).toEqual([]);
    expect(player.due(10)).toEqual([
      { t: 2, look: { radius: 0.05 } },
      { t: 2, release: true },
    ]);
  });

  it('changes only the settings that a keyframe names', () => {
    const player = playTimeline(timeline);
    expect(player.look).toMatchObject({ radius: 0.03, falloff: 0.2, pullMs: 400 });
    player.due(5);
    expect(player.look).toMatchObject({ radius: 0.05, falloff: 0.2, pullMs: 400 });
  });

  it('lets settings from outside hold throughout', () => {
    const player = playTimeline(timeline, { radius: 0.01 });
    player.due(5);
    expect(player.look).toMatchObject({ radius: 0.01, falloff: 0.2 });
  });
});

describe('parseLookSettings', () => {
  it('adds no defaults', () => {
    expect(parseLookSettings({ radius: 0.04 })).toEqual({ radius: 0.04 });
    expect(parseLookSettings(undefined)).toEqual({});
  });

  it('names the setting that is wrong', () => {
    expect(() => parseLookSettings({ radius: 9 })).toThrow(/radius/);
    expect(() => parseLookSettings({ blurriness: 1 })).toThrow(/blurriness/);
  });
});
