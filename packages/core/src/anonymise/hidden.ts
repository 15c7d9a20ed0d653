import { boxCentre, boxShareWithin, type Point } from '../scene/geometry.ts';
import { alphaAt } from '../scene/region.ts';
import type { Face, PossibleFace, Scene, Subject } from '../scene/scene.ts';
import { type CoverOutline, convexHull, headRight, outlineHead, outlinePerson, outlineSilhouette } from './outline.ts';
import type { Hidden } from './paint.ts';

/** What is hidden of whom. */
export interface HideOptions {
  /** Faces, or whole people with the faces that belong to nobody. */
  readonly hide: 'faces' | 'people';
  /** Of whole people: the convex hull, or the silhouette, from which who it is may be told. */
  readonly outline: 'hull' | 'matte';
  /** How much further than usual covers reach, as a share of a face's size. */
  readonly margin: number;
  /** Whether places are covered, too, where a face may be that was not surely found. */
  readonly unsure: boolean;
  /** Whose faces and bodies are hidden; absent: everybody's. */
  readonly selection?: { readonly subjects: readonly Subject[]; readonly faces: readonly Face[] };
}

/** Whom covers are for. Plain data: what reports are made from. */
export type HiddenTarget =
  | { readonly kind: 'face'; readonly face: Face }
  | { readonly kind: 'place'; readonly place: PossibleFace }
  | { readonly kind: 'person'; readonly person: Subject; readonly faces: readonly Face[] };

/** Guessed places are covered with more room. */
const GUESSED_MARGIN = 0.15;
/** Alpha from which on a pixel is a person's. */
const HALF = 128;
/** Share of a place within a face that is to stay, from which on it is that face. */
const SAME = 0.5;

/**
 * Whom to hide: the selected faces or people, and unless `unsure` is false the places where a face may be, but for those
 * that belong to somebody who is not selected. Places of which it was told that a face is there are always hidden. Cheap.
 */
export function listHidden(scene: Scene, options: HideOptions): readonly HiddenTarget[] {
  const { hide, unsure, selection } = options;
  const everyone = (scene.subjects?.subjects ?? []).filter(({ kind }) => kind === 'person');
  const all = scene.faces?.faces ?? [];
  const people = selection === undefined ? everyone : selection.subjects.filter(({ kind }) => kind === 'person');
  const faces = selection === undefined ? all : selection.faces;
  const spared = all.filter(({ id }) => !faces.some((face) => face.id === id));
  // With whole faces selected, people are only known by them.
  const others = everyone.filter(
    ({ id, faceIds }) => !people.some((person) => person.id === id) && !faces.some((face) => faceIds.includes(face.id)),
  );
  const places = (scene.possibleFaces?.places ?? []).filter(
    ({ basis, box }) =>
      basis === 'told' ||
      (unsure &&
        !spared.some((face) => boxShareWithin(box, face.box) > SAME) &&
        !others.some(({ matte }) => alphaAt(matte, boxCentre(box)) >= HALF)),
  );
  const targets: HiddenTarget[] = [];
  const within = new Set<string>();
  if (hide === 'people') {
    for (const person of people) {
      const own = all.filter(({ id }) => person.faceIds.includes(id));
      for (const { id } of own) within.add(id);
      targets.push({ kind: 'person', person, faces: own });
    }
  }
  for (const face of faces) if (!within.has(face.id)) targets.push({ kind: 'face', face });
  for (const place of places) targets.push({ kind: 'place', place });
  return targets;
}

/** The outline of each target, and which way is to the right of it. */
export function outlineHidden(
  targets: readonly HiddenTarget[],
  aspect: number,
  options: HideOptions,
): readonly Hidden[] {
  const { margin, outline } = options;
  return targets.flatMap((target): readonly Hidden[] => {
    switch (target.kind) {
      case 'face':
        return [outlineOf(target.face, aspect, margin)];
      case 'place':
        return [outlinePlace(target.place, aspect, margin)];
      case 'person': {
        const heads = target.faces.map((face) => outlineOf(face, aspect, margin));
        const { matte } = target.person;
        if (outline === 'matte') return [toUpright(outlineSilhouette(matte, aspect)), ...heads];
        return [
          toUpright(
            outlinePerson(
              matte,
              heads.map((head) => head.outline),
              aspect,
              PERSON_MARGIN + margin / 5,
            ),
          ),
        ];
      }
    }
  });
}

/** How many outlines {@link outlineHidden} gives, without making them. */
export function countOutlines(targets: readonly HiddenTarget[], { outline }: HideOptions): number {
  return targets.reduce(
    (sum, target) => sum + 1 + (target.kind === 'person' && outline === 'matte' ? target.faces.length : 0),
    0,
  );
}

/**
 * How far the hull of a person is grown, as a share of the longer side: feet and hands that stick out of what the models
 * see of somebody lie within. With .06, over 5 % of a person was left three times as often (bench `anonymize`).
 */
const PERSON_MARGIN = 0.1;
const UPRIGHT: Point = { x: 1, y: 0 };

function toUpright(outline: CoverOutline): Hidden {
  return { outline, right: UPRIGHT };
}

function outlinePlace(place: PossibleFace, aspect: number, margin: number): Hidden {
  const { basis, box } = place;
  const hidden = outlineOf(place, aspect, margin + (basis === 'face' ? 0 : GUESSED_MARGIN));
  const { outline } = hidden;
  if (basis !== 'told' || outline.kind !== 'convex') return hidden;
  // Whoever drew the box may have drawn it around hair and all: nothing of it is left.
  const corners = [box.x, box.x + box.width].flatMap((x) => [box.y, box.y + box.height].map((y) => ({ x, y })));
  return { ...hidden, outline: { kind: 'convex', points: convexHull([...outline.points, ...corners]) } };
}

function outlineOf(place: Face | PossibleFace, aspect: number, margin: number): Hidden {
  return { outline: outlineHead(place, aspect, margin), right: headRight(place, aspect) };
}
