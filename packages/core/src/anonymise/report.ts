import type { Box, Point } from '../scene/geometry.ts';
import type { Face, PossibleFace, Scene } from '../scene/scene.ts';
import type { HiddenTarget, HideOptions } from './hidden.ts';
import type { CoverOutline } from './outline.ts';

// [Note: attacking the own result] What is left of who somebody is, is measured by the net that tells people apart: the
// face's place in the result, read as if a face were still there, is compared with the face in the original. The plain
// distance says little, because the net was never asked what is no face: of any grey patch it gives much the same
// numbers, which lie nearer to some people than to others. So the measure starts from there: 0 is what the net makes of
// that place under a plain grey cover, 1 is the face itself. In between lie how much strangers resemble a person
// (half of them .43, 95 % .61 on the even photos of a labelled set of ten people) and what is left by a blur of 4 % of
// the face (more than .5). Of 149 covered faces it was never more than .37. The numbers are checked by the bench
// `anonymise`.

/** From here on as much of somebody is left as half of all strangers have of them: told apart from nobody below. */
const FAILED = 0.5;
const DOUBTFUL = 0.4;
/** Sharing so little of what {@link FaceQuality} calls size, a face has too few pixels for such a comparison. */
const SMALL = 0.3;
const UNCERTAIN = 0.6;

/** `safe`: nothing is left. `doubtful`: look yourself. `failed`: the net still knows who it is. */
export type HiddenVerdict = 'safe' | 'doubtful' | 'failed';

/** What an attack on the result found at one place. */
export interface HiddenEvidence {
  /** Whether the detector still sees a face there. */
  readonly found: boolean;
  /** How much of the face is left, 0 nothing to 1 all; absent where there was no face to compare with. */
  readonly similarity?: number;
}

/** One face or place that was hidden, and what is left of it. */
export interface HiddenEntry extends HiddenEvidence {
  /** Of the face, or of the place where one may be. */
  readonly id: string;
  /** Whose face it is, where the scene knows. */
  readonly personId?: string;
  readonly box: Box;
  readonly verdict: HiddenVerdict;
  /** What the user should know of it, in sentences. */
  readonly notes: readonly string[];
}

export interface AnonymiseReport {
  /** The worst of all; `safe` where nobody was there. */
  readonly verdict: HiddenVerdict;
  /** Whether faces were looked for closely. */
  readonly careful: boolean;
  readonly entries: readonly HiddenEntry[];
  /** What concerns the whole picture, in sentences. */
  readonly warnings: readonly string[];
}

/** A place that is attacked: the outline it lies under, and the points of the face in the original, where known. */
export interface AttackedPlace {
  readonly id: string;
  readonly personId?: string;
  readonly box: Box;
  readonly face?: Face;
  readonly target: HiddenTarget;
}

/** Each face and place that was hidden: those of one person one by one. */
export function listAttacked(scene: Scene, targets: readonly HiddenTarget[]): readonly AttackedPlace[] {
  const ownerOf = (id: string) => scene.subjects?.subjects.find(({ faceIds }) => faceIds.includes(id))?.id;
  const ofFace = (face: Face, target: HiddenTarget): AttackedPlace => {
    const personId = ownerOf(face.id);
    return { id: face.id, ...(personId !== undefined && { personId }), box: face.box, face, target };
  };
  return targets.flatMap((target): readonly AttackedPlace[] => {
    switch (target.kind) {
      case 'face':
        return [ofFace(target.face, target)];
      case 'place':
        return [{ id: target.place.id, box: target.place.box, target }];
      case 'person': {
        const { person, faces } = target;
        if (faces.length > 0) return faces.map((face) => ofFace(face, target));
        return [{ id: person.id, personId: person.id, box: person.box, target }];
      }
    }
  });
}

