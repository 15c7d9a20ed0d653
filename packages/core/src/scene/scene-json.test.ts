import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMatte } from '../picture/matte.ts';
import { completeFacts } from './facts.ts';
import { FACTS, type Scene } from './scene.ts';
import { fromSceneJson, sceneSchema, toMatteSize, toSceneJson } from './scene-json.ts';

const box = { x: 0.25, y: 0.125, width: 0.5, height: 0.75 };
const provenance = { models: ['centernet', 'selfie'] };

function createScene(): Scene {
  const matte = createMatte(40, 30, { data: Uint8Array.from({ length: 1200 }, (_, i) => (i % 40 < 20 ? 255 : i % 7)) });
  const point = { x: 0.5, y: 0.25 };
  return {
    version: 1,
    width: 400,
    height: 300,
    facts: FACTS,
    matte: { matte, provenance: { ...provenance, notice: 'Only people are cut out.' } },
    objects: { objects: [{ label: 'person', score: 0.75, box }], provenance },
    faces: {
      faces: [
        {
          id: 'face-1',
          box,
          score: 0.5,
          points: { rightEye: point, leftEye: point, nose: point, mouthRight: point, mouthLeft: point },
          rollDegrees: -12.5,
          quality: { overall: 0.5, size: 0.5, sharpness: 1, pose: 0.75 },
          expression: {
            smile: 0.25,
            distribution: { angry: 0, disgusted: 0, fearful: 0, happy: 0.25, neutral: 0.5, sad: 0.25, surprised: 0 },
          },
          vector: Float32Array.from({ length: 128 }, (_, i) => (i - 64) / 64),
        },
      ],
      provenance,
    },
    subjects: {
      subjects: [
        {
          id: 'person-1',
          kind: 'person',
          label: 'person',
          score: 0.75,
          box,
          anchor: point,
          matte: { box, matte },
          faceIds: ['face-1'],
        },
      ],
      provenance,
    },
    saliency: {
      map: matte,
      classes: [{ label: 'person', score: 0.75 }],
      vocabulary: 'coco',
      box,
      focalPoint: point,
      subjectId: 'person-1',
      confidence: 0.5,
      basis: 'map-and-matte',
      provenance,
    },
    possibleFaces: {
      places: [
        {
          id: 'maybe-1',
          box,
          basis: 'face',
          score: 0.25,
          points: { rightEye: point, leftEye: point, nose: point, mouthRight: point, mouthLeft: point },
          rollDegrees: 7.5,
        },
        { id: 'maybe-2', box, basis: 'head', score: 0.5, rollDegrees: 0 },
      ],
      provenance,
    },
  };
}

/** `read`, or the name of the error. */
function outcomeOf(value: unknown): string {
  try {
    fromSceneJson(value);
    return 'read';
  } catch (error) {
    return error instanceof Error ? error.name : 'no error';
  }
}

describe('scene JSON', () => {
  it('gives the same scene back, with its vectors where they were asked for', () => {
    const scene = createScene();
    const text = JSON.stringify(toSceneJson(scene, { withVectors: true }));
    expect(fromSceneJson(JSON.parse(text))).toEqual(scene);
  });

  it('leaves out who people are unless asked', () => {
    const json = toSceneJson(createScene());
    expect(JSON.stringify(json)).not.toContain('vector');
    expect(json.facts).not.toContain('identities');
  });

  it('is what its schema describes, with and without alpha', () => {
    expect(sceneSchema.safeParse(toSceneJson(createScene(), { withVectors: true })).error).toBeUndefined();
    const sizes = toSceneJson(createScene(), { matte: toMatteSize });
    expect(sceneSchema.safeParse(sizes).error).toBeUndefined();
    expect(sizes.matte?.matte).toEqual({ width: 40, height: 30 });
    expect(() => fromSceneJson(sizes)).toThrow('alpha');
  });

  it('refuses other versions and JSON that is no scene, naming the place', () => {
    const json = toSceneJson(createScene());
    expect(() => fromSceneJson({ ...json, version: 2 })).toThrow('Expected a scene of version 1, got 2.');
    expect(() => fromSceneJson(null)).toThrow('Expected a scene of version 1');
    expect(() => fromSceneJson({ ...json, width: 'wide' })).toThrow('at width');
    const broken = { ...json, matte: { provenance, matte: { width: 40, height: 31, packbits: 'AAAA' } } };
    expect(() => fromSceneJson(broken)).toThrow('1240 values');
    expect(() => fromSceneJson({ ...json, surprise: 1 })).toThrow('Expected a scene');
  });

  it('withstands broken JSON', () => {
    const text = JSON.stringify(toSceneJson(createScene()));
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.constantFrom('0', '"', 'e', '}', '-', 'A'), (at, character) => {
        let value: unknown;
        try {
          value = JSON.parse(text.slice(0, at) + character + text.slice(at + 1));
        } catch {
          return;
        }
        expect(outcomeOf(value)).toBeOneOf(['read', 'FocalError']);
      }),
      { numRuns: 300 },
    );
  });
});

describe('facts', () => {
  it('bring along what they rest on, in order and once', () => {
    expect(completeFacts(['expressions'])).toEqual(['faces', 'expressions']);
    expect(completeFacts(['subjects', 'matte', 'faces'])).toEqual(['matte', 'objects', 'faces', 'subjects']);
    expect(completeFacts([])).toEqual([]);
  });
});
