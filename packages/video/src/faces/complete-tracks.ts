import { type Box, boxCentre, type FacePoints, type Point } from '@focal/core';
import type { FaceBasis, FacePlace, FaceTrack } from './face-track.ts';

export interface CompleteTracksOptions {
  /** Frames of the video. */
  readonly frames: number;
  readonly frameRate: number;
}

/** Seconds for which a face may be out of sight and still be the same. */
const BRIDGE = 1;
/** Seconds, and frames at least, by which tracks are prolonged. */
const BEYOND = 0.3;
const LEAST_BEYOND = 3;
/** Before a change of the scene. After one, as after any other end: what looked like a change may have been a flash. */
const BEFORE_CUT = 1;
/** How fast movement fades beyond a track's ends, for each frame. */
const FADE = 0.8;
/** Frames to each side over which places are made steady. */
const STEADY = 2;

/**
 * Tracks without gaps: those that are one face out of sight for a moment are joined, what is missing is laid between,
 * both ends are prolonged, and what jitters is made steady. Each then has a place in every one of its frames.
 */
export function completeTracks(
  tracks: readonly FaceTrack[],
  { frames, frameRate }: CompleteTracksOptions,
): readonly FaceTrack[] {
  const bridge = Math.max(2, Math.round(BRIDGE * frameRate));
  const beyond = Math.max(LEAST_BEYOND, Math.round(BEYOND * frameRate));
  return join(tracks, bridge)
    .map(fillGaps)
    .map(steady)
    .map((track) => prolong(track, beyond, frames))
    .map((track, index) => ({ ...track, id: `face-${index + 1}` }));
}

/** The last place of a track, or the first. */
function endOf(track: FaceTrack, end: 'first' | 'last'): FacePlace {
  const place = end === 'first' ? track.places.find(isPlace) : track.places.findLast(isPlace);
  return place as FacePlace;
}

function isPlace(place: FacePlace | undefined): place is FacePlace {
  return place !== undefined;
}

/** Joins each track with the nearest one that begins soon after its end, near to it. */
function join(tracks: readonly FaceTrack[], most: number): readonly FaceTrack[] {
  const left = tracks.map(trim).sort((a, b) => a.first - b.first);
  for (let i = 0; i < left.length; i++) {
    for (;;) {
      const track = left[i] as FaceTrack;
      const end = track.first + track.places.length;
      const next = track.endsAtCut
        ? -1
        : left.findIndex(
            (other, k) =>
              k > i &&
              !other.startsAtCut &&
              other.first >= end &&
              other.first - end < most &&
              areNear(endOf(track, 'last').box, endOf(other, 'first').box, other.first - end + 1),
          );
      if (next < 0) break;
      const other = left[next] as FaceTrack;
      const gap = Array.from({ length: other.first - end }, () => undefined);
      left[i] = { ...track, places: [...track.places, ...gap, ...other.places], endsAtCut: other.endsAtCut };
      left.splice(next, 1);
    }
  }
  return left;
}

/** Without missing places at the ends. */
function trim(track: FaceTrack): FaceTrack {
  const from = track.places.findIndex(isPlace);
  const to = track.places.findLastIndex(isPlace);
  return { ...track, first: track.first + from, places: track.places.slice(from, to + 1) };
}

function areNear(a: Box, b: Box, gap: number): boolean {
  const ratio = Math.max(a.width, b.width) / Math.max(1e-6, Math.min(a.width, b.width));
  const [from, to] = [boxCentre(a), boxCentre(b)];
  const away = Math.hypot((to.x - from.x) / Math.max(a.width, b.width), (to.y - from.y) / Math.max(a.height, b.height));
  return ratio < 2 && away < Math.min(3, 0.8 + 0.15 * gap);
}

function fillGaps(track: FaceTrack): FaceTrack {
  const places: FacePlace[] = [];
  for (const [i, place] of track.places.entries()) {
    if (place !== undefined) {
      places.push(place);
      continue;
    }
    const before = places[i - 1] as FacePlace;
    const rest = track.places.slice(i).findIndex(isPlace);
    const after = track.places[i + rest] as FacePlace;
    places.push({ ...mixPlaces(before, after, 1 / (rest + 1)), score: 0, basis: 'between' });
  }
  return { ...track, places };
}

/** The mean place of neighbouring frames in the largest size among them. */
function steady(track: FaceTrack): FaceTrack {
  const all = track.places as readonly FacePlace[];
  const places = all.map((place, i) => {
    const near = all.slice(Math.max(0, i - STEADY), i + STEADY + 1);
    // As many on both sides, so that nothing lags behind.
    const reach = Math.min(STEADY, i, all.length - 1 - i);
    const even = all.slice(i - reach, i + reach + 1);
    const x = mean(even.map(({ box }) => box.x + box.width / 2));
    const y = mean(even.map(({ box }) => box.y + box.height / 2));
    const width = Math.max(...near.map(({ box }) => box.width));
    const height = Math.max(...near.map(({ box }) => box.height));
    return { ...place, box: { x: x - width / 2, y: y - height / 2, width, height } };
  });
  return { ...track, places };
}

