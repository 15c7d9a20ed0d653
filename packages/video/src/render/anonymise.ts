import {
  allocateLocal,
  anonymise,
  convexHull,
  drawOverlay,
  type Hidden,
  headRight,
  outlineHead,
  type Picture,
  parseParameters,
  planCovers,
  runPlan,
  type Scene,
  toCoverStyle,
} from '@focal/core';
import type { FacePlace, FaceTrack } from '../faces/face-track.ts';

export interface AnonymiseFramesOptions {
  /** Parameters of the effect `anonymize`; how faces are found there plays no part. */
  readonly params: Readonly<Record<string, unknown>>;
  /** Drawn over each face with `style: 'picture'`. */
  readonly picture?: Picture | undefined;
  /** How large covers are beside the usual size. Default 1. */
  readonly scale?: number;
  /** Draws each face's box with its name and how sure the detector was. */
  readonly drawScores?: boolean;
}

/** How much larger covers are than on photos, as a share: by how surely a place is known. */
const MARGINS: Readonly<Record<FacePlace['basis'], number>> = {
  found: 0.1,
  looked: 0.15,
  followed: 0.25,
  between: 0.3,
  beyond: 0.25,
};

/**
 * Covers the faces of complete tracks, frame by frame. A cover takes in where the face is in the frames before and after
 * as well; its colours and noise are made of what lies around it and of the track, so that it does not flicker. Throws
 * `invalid-argument` for wrong parameters. [Note: anonymised means gone]
 */
export function createAnonymiseRenderer(
  tracks: readonly FaceTrack[],
  options: AnonymiseFramesOptions,
): (picture: Picture, frame: number) => Picture {
  const { picture: sticker, scale = 1, drawScores = false } = options;
  const params = parseParameters(anonymise, options.params);
  const slots = takeSlots(tracks);
  const count = Math.max(0, ...slots.map(({ slot }) => slot + 1));
  const isSoft = params.style === 'blur' || params.style === 'picture';

  return (picture, frame) => {
    const present = slots.filter(({ track }) => placeAt(track, frame) !== undefined);
    if (present.length === 0) return picture;
    const aspect = picture.width / picture.height;
    const hidden: Hidden[] = Array.from({ length: count }, () => NOBODY);
    for (const { track, slot } of present) {
      const cover = coverOf(track, frame, aspect, scale * (1 + params.margin) - 1);
      if (cover !== undefined) hidden[slot] = cover;
    }
    const result = runPlan(
      planCovers(picture, () => hidden, count, {
        style: toCoverStyle(params, picture),
        seed: params.seed,
        softness: isSoft ? params.softness : 0,
        ...(params.style === 'picture' && sticker !== undefined ? { sticker } : {}),
        allocate: allocateLocal,
      }),
    );
    return drawScores
      ? drawFaces(
          result,
          present.map(({ track }) => track),
          frame,
        )
      : result;
  };
}

/** A cover that hides nothing: far outside of the frame. It keeps the places of the others in the list. */
const NOBODY: Hidden = {
  outline: {
    kind: 'convex',
    points: [
      { x: -9, y: -9 },
      { x: -8.99, y: -9 },
      { x: -8.99, y: -8.99 },
    ],
  },
  right: { x: 1, y: 0 },
};

/** Each track with a number that no other has at the same time: covers are told apart by it. */
function takeSlots(tracks: readonly FaceTrack[]): readonly { readonly track: FaceTrack; readonly slot: number }[] {
  const ends: number[] = [];
  return [...tracks]
    .sort((a, b) => a.first - b.first)
    .map((track) => {
      const free = ends.findIndex((end) => end <= track.first);
      const slot = free < 0 ? ends.length : free;
      ends[slot] = track.first + track.places.length;
      return { track, slot };
    });
}

function placeAt({ first, places }: FaceTrack, frame: number): FacePlace | undefined {
  return places[frame - first];
}

/** The hull of the head's outlines in this frame and its neighbours. */
function coverOf(track: FaceTrack, frame: number, aspect: number, margin: number): Hidden | undefined {
  const place = placeAt(track, frame);
  if (place === undefined) return undefined;
  const near = [placeAt(track, frame - 1), place, placeAt(track, frame + 1)].filter((each) => each !== undefined);
  const points = near.flatMap((each) => {
    const outline = outlineHead(each, aspect, (1 + margin) * (1 + MARGINS[each.basis]) - 1);
    return outline.kind === 'convex' ? outline.points : [];
  });
  return { outline: { kind: 'convex', points: convexHull(points) }, right: headRight(place, aspect) };
}

function drawFaces(picture: Picture, tracks: readonly FaceTrack[], frame: number): Picture {
  const objects = tracks.flatMap((track) => {
    const place = placeAt(track, frame);
    return place === undefined ? [] : [{ label: `${track.id} ${place.basis}`, score: place.score, box: place.box }];
  });
  const scene: Scene = {
    version: 1,
    width: picture.width,
    height: picture.height,
    facts: ['objects'],
    objects: { objects, provenance: { models: [] } },
  };
  return drawOverlay(picture, scene);
}
