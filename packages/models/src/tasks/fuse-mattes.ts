import { type Between, createBetween, createMatte, type Matte, resizeMatte } from '@focal/core';
import type { FoundFace } from './faces.ts';

// [Note: when the person model has a say]
// IS-Net finds any subject with sharp edges, but of people it drops limbs and friends and keeps the furniture. The person
// model knows people, is coarse, and sees them in animals and statues too. So it has a say only where a person is
// found: a face that its mask covers, or a mask as sure as it is of real people. Where the two then agree by and large,
// IS-Net's matte is mended in regions of difference only, so that its edges stay; where they do not, IS-Net took another
// subject, and the person mask decides. The numbers were tuned on one half of two labelled sets; docs/benchmarks.md has
// the results on the other.
const FACE_COVERED = 0.5;
const SURE_ENOUGH = 0.25;
const TOO_VAGUE = 0.65;
const SMALLEST_SHARE = 0.005;
/** Intersection over union of the two masks from which on they count as of different and of the same subject. */
const DIFFERENT = 0.55;
const ALIKE = 0.65;

/** Weight of the person mask in the sum that decides about a region, and what is added in favour of the subject. */
const PERSON_WEIGHT = 0.42;
const SUBJECT_BONUS = 0.1;
/** Pixels of the person mask to each side that count as the region around one. */
const NEIGHBOURS = 3;
/** IS-Net draws people a little too thin: this much of alpha becomes one half. */
const THIN = 0.31;

/**
 * The matte of a picture of people: the subject's by IS-Net (1024×1024) mended by the person mask (256×256). Of the
 * subject's size. For pictures in which {@link isPersonFound}; on others it would do harm.
 */
export function fuseMattes(subject: Matte, person: Matte): Matte {
  const small = resizeMatte(subject, person.width, person.height, { filter: 'area' });
  const agreement = rise(DIFFERENT, ALIKE, overlap(small, person));
  const { width, height } = subject;
  const difference = average(differ(small, person));
  // How much of the surroundings are people.
  const near = average(person);
  const rows = createBetween(person.height, height);
  const columns = createBetween(person.width, width);
  const people: Line = new Float32Array(person.width + 1);
  const differences: Line = new Float32Array(person.width + 1);
  const nears: Line = new Float32Array(person.width + 1);
  const { thick, together, peopleOnly, region, beside } = tabulateCurves();
  const { none, all } = findAgreement(together, peopleOnly);
  const data = new Uint8Array(subject.data.length);
  for (let y = 0, i = 0; y < height; y++) {
    blendRows(person, rows, y, people);
    let isBlended = false;
    for (let x = 0; x < width; x++, i++) {
      const ofSubject = subject.data[i] as number;
      // Where both are of one mind, which is nearly everywhere, the sum below gives the same.
      const at = columns.index[x] as number;
      if (ofSubject === 0 && (people[at] as number) <= none && (people[at + 1] as number) <= none) continue;
      if (ofSubject === 255 && (people[at] as number) >= all && (people[at + 1] as number) >= all) {
        data[i] = 255;
        continue;
      }
      if (!isBlended) {
        blendRows(difference, rows, y, differences);
        blendRows(near, rows, y, nears);
        isBlended = true;
      }
      const ofPerson = readBetween(people, columns, x);
      const own = thick[ofSubject] as number;
      const sum = (PERSON_WEIGHT * ofPerson + (1 - PERSON_WEIGHT) * ofSubject) | 0;
      const say = region[readBetween(differences, columns, x)] as number;
      const mended = own + ((together[sum] as number) - own) * say;
      const alone = peopleOnly[ofPerson] as number;
      const far = 1 - (beside[readBetween(nears, columns, x)] as number);
      const apart = region[Math.abs(alone - own) | 0] as number;
      const replaced = own + (alone - own) * (far > apart ? far : apart);
      data[i] = (replaced + (mended - replaced) * agreement + 0.5) | 0;
    }
  }
  return createMatte(width, height, { data });
}

/** A row of the small mask between two of its rows, and its last value once more. */
type Line = Float32Array;

/** Row `y` of the enlarged mask, not yet enlarged sideways. */
function blendRows({ width, height, data }: Matte, { index, share }: Between, y: number, line: Line): void {
  const before = (index[y] as number) * width;
  const after = Math.min(before + width, (height - 1) * width);
  const weight = share[y] as number;
  for (let x = 0; x < width; x++) {
    const value = data[before + x] as number;
    line[x] = value + ((data[after + x] as number) - value) * weight;
  }
  line[width] = line[width - 1] as number;
}

/** A byte of the enlarged mask. */
function readBetween(line: Line, { index, share }: Between, x: number): number {
  const at = index[x] as number;
  const value = line[at] as number;
  return (value + ((line[at + 1] as number) - value) * (share[x] as number) + 0.5) | 0;
}

