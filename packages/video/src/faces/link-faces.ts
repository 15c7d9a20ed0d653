import {
  type Box,
  boxCentre,
  boxIou,
  createCorrelationTracker,
  createThreadCache,
  fitSize,
  type Picture,
  resizePicture,
  type ThreadCache,
  type Tracker,
} from '@focal/core';
import { detectFaces, type FaceSessions, toFacePoints } from '@focal/models';
import type { FacePlace, FaceTrack } from './face-track.ts';
import { lookNear } from './look-near.ts';

// [Note: no face slips] Every frame is searched for faces, and again more closely every half second. What is found is
// linked into tracks. Where the search misses a face of a track, it is looked for where it is expected; where that finds
// none either, what the face looked like is followed. A track that begins is followed backwards in the same way through
// the frames before it, which are kept for that. What is still missing between two frames of a track is laid between
// them, and each track is prolonged at both ends (complete-tracks.ts). Unsure means covered: a track counts when the
// search was once sure enough of it, or found it often. Until then it is not followed, so that what is no face costs little.

export interface LinkFacesOptions {
  /** The detectors. They stay the caller's. */
  readonly sessions: FaceSessions;
  /** From which score on a face counts by itself, 0..1. Some less counts when it was found in several frames. */
  readonly threshold: number;
  /** Frames a second, about. */
  readonly frameRate: number;
  /** Search the whole frame only so often, in frames; 1: in every one. */
  readonly every: number;
}

export interface FaceLinker {
  /** The next frame. */
  step(picture: Picture): Promise<void>;
  /** The tracks that count, once all frames were there, by their beginnings. */
  finish(): readonly FaceTrack[];
}

/** Longer side of the frames that are kept and that faces are followed in. */
const SMALL_SIDE = 640;
/** Seconds: a careful search, how long a face may be out of sight, how far back a new one is looked for. */
const CAREFUL_EVERY = 0.5;
const LEAST_CAREFUL = 10;
const OUT_OF_SIGHT = 1;
const LOOK_BACK = 0.5;
const MOST_KEPT = 20;
/** Frames that a face is followed by its looks alone, or by what hardly looks like one. */
const MOST_FOLLOWED = 12;
/** Frames for which a track that does not count yet waits to be found again. */
const WAIT = 4;
/** Of the correlation, below which what is followed is lost. */
const LEAST_ALIKE = 0.12;
/** A closer look has to be so sure where something is expected, and so sure to count as much as being found. */
const LOOK_SCORE = 0.15;
const LOOK_SURE = 0.35;
/** What is not sure by itself has to be found so often, with this share of what would be sure. */
const SEEN_OFTEN = 3;
const LOW = 0.7;
/** Mean change of a pixel's channels between two frames, in bytes, by which the scene is another. */
const CUT = 45;
const CUT_SIDE = 64;

interface OpenTrack {
  readonly first: number;
  readonly places: (FacePlace | undefined)[];
  readonly startsAtCut: boolean;
  /** Places before the first, nearest first. */
  readonly before: FacePlace[];
  best: number;
  /** Frames in which the search found it. */
  found: number;
  /** Follows by looks; there while the face is not seen. */
  tracker: Tracker | undefined;
  followed: number;
  /** Frame of the last place that was seen or followed. */
  last: number;
  /** Movement for each frame, in fractions. */
  speed: { readonly x: number; readonly y: number };
  isSearchedBack: boolean;
}

