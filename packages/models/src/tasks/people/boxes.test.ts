import { describe, expect, it } from 'vitest';
import { personBoxesFrom } from './boxes.ts';

const person = (x: number, y: number, width: number, height: number, score = 0.8) => ({
  label: 'person',
  score,
  box: { x, y, width, height },
});
const face = (id: string, x: number, y: number, width = 0.05, height = 0.06) => ({
  id,
  score: 0.9,
  box: { x, y, width, height },
});

describe('personBoxesFrom', () => {
  it('gives each face to the person whose head is there, also where boxes overlap', () => {
    const left = person(0.1, 0.2, 0.3, 0.7);
    const right = person(0.25, 0.2, 0.3, 0.7);
    const boxes = personBoxesFrom([left, right], [face('right', 0.375, 0.24), face('left', 0.225, 0.24)]);
    expect(boxes.map(({ box, faceIds }) => [box.x, faceIds])).toEqual([
      [0.1, ['left']],
      [0.25, ['right']],
    ]);
    expect(boxes.some(({ isGuess }) => isGuess)).toBe(false);
  });

  it('takes a box around two people for no third one, but keeps one of a person who is turned away', () => {
    const left = person(0.1, 0.2, 0.3, 0.7);
    const right = person(0.35, 0.2, 0.3, 0.7);
    const around = person(0.1, 0.2, 0.55, 0.7, 0.3);
    const faces = [face('left', 0.225, 0.24), face('right', 0.475, 0.24)];
    expect(personBoxesFrom([left, right, around], faces).map(({ faceIds }) => faceIds)).toEqual([['left'], ['right']]);
    expect(personBoxesFrom([left, around], faces.slice(0, 1))).toHaveLength(2);
  });

  it('guesses the body of a face without a person, within the picture', () => {
    const [guess, ...rest] = personBoxesFrom([], [face('alone', 0.01, 0.7)]);
    expect(rest).toEqual([]);
    expect(guess?.isGuess).toBe(true);
    expect(guess?.faceIds).toEqual(['alone']);
    expect(guess?.box.x).toBe(0);
    expect((guess?.box.y ?? 0) + (guess?.box.height ?? 0)).toBeCloseTo(1);
  });

  it('takes a second face in a person for a second person', () => {
    const boxes = personBoxesFrom([person(0.1, 0.1, 0.4, 0.8)], [face('own', 0.28, 0.15), face('behind', 0.4, 0.2)]);
    expect(boxes.map(({ faceIds, isGuess }) => [faceIds, isGuess ?? false])).toEqual([
      [['behind'], true],
      [['own'], false],
    ]);
  });

  it('passes over things, and keeps persons whose face is not seen', () => {
    const dog = { ...person(0.1, 0.1, 0.2, 0.2), label: 'dog' };
    expect(personBoxesFrom([dog, person(0.5, 0.1, 0.2, 0.8)], [])).toEqual([
      { box: { x: 0.5, y: 0.1, width: 0.2, height: 0.8 }, score: 0.8, faceIds: [], heads: [] },
    ]);
    expect(personBoxesFrom([dog], [])).toEqual([]);
  });
});
