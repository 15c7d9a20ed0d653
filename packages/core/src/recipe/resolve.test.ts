import { describe, expect, it } from 'vitest';
import { createMatte } from '../picture/matte.ts';
import { createPicture } from '../picture/picture.ts';
import type { Face, Scene, Subject } from '../scene/scene.ts';
import { createRecipe } from './recipe.ts';
import { findKnownPeople, type ResolveOptions, resolveRecipe } from './resolve.ts';
import { parseSelector } from './selector.ts';

const provenance = { models: [] };
const picture = createPicture(100, 60);

function subjectAt(id: string, x: number, width: number, faceIds: readonly string[] = []): Subject {
  const kind = id.startsWith('person') ? 'person' : 'object';
  const box = { x, y: 0.2, width, height: 0.6 };
  return {
    id,
    kind,
    label: kind === 'person' ? 'person' : 'dog',
    score: 1,
    box,
    anchor: { x: x + width / 2, y: 0.5 },
    matte: { box, matte: createMatte(8, 8, { data: new Uint8Array(64).fill(255) }) },
    faceIds,
  };
}

function faceAt(id: string, x: number, smile: number, vector: number): Face {
  const point = { x, y: 0.3 };
  return {
    id,
    box: { x: x - 0.03, y: 0.25, width: 0.06, height: 0.1 },
    score: 1,
    points: { rightEye: point, leftEye: point, nose: point, mouthRight: point, mouthLeft: point },
    expression: { smile },
    vector: Float32Array.of(vector, 0, 0),
  } as unknown as Face;
}

/** Three people, of whom the second is the largest and the third smiles most, and a dog. */
const scene: Scene = {
  version: 1,
  width: 100,
  height: 60,
  facts: ['matte', 'objects', 'faces', 'expressions', 'identities', 'subjects'],
  matte: { matte: createMatte(20, 12, { data: new Uint8Array(240).fill(200) }), provenance },
  faces: {
    faces: [faceAt('face-1', 0.1, 0.2, 0), faceAt('face-2', 0.4, 0.5, 1), faceAt('face-3', 0.7, 0.9, 2)],
    provenance,
  },
  subjects: {
    subjects: [
      subjectAt('person-1', 0.02, 0.16, ['face-1']),
      subjectAt('person-2', 0.26, 0.28, ['face-2']),
      subjectAt('person-3', 0.62, 0.16, ['face-3']),
      subjectAt('dog-1', 0.84, 0.1),
    ],
    provenance,
  },
};
const empty: Scene = { ...scene, faces: { faces: [], provenance }, subjects: { subjects: [], provenance } };

const resolve = (on: string, of: Scene = scene, options: ResolveOptions = {}) =>
  resolveRecipe(createRecipe([{ effect: 'tone', on: parseSelector(on) }]), picture, of, options);

const whom = (on: string, options: ResolveOptions = {}) =>
  resolve(on, scene, options).steps[0]?.selection.subjects.map(({ id }) => id);

describe('resolveRecipe', () => {
  it('finds whom each role means', () => {
    expect(whom('everyone')).toEqual(['person-1', 'person-2', 'person-3']);
    expect(whom('largest')).toEqual(['person-2']);
    expect(whom('most-smiling')).toEqual(['person-3']);
    expect(whom('person-2')).toEqual(['person-2']);
    expect(whom('except:person-1,person-3')).toEqual(['person-2']);
    expect(whom('things')).toEqual(['dog-1']);
    expect(whom('things:dog')).toEqual(['dog-1']);
    expect(whom('faces')).toEqual(['person-1', 'person-2', 'person-3']);
  });

  it('leaves known people out of unknown faces', () => {
    const known = [{ name: 'Ada', vectors: [Float32Array.of(0.9, 0, 0)] }];
    expect(whom('unknown-faces', { known })).toEqual(['person-1', 'person-3']);
    expect(whom('unknown-faces')).toEqual(['person-1', 'person-2', 'person-3']);
  });

  it('says which known people a face surely is', () => {
    const people = [0.9, 1.2, 1.5].map((value) => ({ name: `${value}`, vectors: [Float32Array.of(value, 0, 0)] }));
    const names = (vector: number) => findKnownPeople(faceAt('face-1', 0.1, 0, vector), people).map(({ name }) => name);
    expect(names(1)).toEqual(['0.9', '1.2']);
    expect(names(2)).toEqual([]);
    expect(findKnownPeople({}, people)).toEqual([]);
  });

  it('selects the pixels of those it found, and no others', () => {
    const [step] = resolve('person-2').steps;
    const matte = step?.selection.matte ?? createMatte(1, 1);
    const at = (x: number) =>
      matte.data[Math.floor(0.5 * matte.height) * matte.width + Math.floor(x * matte.width)] ?? -1;
    expect(at(0.4)).toBeGreaterThan(150);
    expect([at(0.1), at(0.7), at(0.9)]).toEqual([0, 0, 0]);
  });

  it('takes the matte for the main subject, and the same the other way round for the background', () => {
    const [main, background] = ['main', 'background'].map((on) => resolve(on).steps[0]?.selection);
    expect(main?.matte).toBe(scene.matte?.matte);
    expect([main?.inverted, background?.inverted]).toEqual([false, true]);
    expect(main?.key).toBe(background?.key);
    expect(resolve('everything').steps[0]?.selection.matte).toBeUndefined();
  });

  it('says who is not there', () => {
    expect(() => resolve('person-9')).toThrow(
      'There is no person-9 in this picture, only person-1, person-2, person-3, dog-1.',
    );
    expect(() => resolve('except:person-9')).toThrow('There is no person-9');
    expect(() => resolve('except:person-1,person-2,person-3')).toThrow('There is no person in this picture but');
    expect(() => resolve('things:cat')).toThrow(
      'There is no cat in this picture. The step tone has nothing to act on.',
    );
    for (const on of ['everyone', 'things', 'largest', 'most-smiling', 'faces', 'unknown-faces']) {
      expect(() => resolve(on, empty), on).toThrow('The step tone has nothing to act on.');
    }
  });

  it('leaves such steps out with a warning when lenient, and only those', () => {
    const steps = [{ effect: 'tone', on: parseSelector('things:cat') }, { effect: 'mono' }];
    const resolved = resolveRecipe(createRecipe(steps), picture, scene, { lenient: true });
    expect(resolved.steps.map(({ effect }) => effect)).toEqual(['mono']);
    expect(resolved.warnings).toEqual(['There is no cat in this picture. The step tone was left out.']);
  });

  it('asks for the facts it lacks', () => {
    const bare: Scene = { version: 1, width: 100, height: 60, facts: [] };
    expect(() => resolve('main', bare)).toThrow('Expected a scene that holds the fact matte, got one without.');
    expect(() => resolve('everyone', bare)).toThrow('the fact subjects');
    expect(() => resolve('faces', bare)).toThrow('the fact faces');
  });
});