export function createFaceLinker({ sessions, threshold, frameRate, every }: LinkFacesOptions): FaceLinker {
  const cache = createThreadCache();
  const low = threshold * LOW;
  const counts = (track: OpenTrack): boolean => track.best >= threshold || track.found >= SEEN_OFTEN;
  const carefulEvery = Math.max(LEAST_CAREFUL, Math.round(CAREFUL_EVERY * frameRate));
  const outOfSight = Math.max(3, Math.round(OUT_OF_SIGHT * frameRate));
  const lookBack = Math.min(MOST_KEPT, Math.max(3, Math.round(LOOK_BACK * frameRate)));
  const closed: { readonly track: OpenTrack; readonly endsAtCut: boolean }[] = [];
  let open: OpenTrack[] = [];
  /** The last frames of this scene, small, the newest last. */
  let kept: Picture[] = [];
  let thumbnail: Picture | undefined;
  let sceneStart = 0;
  let index = -1;

  function close(track: OpenTrack, endsAtCut: boolean): void {
    closed.push({ track, endsAtCut });
  }

  async function search(picture: Picture): Promise<readonly FacePlace[]> {
    const sinceCut = index - sceneStart;
    if (sinceCut % every !== 0) return [];
    const effort = sinceCut % carefulEvery === 0 && every === 1 ? 'careful' : 'fast';
    const faces = await detectFaces(sessions, picture, { effort, minScore: low, cache });
    return faces.map(({ box, score, rollDegrees, points }) => ({
      box,
      score,
      rollDegrees,
      points: toFacePoints(points),
      basis: 'found' as const,
    }));
  }

  /** The place of a track's face in this frame, where the search did not see it. */
  async function seek(
    track: OpenTrack,
    picture: Picture,
    small: Picture,
    before: Picture | undefined,
  ): Promise<FacePlace | undefined> {
    if (!counts(track) || track.followed >= MOST_FOLLOWED) return undefined;
    const last = lastPlace(track);
    const expected = {
      box: moveBox(last.box, track.speed, Math.min(4, index - track.last)),
      rollDegrees: last.rollDegrees,
    };
    const near =
      (await lookNear(sessions.full, picture, expected, LOOK_SCORE)) ??
      (await lookNear(sessions.full, picture, last, LOOK_SCORE));
    if (near !== undefined) {
      track.tracker = undefined;
      track.followed = near.score >= LOOK_SURE ? 0 : track.followed + 1;
      return near;
    }
    if (track.tracker === undefined) {
      // Only from the frame right before: what lies further back is no longer there to be learned.
      if (before === undefined || track.last !== index - 1) return undefined;
      track.tracker = createCorrelationTracker();
      await track.tracker.start(before, clampLearned(last.box));
    }
    const { box, confidence } = await track.tracker.step(small);
    track.followed++;
    if (confidence < LEAST_ALIKE) {
      track.followed = MOST_FOLLOWED;
      return undefined;
    }
    return { box: keepSize(box, last.box), rollDegrees: last.rollDegrees, score: confidence, basis: 'followed' };
  }

  function add(track: OpenTrack, place: FacePlace): void {
    const previous = lastPlace(track);
    const gap = index - track.last;
    const [from, to] = [boxCentre(previous.box), boxCentre(place.box)];
    track.speed = {
      x: 0.5 * track.speed.x + (0.5 * (to.x - from.x)) / gap,
      y: 0.5 * track.speed.y + (0.5 * (to.y - from.y)) / gap,
    };
    while (track.first + track.places.length < index) track.places.push(undefined);
    track.places.push(place);
    track.last = index;
    if (place.basis === 'found') {
      track.found++;
      track.tracker = undefined;
      track.followed = 0;
      track.best = Math.max(track.best, place.score);
    }
  }

  /** Follows a new face back through the frames before it. */
  async function searchBack(track: OpenTrack): Promise<void> {
    track.isSearchedBack = true;
    const first = track.places[0];
    const newest = index - track.first;
    if (first === undefined || kept.length <= newest + 1) return;
    let at = kept.length - 1 - newest;
    let last: FacePlace = first;
    let tracker: Tracker | undefined;
    let weak = 0;
    for (at -= 1; at >= 0 && track.before.length < lookBack; at--) {
      const frame = kept[at] as Picture;
      const expected = { box: moveBox(last.box, track.speed, -1), rollDegrees: last.rollDegrees };
      let place = await lookNear(sessions.full, frame, expected, LOOK_SCORE);
      weak = place !== undefined && place.score >= LOOK_SURE ? 0 : weak + 1;
      if (weak > MOST_FOLLOWED) return;
      if (place !== undefined) {
        tracker = undefined;
      } else {
        if (tracker === undefined) {
          tracker = createCorrelationTracker();
          await tracker.start(kept[at + 1] as Picture, clampLearned(last.box));
        }
        const { box, confidence } = await tracker.step(frame);
        if (confidence < LEAST_ALIKE) return;
        place = { box: keepSize(box, last.box), rollDegrees: last.rollDegrees, score: confidence, basis: 'followed' };
      }
      track.before.push(place);
      last = place;
    }
  }

  return {
    async step(picture) {
      index++;
      const small = reduce(picture, cache);
      const tiny = resizePicture(small, CUT_SIDE, CUT_SIDE, { filter: 'area' });
      if (thumbnail !== undefined && meanChange(tiny, thumbnail) > CUT) {
        for (const track of open) close(track, true);
        open = [];
        kept = [];
        sceneStart = index;
      }
      thumbnail = tiny;
      const before = kept.at(-1);
      kept.push(small);
      if (kept.length > lookBack + SEEN_OFTEN + 1) kept.shift();

      const found = [...(await search(picture))];
      const waiting: OpenTrack[] = [];
      for (const { track, place } of match(open, found, index)) {
        if (place === undefined) waiting.push(track);
        else add(track, place);
      }
      for (const track of waiting) {
        const place = await seek(track, picture, small, before);
        if (place !== undefined) {
          // Somebody else's face, which is covered anyway.
          const isTaken = place.basis !== 'found' && open.some((other) => other !== track && isAt(other, place, index));
          if (!isTaken) add(track, place);
        }
      }
      open = open.filter((track) => {
        const isOver = index - track.last > (counts(track) ? outOfSight : WAIT * every);
        if (isOver) close(track, false);
        return !isOver;
      });
      for (const place of found) {
        open.push({
          first: index,
          places: [place],
          startsAtCut: index === sceneStart,
          before: [],
          best: place.score,
          found: 1,
          tracker: undefined,
          followed: 0,
          last: index,
          speed: { x: 0, y: 0 },
          isSearchedBack: false,
        });
      }
      for (const track of open) {
        // Two places tell how it moves.
        if (!track.isSearchedBack && counts(track) && index > track.first) await searchBack(track);
      }
    },
    finish() {
      for (const track of open) close(track, false);
      open = [];
      return closed
        .filter(({ track }) => counts(track))
        .map(({ track, endsAtCut }) => ({
          first: track.first - track.before.length,
          places: [...track.before.toReversed(), ...track.places],
          endsAtCut,
          startsAtCut: track.startsAtCut,
        }))
        .sort((a, b) => a.first - b.first)
        .map((track, i) => ({ id: `face-${i + 1}`, ...track }));
    },
  };
}

