import { describe, expect, it } from 'vitest';
import { boxIou } from '../scene/geometry.ts';
import { createCorrelationTracker } from './correlation/correlation-tracker.ts';
import { boxOf, type DrawnSubject, drawFrame } from './fixtures/drawn-clip.ts';
import { drawFeatures } from './fixtures/drawn-features.ts';
import { createFocusSession, type FocusSession, type FocusState } from './focus-session.ts';

const ACTOR: DrawnSubject = { x: 80, y: 120, width: 48, height: 64, look: 5 };

function at(frame: number): DrawnSubject {
  return { ...ACTOR, x: ACTOR.x + frame * 2 };
}

async function lockOn(actor: DrawnSubject): Promise<FocusSession> {
  const session = createFocusSession(createCorrelationTracker());
  await session.lock({ picture: drawFrame([actor]) }, boxOf(actor), 'box');
  return session;
}

describe('a focus session', () => {
  it('is idle until it is given a subject, and again when that is released', async () => {
    const session = createFocusSession(createCorrelationTracker());
    expect(session.view).toEqual({ state: 'idle', confidence: 0 });
    expect((await session.step({ picture: drawFrame([ACTOR]) })).state).toBe('idle');
    await session.lock({ picture: drawFrame([ACTOR]) }, boxOf(ACTOR), 'dog');
    expect(session.view).toMatchObject({ state: 'locked', label: 'dog', confidence: 1, box: boxOf(ACTOR) });
    expect(session.release()).toEqual({ state: 'idle', confidence: 0 });
    expect((await session.step({ picture: drawFrame([ACTOR]) })).state).toBe('idle');
  });

  it('stays on what moves', async () => {
    const session = await lockOn(ACTOR);
    for (let frame = 1; frame <= 20; frame++) {
      const view = await session.step({ picture: drawFrame([at(frame)]) });
      expect(view.state).toBe('locked');
      expect(boxIou(view.box ?? boxOf(ACTOR), boxOf(at(frame)))).toBeGreaterThan(0.6);
    }
  });

  it('calls a subject lost within ten frames, shows no box then, and takes it up where it comes back', async () => {
    const session = await lockOn(ACTOR);
    for (let frame = 1; frame <= 8; frame++) await session.step({ picture: drawFrame([at(frame)]) });
    const states: FocusState[] = [];
    for (let frame = 0; frame < 14; frame++) states.push((await session.step({ picture: drawFrame([]) })).state);
    expect(states.indexOf('searching')).toBeLessThan(4);
    expect(states.indexOf('lost')).toBeLessThan(10);
    expect(states.slice(states.indexOf('lost'))).not.toContain('locked');
    expect(session.view.box).toBeUndefined();
    const back = { ...ACTOR, x: 240, y: 90 };
    let view = session.view;
    for (let frame = 0; frame < 24 && view.state !== 'locked'; frame++) {
      view = await session.step({ picture: drawFrame([back]) });
    }
    expect(view.state).toBe('locked');
    expect(boxIou(view.box ?? boxOf(ACTOR), boxOf(back))).toBeGreaterThan(0.4);
  });

  it('takes up what a detector finds again, but nobody who looks different', async () => {
    const session = await lockOn(ACTOR);
    for (let frame = 0; frame < 12; frame++) await session.step({ picture: drawFrame([]) });
    expect(session.view.state).toBe('lost');
    const stranger = { ...ACTOR, x: 230, look: 17 };
    for (let frame = 0; frame < 12; frame++) {
      const detections = [{ box: boxOf(stranger), label: 'box' }];
      expect((await session.step({ picture: drawFrame([stranger]), detections })).state).toBe('lost');
    }
    const back = { ...ACTOR, x: 120, y: 70 };
    for (let frame = 0; frame < 4; frame++) {
      const detections = [stranger, back].map((each) => ({ box: boxOf(each), label: 'box' }));
      await session.step({ picture: drawFrame([stranger, back]), detections });
    }
    expect(session.view.state).toBe('locked');
    expect(boxIou(session.view.box ?? boxOf(ACTOR), boxOf(back))).toBeGreaterThan(0.5);
  });

  it('believes what the net of a detector sees more than a tracker that stays on the ground', async () => {
    const stuck = { ...createCorrelationTracker(), step: async () => ({ box: boxOf(ACTOR), confidence: 1 }) };
    const session = createFocusSession(stuck);
    const seen = (actors: readonly DrawnSubject[]) => ({
      picture: drawFrame([ACTOR]),
      detections: [],
      features: drawFeatures(actors),
    });
    await session.lock(seen([ACTOR]), boxOf(ACTOR));
    for (let frame = 0; frame < 4; frame++) expect((await session.step(seen([ACTOR]))).state).toBe('locked');
    // Alone, but of no kind that the detector knows.
    expect(session.wantsSight).toBe('usual');
    const states: FocusState[] = [];
    for (let frame = 0; frame < 10; frame++) states.push((await session.step(seen([]))).state);
    expect(states.at(-1)).toBe('lost');
    expect(session.wantsSight).toBe('much');
  });

  it('needs to be told little by a detector once it has been seen alone, several times, and the usual beside others', async () => {
    const session = createFocusSession(createCorrelationTracker());
    const other = { ...ACTOR, x: 230, y: 150, look: 17 };
    const wishes: string[] = [];
    for (let i = 0; i < 24; i++) {
      const actors = i < 12 ? [at(i)] : [at(i), other];
      const detections = actors.map((each) => ({ box: boxOf(each), label: 'box' }));
      const frame = { picture: drawFrame(actors), detections, features: drawFeatures(actors) };
      if (i === 0) await session.lock(frame, boxOf(ACTOR), 'box');
      else await session.step(frame);
      wishes.push(session.wantsSight);
    }
    expect(wishes.slice(0, 4)).toEqual(['usual', 'usual', 'usual', 'usual']);
    expect(wishes[11]).toBe('little');
    expect(wishes[12]).toBe('usual');
    expect(wishes[23]).toBe('usual');
  });

  it.each([0, 4])(
    'takes up what the net of a detector sees again, told %i frames late, and no stranger',
    async (seenAgo) => {
      const stranger = { ...ACTOR, x: 230, y: 90, look: 17 };
      const back = { ...ACTOR, x: 140, y: 160 };
      const clip = [
        ...Array.from({ length: 12 }, (_, i) => [at(i), stranger]),
        ...Array.from({ length: 12 }, () => [stranger]),
        ...Array.from({ length: 24 }, () => [back, stranger]),
      ];
      const session = createFocusSession(createCorrelationTracker());
      const states: FocusState[] = [];
      for (const [i, actors] of clip.entries()) {
        const seen = i % 2 === 0 ? clip[i - seenAgo] : undefined;
        const detections = (seen ?? []).map((each) => ({ box: boxOf(each), label: 'box' }));
        const sight = seen === undefined ? {} : { detections, features: drawFeatures(seen), seenAgo };
        const picture = drawFrame(actors);
        const { state, box } =
          i === 0
            ? await session.lock({ picture, detections, features: drawFeatures(actors) }, boxOf(ACTOR), 'box')
            : await session.step({ picture, ...sight });
        expect(box === undefined ? 0 : boxIou(box, boxOf(stranger))).toBeLessThan(0.3);
        states.push(state);
      }
      expect(states[22]).toBe('lost');
      expect(session.view.state).toBe('locked');
      expect(boxIou(session.view.box ?? boxOf(ACTOR), boxOf(back))).toBeGreaterThan(0.5);
    },
  );

  it('takes a detection by what the detector called the subject beside its label', async () => {
    const followed = async (names: readonly string[]) => {
      const slow = { ...createCorrelationTracker(), step: async () => ({ box: boxOf(ACTOR), confidence: 1 }) };
      const session = createFocusSession(slow);
      const first = names.map((label) => ({ box: boxOf(ACTOR), label }));
      await session.lock({ picture: drawFrame([ACTOR]), detections: first }, boxOf(ACTOR), 'truck');
      const moved = { ...ACTOR, x: ACTOR.x + 6 };
      const detections = [{ box: boxOf(moved), label: 'car' }];
      const { box } = await session.step({ picture: drawFrame([moved]), detections });
      return box?.x;
    };
    expect(await followed(['truck'])).toBeCloseTo(boxOf(ACTOR).x, 5);
    expect(await followed(['truck', 'car'])).toBeGreaterThan(boxOf(ACTOR).x);
  });

  it('takes on all of a subject that has grown while a part of it was followed', async () => {
    const stuck = { ...createCorrelationTracker(), step: async () => ({ box: boxOf(ACTOR), confidence: 1 }) };
    const session = createFocusSession(stuck);
    const grown = { ...ACTOR, width: 90, height: 116 };
    const seen = (actor: DrawnSubject) => ({
      picture: drawFrame([actor]),
      detections: [{ box: boxOf(actor), label: 'box' }],
      features: drawFeatures([actor]),
    });
    await session.lock(seen(ACTOR), boxOf(ACTOR), 'box');
    for (let frame = 0; frame < 3; frame++) await session.step(seen(ACTOR));
    const { box } = await session.step(seen(grown));
    expect(boxIou(box ?? boxOf(ACTOR), boxOf(grown))).toBeGreaterThan(0.9);
  });

  it('goes on from a box that is known better, and only while the subject is in sight', async () => {
    const session = createFocusSession(createCorrelationTracker());
    const beside = { ...ACTOR, x: ACTOR.x + 30 };
    expect(session.mend(boxOf(ACTOR))).toEqual({ state: 'idle', confidence: 0 });
    await session.lock({ picture: drawFrame([beside]) }, boxOf(beside));
    await session.step({ picture: drawFrame([beside]) });
    const larger = boxOf({ ...beside, width: beside.width * 1.5, height: beside.height * 1.5 });
    expect(session.mend(larger).box).toEqual(larger);
    expect(session.view.box).toEqual(larger);
    const { box } = await session.step({ picture: drawFrame([beside]) });
    expect(boxIou(box ?? boxOf(ACTOR), larger)).toBeGreaterThan(0.7);
  });

  it('gives the same views for the same frames', async () => {
    const run = async () => {
      const session = await lockOn(ACTOR);
      const views = [];
      for (let frame = 1; frame <= 12; frame++) {
        views.push(await session.step({ picture: drawFrame(frame > 5 && frame < 9 ? [] : [at(frame)]) }));
      }
      return views;
    };
    expect(await run()).toEqual(await run());
  });

  it('refuses a box without an area', async () => {
    const session = createFocusSession(createCorrelationTracker());
    const lock = session.lock({ picture: drawFrame([]) }, { x: 0.5, y: 0.5, width: 0, height: 0.1 });
    await expect(lock).rejects.toMatchObject({ code: 'invalid-argument' });
  });
});
