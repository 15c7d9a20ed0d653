import { expect, it } from 'vitest';
import { fitSize } from './fit-size.ts';

it('makes large frames smaller, keeps their shape, and never makes one larger', () => {
  expect(fitSize({ width: 7680, height: 4320 }, 720)).toEqual({ width: 720, height: 405 });
  expect(fitSize({ width: 1080, height: 1920 }, 480)).toEqual({ width: 270, height: 480 });
  expect(fitSize({ width: 320, height: 240 }, 720)).toEqual({ width: 320, height: 240 });
});

it('gives at least a pixel', () => {
  expect(fitSize({ width: 1, height: 1 }, 720)).toEqual({ width: 1, height: 1 });
  expect(fitSize({ width: 4000, height: 1 }, 480)).toEqual({ width: 480, height: 1 });
});
