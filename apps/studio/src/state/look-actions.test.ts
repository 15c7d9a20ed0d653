import type { EffectInfo } from '@focal/web';
import { expect, it } from 'vitest';
import { createStudioStore } from './store.ts';
import type { Step } from './types.ts';

const info = (name: string, rest: Partial<EffectInfo>): EffectInfo => {
  return { name, title: name, description: '', parameters: [], assets: [], ...rest };
};
const stepOf = (effect: string, rest: Partial<Step> = {}): Omit<Step, 'id'> => {
  return { effect, params: {}, assets: {}, enabled: true, opacity: 1, ...rest };
};

function open(...steps: readonly Omit<Step, 'id'>[]) {
  const store = createStudioStore({ theme: 'system', place: 'server', browserModel: 'selfie' });
  store.setState({ effects: [info('anonymize', { on: 'everything', order: 'first' }), info('tone', { on: 'main' })] });
  store.getState().applySteps(steps);
  return store;
}

it('spares known people in what hides everybody, and in nothing else, as one step of undo', () => {
  const store = open(
    stepOf('anonymize'),
    stepOf('anonymize', { on: 'faces' }),
    stepOf('anonymize', { on: 'except:person-2' }),
    stepOf('anonymize', { enabled: false }),
    stepOf('tone', { on: 'faces' }),
  );
  const whom = () => store.getState().history.present.steps.map(({ on }) => on);
  const before = whom();
  expect(store.getState().spareKnown()).toBe(true);
  expect(whom()).toEqual(['unknown-faces', 'unknown-faces', 'except:person-2', undefined, 'faces']);
  const { past } = store.getState().history;
  expect(store.getState().spareKnown()).toBe(false);
  expect(store.getState().history.past).toBe(past);
  store.getState().undo();
  expect(whom()).toEqual(before);
});

it('ends the choosing of whom a step acts on with that step', () => {
  const store = open(stepOf('tone'), stepOf('anonymize'));
  const { applySteps, openStep, addStep, setOn, undo } = store.getState();
  const choose = () => store.setState({ isChoosing: true });
  choose();
  setOn('person-1');
  openStep(store.getState().openStepId);
  expect(store.getState().isChoosing).toBe(true);
  for (const act of [
    () => applySteps([stepOf('anonymize')]),
    () => undo(),
    () => addStep('tone'),
    () => openStep(undefined),
  ]) {
    choose();
    act();
    expect(store.getState().isChoosing).toBe(false);
  }
});
