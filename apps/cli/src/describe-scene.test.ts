import { createMatte, type SaliencyBasis, type SaliencyFact } from '@focal/core';
import { describe, expect, it } from 'vitest';
import { describeSaliency } from './describe-scene.ts';

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