/**
 * The tracks with the place that is theirs, the best pairs first; places that are taken are removed from `found`. A place
 * is a track's when they overlap, or lie near each other and have about the same size.
 */
function match(
  tracks: readonly OpenTrack[],
  found: FacePlace[],
  index: number,
): readonly { readonly track: OpenTrack; readonly place: FacePlace | undefined }[] {
  const pairs = tracks.flatMap((track) => {
    const gap = index - track.last;
    const expected = moveBox(lastPlace(track).box, track.speed, Math.min(4, gap));
    return found.map((place) => ({ track, place, closeness: closeness(expected, place.box, gap) }));
  });
  const chosen = new Map<OpenTrack, FacePlace>();
  const taken = new Set<FacePlace>();
  for (const { track, place, closeness: near } of pairs.sort((a, b) => b.closeness - a.closeness)) {
    if (near <= 0 || chosen.has(track) || taken.has(place)) continue;
    chosen.set(track, place);
    taken.add(place);
  }
  found.splice(0, found.length, ...found.filter((place) => !taken.has(place)));
  return tracks.map((track) => ({ track, place: chosen.get(track) }));
}

/** Above 0 where two boxes may be one face, which grows with the frames between them. */
function closeness(a: Box, b: Box, gap: number): number {
  const [from, to] = [boxCentre(a), boxCentre(b)];
  const size = Math.max(a.width, b.width);
  const ratio = Math.max(a.width, b.width) / Math.max(1e-6, Math.min(a.width, b.width));
  if (ratio > 2.2) return 0;
  const tall = Math.max(a.height, b.height);
  const away = Math.hypot((to.x - from.x) / size, (to.y - from.y) / tall);
  const reach = Math.min(2.2, 0.9 + 0.1 * gap);
  return away > reach ? 0 : boxIou(a, b) + 1 - away / reach + 1e-6;
}

function isAt(track: OpenTrack, place: FacePlace, index: number): boolean {
  return track.last === index && boxIou(lastPlace(track).box, place.box) > 0.3;
}

function lastPlace({ places }: OpenTrack): FacePlace {
  return places.findLast((place) => place !== undefined) as FacePlace;
}

function moveBox(box: Box, speed: { readonly x: number; readonly y: number }, frames: number): Box {
  return { ...box, x: box.x + speed.x * frames, y: box.y + speed.y * frames };
}

/** A tracker's place with the size that the detector gave. */
function keepSize(box: Box, known: Box): Box {
  const { x, y } = boxCentre(box);
  return { x: x - known.width / 2, y: y - known.height / 2, width: known.width, height: known.height };
}

/** Trackers learn from what lies in the frame. */
function clampLearned({ x, y, width, height }: Box): Box {
  const left = Math.min(0.98, Math.max(0, x));
  const top = Math.min(0.98, Math.max(0, y));
  return {
    x: left,
    y: top,
    width: Math.max(0.01, Math.min(1, x + width) - left),
    height: Math.max(0.01, Math.min(1, y + height) - top),
  };
}

function reduce(picture: Picture, cache: ThreadCache): Picture {
  if (Math.max(picture.width, picture.height) <= SMALL_SIDE) return picture;
  const { width, height } = fitSize(picture, SMALL_SIDE);
  return resizePicture(picture, width, height, { filter: 'area', cache });
}

function meanChange(a: Picture, b: Picture): number {
  let sum = 0;
  for (let i = 0; i < a.data.length; i++) {
    if ((i & 3) !== 3) sum += Math.abs((a.data[i] as number) - (b.data[i] as number));
  }
  return sum / (a.width * a.height * 3);
}
