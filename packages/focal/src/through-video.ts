import {
  type DetectedObject,
  type Face,
  type FacesFact,
  faceDistance,
  type ObjectsFact,
  posterMs,
  type Scene,
} from '@focal/core';

/** What is seen in a frame of a video, so many milliseconds from its start; absent in the one that stands for it. */
export type InVideo<T> = T & { readonly atMs?: number };

/** Who and what a photo shows, or all that was looked at of a video. */
export type FoundFacts = Omit<Scene, 'objects' | 'faces'> & {
  /** Of a video: of each kind those of the frame that shows most of it. */
  readonly objects?: Omit<ObjectsFact, 'objects'> & { readonly objects: readonly InVideo<DetectedObject>[] };
  /** Of a video: each face once, from the frame in which it is seen best. */
  readonly faces?: Omit<FacesFact, 'faces'> & { readonly faces: readonly InVideo<Face>[] };
};

/** A video is looked at so often, until that would be too often. */
const EVERY_MS = 4000;
const MOST_FRAMES = 24;
/** What is shorter is looked at once. */
const SHORTEST_MS = 1500;
/** The last look, as a share of the whole: the very last frames are often faded out. */
const LAST = 0.97;
/** Each look errs once in a while: of so many, what only one of them shows has to be surer than in a photo. */
const MANY_FRAMES = 3;
const SURE = 0.5;
/** Faces of two frames that are so near are one; people who are alike may be at .5. */
const SAME_FACE = 0.45;

/** When else to look at a video, in milliseconds, evenly from the frame that stands for it to the end. */
export function laterTimes(durationMs: number): readonly number[] {
  if (durationMs < SHORTEST_MS) return [];
  const frames = Math.min(MOST_FRAMES, Math.max(2, Math.ceil(durationMs / EVERY_MS)));
  const first = posterMs(durationMs);
  const step = (durationMs * LAST - first) / (frames - 1);
  return Array.from({ length: frames - 1 }, (_, i) => Math.round(first + (i + 1) * step));
}

/** All that frames of one video show, that which stands for it first. */
export function gatherScenes(
  first: Scene,
  later: readonly { readonly atMs: number; readonly scene: Scene }[],
): FoundFacts {
  const { objects, faces, ...rest } = first;
  const frames = [{ scene: first }, ...later];
  return {
    ...rest,
    ...(objects !== undefined && { objects: { ...objects, objects: gatherObjects(frames) } }),
    ...(faces !== undefined && { faces: { ...faces, faces: gatherFaces(frames) } }),
  };
}

type Frame = InVideo<{ readonly scene: Scene }>;

function gatherObjects(frames: readonly Frame[]): readonly InVideo<DetectedObject>[] {
  const most = new Map<string, readonly InVideo<DetectedObject>[]>();
  const seenIn = new Map<string, number>();
  for (const { scene, ...time } of frames) {
    const objects = scene.objects?.objects ?? [];
    for (const label of new Set(objects.map((object) => object.label))) {
      const here = objects.filter((object) => object.label === label).map((object) => ({ ...object, ...time }));
      seenIn.set(label, (seenIn.get(label) ?? 0) + 1);
      const known = most.get(label) ?? [];
      const isMore = here.length > known.length || (here.length === known.length && sumOf(here) > sumOf(known));
      if (isMore) most.set(label, here);
    }
  }
  return [...most]
    .filter(([label, [best]]) => isSure(seenIn.get(label) ?? 0, best?.score ?? 0, frames.length))
    .flatMap(([, objects]) => objects)
    .sort((a, b) => b.score - a.score);
}

function isSure(seenIn: number, score: number, frames: number): boolean {
  return seenIn > 1 || score >= SURE || frames < MANY_FRAMES;
}

function sumOf(objects: readonly DetectedObject[]): number {
  return objects.reduce((sum, { score }) => sum + score, 0);
}

/** The best of each face first decides; two of one frame are two, however alike. */
function gatherFaces(frames: readonly Frame[]): readonly InVideo<Face>[] {
  const all = frames.flatMap(({ scene, ...time }, frame) =>
    (scene.faces?.faces ?? []).map((face) => ({ frame, face: { ...face, ...time } })),
  );
  all.sort((a, b) => b.face.quality.overall - a.face.quality.overall);
  const groups: { readonly best: InVideo<Face>; readonly frames: Set<number> }[] = [];
  for (const { frame, face } of all) {
    const [nearest] = groups
      .filter((group) => !group.frames.has(frame))
      .map((group) => ({ group, distance: distanceOf(group.best, face) }))
      .sort((a, b) => a.distance - b.distance);
    if (nearest !== undefined && nearest.distance < SAME_FACE) nearest.group.frames.add(frame);
    else groups.push({ best: face, frames: new Set([frame]) });
  }
  return groups
    .filter(({ best, frames: seenIn }) => isSure(seenIn.size, best.score, frames.length))
    .map(({ best }) => best)
    .sort((a, b) => areaOf(b) - areaOf(a))
    .map((face, i) => ({ ...face, id: `face-${i + 1}` }));
}

function distanceOf(a: Face, b: Face): number {
  if (a.vector === undefined || b.vector === undefined) return Number.POSITIVE_INFINITY;
  return faceDistance(a.vector, b.vector);
}

function areaOf({ box }: Face): number {
  return box.width * box.height;
}