/** Verdicts for the places of {@link listAttacked}, in their order, and what else is to be said. */
export function toAnonymiseReport(
  scene: Scene,
  places: readonly AttackedPlace[],
  evidence: readonly HiddenEvidence[],
  options: Pick<HideOptions, 'hide' | 'outline' | 'unsure'> & {
    /** Faces that the detector sees in the result where nothing was hidden, and that were not left out on purpose. */
    readonly strays: number;
  },
): AnonymiseReport {
  const entries = places.map(({ id, personId, box, face, target }, i): HiddenEntry => {
    const { found, similarity } = evidence[i] ?? { found: true };
    const verdict = judge(found, similarity);
    return {
      id,
      ...(personId !== undefined && { personId }),
      box,
      found,
      ...(similarity !== undefined && { similarity }),
      verdict,
      notes: [...notesOf(target, face), ...(found ? ['Something there still looks like a face.'] : [])],
    };
  });
  const careful = options.unsure;
  const warnings: string[] = [];
  if (!careful)
    warnings.push('Faces were looked for less closely (fast, or without unsure ones): some may have been missed.');
  if (options.hide === 'people' && options.outline === 'matte') {
    warnings.push('The silhouettes stay: people may be told by them.');
  }
  const faceless = countFaceless(scene);
  if (faceless > 0) {
    const who = faceless === 1 ? 'One person has' : `${faceless} people have`;
    warnings.push(
      `${who} no face that was found: ${careful ? 'where it would be is covered' : 'nothing is covered there'}.`,
    );
  }
  if (options.strays > 0) {
    const what = options.strays === 1 ? 'A face is' : `${options.strays} faces are`;
    warnings.push(`${what} still seen where nothing was hidden.`);
  }
  const all = [...entries.map((entry) => entry.verdict), ...(options.strays > 0 ? ['doubtful' as const] : [])];
  const verdict = all.includes('failed') ? 'failed' : all.includes('doubtful') ? 'doubtful' : 'safe';
  return { verdict, careful, entries, warnings };
}

function judge(found: boolean, similarity: number | undefined): HiddenVerdict {
  if (similarity === undefined) return found ? 'doubtful' : 'safe';
  if (similarity >= FAILED) return 'failed';
  // A sticker may have a face of its own: what counts is whose.
  return similarity >= DOUBTFUL ? 'doubtful' : 'safe';
}

const NOTES: Readonly<Record<PossibleFace['basis'], string>> = {
  face: 'It is not sure that this is a face.',
  head: 'A person without a face that was found: the place of their head is covered.',
  told: 'Somebody said that there is a face.',
};

function notesOf(target: HiddenTarget, face: Face | undefined): readonly string[] {
  if (target.kind === 'place') {
    return [NOTES[target.place.basis]];
  }
  if (face === undefined) return ['No face of this person was found.'];
  return [
    ...(face.quality.size < SMALL ? ['The face is small: too few pixels to be compared well.'] : []),
    ...(face.score < UNCERTAIN ? ['The detector was not sure of this face.'] : []),
  ];
}

/** People of whom no face was found, as far as the scene knows. */
function countFaceless(scene: Scene): number {
  const people = scene.subjects?.subjects.filter(({ kind }) => kind === 'person');
  if (people !== undefined) return people.filter(({ faceIds }) => faceIds.length === 0).length;
  return (scene.possibleFaces?.places ?? []).filter(({ basis }) => basis === 'head').length;
}

/** Whether a point of the picture, in fractions, lies under an outline; of a silhouette, within its box. */
export function isUnder(outline: CoverOutline, { x, y }: Point): boolean {
  if (outline.kind === 'matte') {
    const { box } = outline.matte;
    return x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height;
  }
  const { points } = outline;
  let sign = 0;
  let a = points[points.length - 1];
  for (const b of points) {
    if (a === undefined) return false;
    const side = Math.sign((b.x - a.x) * (y - a.y) - (b.y - a.y) * (x - a.x));
    if (side !== 0 && sign !== 0 && side !== sign) return false;
    if (side !== 0) sign = side;
    a = b;
  }
  return sign !== 0;
}
