import { createMatte, type Pick as Picked, type SaliencyBasis, type SaliencyFact, type Scene } from '@focal/core';
import { describe, expect, it } from 'vitest';
import { describePick, describeSaliency, describeScene } from './describe-scene.ts';

function saliencyOf(basis: SaliencyBasis): SaliencyFact {
  return {
    map: createMatte(1, 1),
    classes: [{ label: 'dog', score: 0.83 }],
    vocabulary: 'coco',
    box: { x: 0, y: 0, width: 1, height: 1 },
    focalPoint: { x: 0.48, y: 0.31 },
    subjectId: 'dog-1',
    confidence: 0.92,
    basis,
    provenance: { models: [] },
  };
}

describe('what a photo is about in words', () => {
  it('is one line where evidence and outline agree', () => {
    expect(describeSaliency('a.jpg', saliencyOf('map-and-matte'))).toBe(
      'a.jpg  dog-1, class dog (83 %), look at 48 %, 31 %, confidence 92 %',
    );
  });

  it('tells the surest class apart from the main subject where it is another', () => {
    const cup = { label: 'wine glass', score: 0.42 };
    const dog = { label: 'dog', score: 0.41 };
    const saliency = saliencyOf('map-and-matte');
    expect(describeSaliency('a.jpg', { ...saliency, classes: [cup, dog] })).toBe(
      'a.jpg  dog-1, class dog (41 %), look at 48 %, 31 %, confidence 92 %\n' +
        '  surest class of the whole photo: wine glass (42 %)',
    );
    expect(describeSaliency('a.jpg', { ...saliency, classes: [cup] })).toBe(
      'a.jpg  dog-1, look at 48 %, 31 %, confidence 92 %\n  surest class of the whole photo: wine glass (42 %)',
    );
    expect(describeSaliency('a.jpg', { ...saliency, classes: [cup], subjectId: 'wine-glass-2' })).toBe(
      'a.jpg  wine-glass-2, class wine glass (42 %), look at 48 %, 31 %, confidence 92 %',
    );
  });

  it('does not call the surest class the main subject of a whole scene', () => {
    const { subjectId: _, ...saliency } = saliencyOf('map-and-matte');
    const classes = [
      { label: 'cup', score: 0.42 },
      { label: 'person', score: 0.41 },
    ];
    const scene: Scene = { version: 1, width: 4, height: 3, facts: ['saliency'], saliency: { ...saliency, classes } };
    expect(describeScene('a.jpg', scene)).toContain(
      'main subject    92 %  no single one, class cup (42 %) or person (41 %), look at 48 %, 31 %',
    );
  });

  it('names a class nearly as sure beside the first, where the main subject is none of the list', () => {
    const { subjectId: _, ...saliency } = saliencyOf('map-and-matte');
    const cup = { label: 'cup', score: 0.42 };
    const person = { label: 'person', score: 0.41 };
    expect(describeSaliency('a.jpg', { ...saliency, classes: [cup, person] })).toBe(
      'a.jpg  the main subject, class cup (42 %) or person (41 %), look at 48 %, 31 %, confidence 92 %',
    );
    expect(describeSaliency('a.jpg', { ...saliency, classes: [cup, { ...person, score: 0.3 }] })).toContain(
      'class cup (42 %), look',
    );
  });

  it.each<[SaliencyBasis, string]>([
    ['matte', 'by what stands out alone'],
    ['map', 'by what was recognised alone'],
    ['faces', 'by the faces alone'],
    ['centre', 'a guess'],
  ])('says what it fell back on: %s', (basis, text) => {
    const [first, second] = describeSaliency('a.jpg', saliencyOf(basis)).split('\n');
    expect([first, second]).toEqual([expect.stringContaining('dog'), expect.stringContaining(text)]);
  });
});

describe('what is at a point in words', () => {
  const box = { x: 0.1, y: 0.2, width: 0.3, height: 0.7 };
  const matte = { box, matte: createMatte(1, 1) };
  const anchor = { x: 0.2, y: 0.5 };
  const cup = { id: 'cup-1', kind: 'object', label: 'cup', score: 0.83, box, anchor, matte, faceIds: [] } as const;
  const scene: Scene = {
    version: 1,
    width: 10,
    height: 10,
    facts: ['subjects'],
    subjects: { subjects: [cup], provenance: { models: [] } },
  };

  it('is a subject by name, or how it was found', () => {
    const say = (pick: Omit<Picked, 'box' | 'anchor' | 'matte'>) =>
      describePick('a.jpg', scene, { ...pick, box, anchor, matte });
    expect(say({ basis: 'subject', subjectId: 'cup-1' })).toBe('a.jpg  cup-1, 83 % sure, at 10 %, 20 %  30 × 70 %');
    expect(say({ basis: 'matte' })).toBe('a.jpg  a part of what stands out, at 10 %, 20 %  30 × 70 %');
    expect(say({ basis: 'grown' })).toBe('a.jpg  an area grown from the point, at 10 %, 20 %  30 × 70 %');
  });
});
