import { createPeople, type NewFace } from '@focal/core';
import { bcubedF1, pairwiseF1 } from './cluster-measures.ts';
import { createRandom, gaussian } from './random.ts';

// A process of its own, for its memory and processor time: finds people among drawn faces, prints what it took.

export interface ManyFacesResult {
  readonly processorS: number;
  readonly wallS: number;
  readonly peakMb: number;
  readonly moreMs: number;
  readonly people: number;
  readonly bcubed: number;
  readonly pairwise: number;
}

const DIMENSIONS = 128;
/** Faces that come one by one at the end: of a hundred, what the engine compiles for the first would be the slowest. */
const MORE = 500;
/** Variances of all dimensions together, as measured on lfw10x10: between people, and of the faces of one. */
const BETWEEN = 0.2;
const WITHIN = 0.0925;

/**
 * Faces whose distances are spread as those of lfw10x10: variances that fall off from dimension to dimension, so that
 * far fewer than 128 count, and more noise in faces that can be seen less well.
 */
function drawFaces(count: number, people: number): { who: number; face: NewFace }[] {
  const random = createRandom(7);
  const spread = (total: number, decay: number): number[] => {
    const shares = Array.from({ length: DIMENSIONS }, (_, i) => Math.exp(-i / decay));
    const sum = shares.reduce((a, b) => a + b);
    return shares.map((share) => Math.sqrt((share / sum) * total));
  };
  const between = spread(BETWEEN, 30);
  const within = spread(WITHIN, 20);
  const draw = (): Float32Array => Float32Array.from(between, (sigma) => sigma * gaussian(random));
  const centres = Array.from({ length: people }, draw);
  const faces = Array.from({ length: count }, (_, i) => {
    const who = i < people ? i : Math.floor(random() * people);
    const quality = 0.3 + 0.7 * random();
    const noise = Math.sqrt(0.6 + (0.4 * (1 - quality)) / 0.35);
    // The dimensions in which the faces of one person differ are not those in which people do.
    const vector = Float32Array.from(
      centres[who] as Float32Array,
      (value, k) => value + (within[(k * 37) % DIMENSIONS] as number) * noise * gaussian(random),
    );
    return { who, face: { id: String(i), photo: String(i), vector, quality } };
  });
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [faces[i], faces[j]] = [faces[j] as (typeof faces)[0], faces[i] as (typeof faces)[0]];
  }
  return faces;
}

const processorMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

const [count = 0, people = 0] = process.argv.slice(2, 4).map(Number);
const drawn = drawFaces(count + MORE, people);
const faces = drawn.slice(0, count);
const found = createPeople();
const [wall, processor] = [performance.now(), processorMs()];
if (process.argv[4] === 'at-once') found.add(faces.map(({ face }) => face));
else for (const { face } of faces) found.add([face]);
const wallS = (performance.now() - wall) / 1000;
const processorS = (processorMs() - processor) / 1000;
const peakMb = process.resourceUsage().maxRSS / 1000;
const grouped = faces.map(({ who, face }) => ({ group: found.face(face.id).person, truth: who }));
const listed = found.list().length;
const more = drawn.slice(count).map(({ face }) => {
  const start = processorMs();
  found.add([face]);
  return processorMs() - start;
});
const result: ManyFacesResult = {
  processorS,
  wallS,
  peakMb,
  moreMs: more.sort((a, b) => a - b)[Math.ceil(MORE * 0.99) - 1] ?? Number.NaN,
  people: listed,
  bcubed: bcubedF1(grouped),
  pairwise: pairwiseF1(grouped),
};
console.log(JSON.stringify(result));
