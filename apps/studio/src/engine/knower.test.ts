import { FocalError, type KnownPerson, type Scene } from '@focal/core';
import type { EffectHandlers, EffectInfo, WorkerClient } from '@focal/web';
import { describe, expect, it } from 'vitest';
import { createStudioStore } from '../state/store.ts';
import { createKnower } from './knower.ts';

const ANONYMIZE: EffectInfo = {
  name: 'anonymize',
  title: 'Anonymise',
  description: '',
  parameters: [],
  assets: [],
  on: 'everything',
  order: 'first',
};

function sceneOf(vectors: readonly (number | undefined)[]): Scene {
  const faces = vectors.map((value, index) => ({
    id: `face-${index + 1}`,
    ...(value !== undefined && { vector: Float32Array.of(value, 0) }),
  }));
  const facts = vectors.some((value) => value !== undefined) ? ['faces', 'identities'] : ['faces'];
  return { version: 1, width: 4, height: 3, facts, faces: { faces, provenance: { models: [] } } } as unknown as Scene;
}

/** @param looks what each further look at the photo finds, or fails with */
function start(scene: Scene, looks: (Scene | FocalError | undefined)[] = []) {
  const store = createStudioStore({ theme: 'system', place: 'server', browserModel: 'selfie' });
  const photo = { id: 1, name: 'a.jpg', width: 4, height: 3, colorSpace: 'srgb', origin: undefined };
  store.setState({ effects: [ANONYMIZE], photo, scene: { phase: 'ready', scene } });
  store.getState().applySteps([{ effect: 'anonymize', params: {}, assets: {}, enabled: true, opacity: 1 }]);
  let told: readonly KnownPerson[] = [];
  const asked: (readonly string[])[] = [];
  const effects = {
    call: async (method: string, people: readonly KnownPerson[]) => {
      if (method === 'setKnown') told = people;
    },
  } as unknown as WorkerClient<EffectHandlers>;
  const knower = createKnower(store, effects, {
    lookAt: async (facts) => {
      asked.push(facts);
      const found = looks.shift();
      if (found instanceof FocalError) throw found;
      return found;
    },
    findScene: async () => undefined,
  });
  const whom = () => store.getState().history.present.steps[0]?.on;
  const said = () => store.getState().toasts.at(-1);
  const toggleKnown = (faceId: string, name: string) => knower.toggleKnown(faceId, name);
  return { toggleKnown, store, whom, said, asked, told: () => told };
}

describe('somebody who is known', () => {
  it('is looked at closer once, told to the worker, and spared by what hides everybody', async () => {
    const { toggleKnown, store, whom, said, asked, told } = start(sceneOf([undefined, undefined]), [sceneOf([0, 1])]);
    const done = toggleKnown('face-2', 'Person 2');
    expect(store.getState().knowing).toBe('face-2');
    await done;
    expect(store.getState().knowing).toBeUndefined();
    expect(told().map(({ vectors }) => [...(vectors[0] ?? [])])).toEqual([[1, 0]]);
    expect(store.getState().known).toBe(told());
    expect(whom()).toBe('unknown-faces');
    expect(said()).toMatchObject({ kind: 'success', text: expect.stringMatching(/^Person 2 is known.*others stay/) });
    await toggleKnown('face-1', 'Person 1');
    expect(asked).toEqual([['identities']]);
    expect(told()).toHaveLength(2);
  });

  it('is forgotten with all that was known of them, and hidden again', async () => {
    const { toggleKnown, whom, said, told } = start(sceneOf([0, 2]));
    await toggleKnown('face-1', 'Person 1');
    await toggleKnown('face-2', 'Person 2');
    await toggleKnown('face-1', 'Person 1');
    expect(told().map(({ vectors }) => vectors[0]?.[0])).toEqual([2]);
    expect(whom()).toBe('unknown-faces');
    expect(said()?.text).toContain('hidden again');
  });

  it('is pointed out where others are taken for them', async () => {
    const { toggleKnown, said } = start(sceneOf([0, 0.3, 2]));
    await toggleKnown('face-1', 'Person 1');
    expect(said()).toMatchObject({ kind: 'info', text: expect.stringContaining('2 faces here') });
  });

  it.each([
    ['looking failed', new FocalError('busy', 'Busy.'), 'Person 1 is not known.'],
    ['the face cannot be told from others', sceneOf([undefined, 1]), 'cannot be known'],
  ])('stays hidden where %s', async (_, found, text) => {
    const { toggleKnown, store, whom, said, told } = start(sceneOf([undefined]), [found]);
    await toggleKnown('face-1', 'Person 1');
    expect(said()).toMatchObject({ kind: 'error', text: expect.stringContaining(text) });
    expect([told(), whom(), store.getState().knowing]).toEqual([[], undefined, undefined]);
  });

  it('is nobody where the photo was left meanwhile', async () => {
    const { toggleKnown, whom, said, told } = start(sceneOf([undefined]), [undefined]);
    await toggleKnown('face-1', 'Person 1');
    expect([told(), whom(), said()]).toEqual([[], undefined, undefined]);
  });
});