function prolong(track: FaceTrack, most: number, frames: number): FaceTrack {
  const places = track.places as readonly FacePlace[];
  const before = run(places, -1, Math.min(track.first, track.startsAtCut ? BEFORE_CUT : most));
  const end = track.first + places.length;
  const after = run(places, 1, Math.max(0, Math.min(frames - end, most)));
  return { ...track, first: track.first - before.length, places: [...before.toReversed(), ...places, ...after] };
}

/** Places beyond an end, nearest first: on in the direction of the last movement, ever slower. */
function run(places: readonly FacePlace[], direction: 1 | -1, count: number): readonly FacePlace[] {
  const end = places.at(direction === 1 ? -1 : 0) as FacePlace;
  const span = Math.min(4, places.length - 1);
  const inner = places.at(direction === 1 ? -1 - span : span) as FacePlace;
  const [from, to] = [boxCentre(inner.box), boxCentre(end.box)];
  let stepX = span === 0 ? 0 : (to.x - from.x) / span;
  let stepY = span === 0 ? 0 : (to.y - from.y) / span;
  let { x, y } = end.box;
  return Array.from({ length: count }, () => {
    x += stepX;
    y += stepY;
    stepX *= FADE;
    stepY *= FADE;
    return { ...shifted(end, { ...end.box, x, y }), score: 0, basis: 'beyond' as const };
  });
}

/** A place with its points moved along with its box. */
function shifted(place: FacePlace, box: Box): FacePlace {
  const { points } = place;
  if (points === undefined) return { ...place, box };
  const [dx, dy] = [box.x - place.box.x, box.y - place.box.y];
  const move = ({ x, y }: Point): Point => ({ x: x + dx, y: y + dy });
  return { ...place, box, points: mapPoints(points, move) };
}

function mapPoints(
  { rightEye, leftEye, nose, mouthRight, mouthLeft }: FacePoints,
  map: (point: Point) => Point,
): FacePoints {
  return {
    rightEye: map(rightEye),
    leftEye: map(leftEye),
    nose: map(nose),
    mouthRight: map(mouthRight),
    mouthLeft: map(mouthLeft),
  };
}

/** A place between two: without points, which would have to be known in both. */
function mixPlaces(a: FacePlace, b: FacePlace, share: number): Pick<FacePlace, 'box' | 'rollDegrees'> {
  const mix = (from: number, to: number): number => from + (to - from) * share;
  return {
    box: {
      x: mix(a.box.x, b.box.x),
      y: mix(a.box.y, b.box.y),
      width: mix(a.box.width, b.box.width),
      height: mix(a.box.height, b.box.height),
    },
    rollDegrees: a.rollDegrees + turn(a.rollDegrees, b.rollDegrees) * share,
  };
}

/** Degrees from one direction to another the short way. */
function turn(from: number, to: number): number {
  return ((((to - from + 180) % 360) + 360) % 360) - 180;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** What is known of the tracks of a video, to be told. Plain data. */
export interface FaceTracksReport {
  readonly tracks: readonly FaceTrackReport[];
  /** Frames with at least one cover. */
  readonly coveredFrames: number;
  /** Frames in which a cover's place was not seen by a detector, but followed, laid between, or prolonged. */
  readonly guessedFrames: number;
  /** The runs of frames with the least to go by, worst first. */
  readonly weakest: readonly WeakMoment[];
}

export interface FaceTrackReport {
  readonly id: string;
  /** Seconds. */
  readonly from: number;
  readonly to: number;
  readonly frames: number;
  /** Frames by how the place was known. */
  readonly bases: Readonly<Record<FaceBasis, number>>;
  /** The surest the detector was. */
  readonly bestScore: number;
}

/** A run of frames in which a face was not found by the detector. */
export interface WeakMoment {
  readonly track: string;
  readonly from: number;
  readonly to: number;
  readonly frames: number;
  readonly basis: FaceBasis;
}

const MOST_WEAK = 10;

/** @param timestamps of the frames, in seconds. */
export function reportTracks(tracks: readonly FaceTrack[], timestamps: readonly number[]): FaceTracksReport {
  const at = (frame: number): number => timestamps[Math.min(frame, timestamps.length - 1)] ?? 0;
  const covered = new Set<number>();
  const guessed = new Set<number>();
  const weak: WeakMoment[] = [];
  const reports = tracks.map(({ id, first, places }) => {
    const bases = { found: 0, looked: 0, followed: 0, between: 0, beyond: 0 };
    let bestScore = 0;
    let runStart = 0;
    for (const [i, place] of places.entries()) {
      if (place === undefined) continue;
      bases[place.basis]++;
      covered.add(first + i);
      if (place.basis === 'found') bestScore = Math.max(bestScore, place.score);
      if (place.basis !== 'found' && place.basis !== 'looked') guessed.add(first + i);
      const next = places[i + 1];
      if (next?.basis === place.basis) continue;
      if (place.basis === 'followed' || place.basis === 'between') {
        weak.push({
          track: id,
          from: at(first + runStart),
          to: at(first + i),
          frames: i - runStart + 1,
          basis: place.basis,
        });
      }
      runStart = i + 1;
    }
    const last = first + places.length - 1;
    return { id, from: at(first), to: at(last), frames: places.length, bases, bestScore };
  });
  weak.sort((a, b) => b.frames - a.frames);
  return {
    tracks: reports,
    coveredFrames: covered.size,
    guessedFrames: guessed.size,
    weakest: weak.slice(0, MOST_WEAK),
  };
}
