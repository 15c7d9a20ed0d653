import { describe, expect, it } from 'vitest';
import { parseLabels, rankClasses } from './classify.ts';

describe('the names of classes', () => {
  it('are the first of each line', () => {
    expect(parseLabels('background\ntench, Tinca tinca\r\ngoldfish\n')).toEqual(['background', 'tench', 'goldfish']);
  });
});

describe('ranking classes', () => {
  const labels = ['background', 'a', 'b', 'c', 'd', 'e', 'f'];

  it('puts the highest score first, whatever its name, and leaves the background out', () => {
    const classes = rankClasses(Float32Array.of(0.5, 0.25, 0.125, 0.0625, 0.03125, 0, 0.75), labels);
    expect(classes.map(({ label }) => label)).toEqual(['f', 'a', 'b', 'c', 'd']);
    expect(classes[0]?.score).toBe(0.75);
  });

  it('is refused where names are missing', () => {
    expect(() => rankClasses(new Float32Array(3), labels)).toThrow('Expected 3 names of classes, got 7.');
  });
});