/** The curves of the fusion over bytes, as tables: 0..255, the last two 0..1. */
function tabulateCurves() {
  return {
    thick: tabulate(thicken, 255),
    together: tabulate((sum) => rise(0.25, 0.75, sum + SUBJECT_BONUS), 255),
    peopleOnly: tabulate((share) => rise(0.3, 0.7, share), 255),
    region: tabulate((difference) => rise(0.2, 0.5, difference), 1),
    beside: tabulate((share) => rise(0, 0.1, share), 1),
  };
}

/** Up to which byte of the person mask it says no more than that nobody is there, and from which on, that all is. */
function findAgreement(together: Float32Array, peopleOnly: Float32Array): { none: number; all: number } {
  const answers = (byte: number, ofSubject: number) => [
    together[(PERSON_WEIGHT * byte + (1 - PERSON_WEIGHT) * ofSubject) | 0],
    peopleOnly[byte],
  ];
  let none = -1;
  while (none < 255 && answers(none + 1, 0).every((answer) => answer === 0)) none++;
  let all = 256;
  while (all > 0 && answers(all - 1, 255).every((answer) => answer === 255)) all--;
  return { none, all };
}

function tabulate(curve: (share: number) => number, scale: number): Float32Array {
  return Float32Array.from({ length: 256 }, (_, byte) => curve(byte / 255) * scale);
}

/**
 * Whether the picture has people that the person mask may speak for: the mask is as sure as it is of real people, or
 * there is a face inside it. Faces are looked for only where the mask leaves it open.
 */
export async function isPersonFound(
  person: Matte,
  lookForFaces: () => Promise<readonly FoundFace[]>,
): Promise<boolean> {
  let inside = 0;
  let some = 0;
  let vague = 0;
  const { data } = person;
  for (let i = 0; i < data.length; i++) {
    const value = data[i] as number;
    if (value >= 128) inside++;
    if (value > 25) some++;
    if (value > 25 && value < 230) vague++;
  }
  if (inside < data.length * SMALLEST_SHARE || vague >= some * TOO_VAGUE) return false;
  if (vague < some * SURE_ENOUGH) return true;
  return (await lookForFaces()).some((face) => coverage(person, face) > FACE_COVERED);
}

/** Mean of the mask inside the face's box, 0..1. */
function coverage({ width, height, data }: Matte, face: FoundFace): number {
  const left = Math.max(0, Math.floor(face.x * width));
  const top = Math.max(0, Math.floor(face.y * height));
  const right = Math.min(width, Math.floor((face.x + face.width) * width) + 1);
  const bottom = Math.min(height, Math.floor((face.y + face.height) * height) + 1);
  if (right <= left || bottom <= top) return 0;
  let sum = 0;
  for (let y = top; y < bottom; y++) for (let x = left; x < right; x++) sum += data[y * width + x] as number;
  return sum / 255 / ((right - left) * (bottom - top));
}

function overlap(a: Matte, b: Matte): number {
  let both = 0;
  let either = 0;
  for (let i = 0; i < a.data.length; i++) {
    const inA = (a.data[i] as number) >= 128;
    const inB = (b.data[i] as number) >= 128;
    if (inA && inB) both++;
    if (inA || inB) either++;
  }
  return either === 0 ? 0 : both / either;
}

function differ(a: Matte, b: Matte): Matte {
  const data = new Uint8Array(a.data.length);
  for (let i = 0; i < data.length; i++) data[i] = Math.abs((a.data[i] as number) - (b.data[i] as number));
  return createMatte(a.width, a.height, { data });
}

/** Each value averaged over the square around it: what is thin becomes small, what fills a region stays. */
function average({ width, height, data }: Matte): Matte {
  const rows = averageAlong(data, width, height, 1, width, NEIGHBOURS);
  const both = averageAlong(rows, height, width, width, 1, NEIGHBOURS);
  const means = new Uint8Array(both.length);
  for (let i = 0; i < means.length; i++) means[i] = ((both[i] as number) + 0.5) | 0;
  return createMatte(width, height, { data: means });
}

/** Means of windows along lines of `length` values that lie `step` apart; `lines` of them lie `lineStep` apart. */
function averageAlong(
  values: ArrayLike<number>,
  length: number,
  lines: number,
  step: number,
  lineStep: number,
  radius: number,
): Float32Array {
  const means = new Float32Array(values.length);
  for (let line = 0; line < lines; line++) {
    const base = line * lineStep;
    let sum = 0;
    for (let j = 0; j < Math.min(radius, length); j++) sum += values[base + j * step] as number;
    for (let i = 0; i < length; i++) {
      if (i + radius < length) sum += values[base + (i + radius) * step] as number;
      if (i > radius) sum -= values[base + (i - radius - 1) * step] as number;
      means[base + i * step] = sum / (Math.min(length - 1, i + radius) - Math.max(0, i - radius) + 1);
    }
  }
  return means;
}

function thicken(alpha: number): number {
  return alpha < THIN ? alpha / (2 * THIN) : 0.5 + (alpha - THIN) / (2 * (1 - THIN));
}

/** 0 up to `low`, 1 from `high`, a smooth cubic between. */
function rise(low: number, high: number, value: number): number {
  const t = Math.min(1, Math.max(0, (value - low) / (high - low)));
  return t * t * (3 - 2 * t);
}
