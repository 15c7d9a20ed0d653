import type { Scene } from '@focal/core';
import { expect, test } from 'vitest';
import { chooseSmartLook, listMoods } from './smart-look.ts';

const RULES = {
  format: 'focal-rules',
  version: 1,
  moods: { moss: { looks: [[{ effect: 'background', on: 'main' }, { effect: 'mono' }]] } },
  rules: [{ name: 'always', moods: ['moss'], captions: ['In the moss'] }],
};

const scene: Scene = {
  version: 1,
  width: 40,
  height: 30,
  facts: ['matte', 'objects', 'faces', 'expressions', 'subjects'],
};

test('own rules come first, and own backgrounds stand under their names', () => {
  const { steps, because } = chooseSmartLook(scene, { rules: RULES, backgrounds: ['office.jpg', 'moss-wood.jpg'] });
  expect(steps.map(({ effect, on }) => [effect, on])).toEqual([
    ['background', 'main'],
    ['mono', undefined],
    ['caption', undefined],
  ]);
  expect(steps[0]).toMatchObject({ params: { kind: 'picture' }, assets: { background: 'moss-wood.jpg' } });
  expect(because).toContain('moss-wood.jpg among your backgrounds fits it.');
  expect(chooseSmartLook(scene, { rules: RULES, caption: '' }).steps).toHaveLength(2);
});

test('moods are those of Focal and of own rules', () => {
  expect(listMoods(undefined)).toContain('snow');
  expect(listMoods(undefined)).not.toContain('moss');
  expect(listMoods(RULES)).toEqual([...listMoods(undefined), 'moss']);
  expect(() => listMoods({ ...RULES, version: 2 })).toThrow('The rules are not valid at version');
});
