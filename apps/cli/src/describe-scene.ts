import type { Box, ClassScore, Pick, PickBasis, Point, SaliencyBasis, SaliencyFact, Scene } from '@focal/core';

/** From here on a face is said to smile. */
const SMILES = 0.5;

/**
 * What a scene holds in words: a line for the photo, and one for each subject and face.
 * @example
 * describeScene('a.jpg', scene)
 * // a.jpg  2 people, 1 dog, 2 faces (1 smiles)
 * //   person-1  91 %  at 10 %, 20 %  30 × 70 %  face-1
 */
export function describeScene(shown: string, scene: Scene): string {
  const { subjects, objects, faces, saliency } = scene;
  const lines = [`${shown}  ${summarise(scene)}`];
  for (const { id, score, box, faceIds } of subjects?.subjects ?? []) {
    lines.push(`  ${id.padEnd(14)} ${percent(score)}  ${place(box)}${faceIds.map((face) => `  ${face}`).join('')}`);
  }
  for (const { label, score, box } of subjects === undefined ? (objects?.objects ?? []) : []) {
    lines.push(`  ${label.padEnd(14)} ${percent(score)}  ${place(box)}`);
  }
  for (const { id, score, box, quality, expression } of faces?.faces ?? []) {
    const smile = expression === undefined ? '' : `  smile ${percent(expression.smile)}`;
    lines.push(`  ${id.padEnd(14)} ${percent(score)}  ${place(box)}  quality ${percent(quality.overall)}${smile}`);
  }
  if (saliency !== undefined) {
    // The surest class need not be of what the photo is about.
    const what = saliency.subjectId ?? `no single one${describeClass(saliency.classes, undefined)}`;
    lines.push(
      `  ${'main subject'.padEnd(14)} ${percent(saliency.confidence)}  ${what}, look at ${point(saliency.focalPoint)}`,
    );
  }
  return lines.join('\n');
}

/** Said where the main subject rests on less than evidence and outline that agree. */
const FALLBACKS: Readonly<Record<Exclude<SaliencyBasis, 'map-and-matte'>, string>> = {
  matte: 'judged by what stands out alone: nothing in it was recognised for sure',
  map: 'judged by what was recognised alone: nothing stands out from its background',
  faces: 'judged by the faces alone: nothing else stands out',
  centre: 'a guess: nothing stands out, so this is the middle of the photo',
};

/**
 * What a photo is about, in words.
 * @example
 * describeSaliency('a.jpg', saliency)
 * // a.jpg  person-1, class person (41 %), look at 48 %, 31 %, confidence 92 %
 * //   surest class of the whole photo: cup (42 %)
 */
export function describeSaliency(shown: string, saliency: SaliencyFact): string {
  const { basis, classes, subjectId, focalPoint, confidence } = saliency;
  const [top] = classes;
  const name = subjectId ?? (basis === 'centre' ? 'no main subject' : 'the main subject');
  // The surest class need not be the main subject's: it is told apart then, so that neither is taken for the other.
  const label = subjectId?.replace(/-\d+$/, '').replaceAll('-', ' ');
  const isOther = top !== undefined && label !== undefined && top.label !== label;
  const lines = [
    `${shown}  ${name}${describeClass(classes, label)}, look at ${point(focalPoint)}, confidence ${percent(confidence).trim()}`,
    ...(isOther ? [`surest class of the whole photo: ${inWords(top)}`] : []),
    ...(basis === 'map-and-matte' ? [] : [FALLBACKS[basis]]),
  ];
  return lines.join('\n  ');
}

/** A class nearly as sure as the first, as a share of its score, may as well be meant. */
const NEARLY = 0.8;

function describeClass(classes: readonly ClassScore[], label: string | undefined): string {
  const [top, second] = classes;
  if (top === undefined) return ', no class recognised';
  if (label !== undefined) {
    const own = classes.find((each) => each.label === label);
    return own === undefined ? '' : `, class ${inWords(own)}`;
  }
  const isClose = second !== undefined && second.score >= NEARLY * top.score;
  return `, class ${inWords(top)}${isClose ? ` or ${inWords(second)}` : ''}`;
}

function inWords({ label, score }: ClassScore): string {
  return `${label} (${percent(score).trim()})`;
}

const PICKED: Readonly<Record<PickBasis, string>> = {
  subject: 'a subject',
  matte: 'a part of what stands out',
  grown: 'an area grown from the point',
};

/**
 * What is at a point of a photo, in words.
 * @example
 * describePick('a.jpg', scene, pick) // a.jpg  cup-1, 83 % sure, at 10 %, 20 %  30 × 70 %
 */
export function describePick(shown: string, { subjects }: Scene, { basis, subjectId, box }: Pick): string {
  const subject = subjects?.subjects.find(({ id }) => id === subjectId);
  const what = subject === undefined ? PICKED[basis] : `${subject.id}, ${percent(subject.score).trim()} sure`;
  return `${shown}  ${what}, ${place(box)}`;
}

function summarise({ matte, subjects, objects, faces }: Scene): string {
  const counts = new Map<string, number>();
  for (const { label } of subjects?.subjects ?? objects?.objects ?? []) counts.set(label, (counts.get(label) ?? 0) + 1);
  const parts = [...counts].map(([label, count]) => `${count} ${count > 1 && label === 'person' ? 'people' : label}`);
  if (faces !== undefined && faces.faces.length > 0) {
    const { length } = faces.faces;
    const smiling = faces.faces.filter(({ expression }) => (expression?.smile ?? 0) >= SMILES).length;
    const smiles = faces.faces.some(({ expression }) => expression !== undefined) ? ` (${smiling} smiling)` : '';
    parts.push(`${length} ${length === 1 ? 'face' : 'faces'}${smiles}`);
  }
  if (parts.length > 0) return parts.join(', ');
  if (matte === undefined || subjects !== undefined || faces !== undefined) return 'no people, things or faces found';
  let sum = 0;
  for (const value of matte.matte.data) sum += value;
  return `the subject covers ${percent(sum / (255 * matte.matte.data.length))}`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`.padStart(5);
}

function point({ x, y }: Point): string {
  return `${Math.round(x * 100)} %, ${Math.round(y * 100)} %`;
}

function place({ x, y, width, height }: Box): string {
  return `at ${point({ x, y })}  ${Math.round(width * 100)} × ${Math.round(height * 100)} %`;
}
