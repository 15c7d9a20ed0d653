import type { Matte } from '../picture/matte.ts';
import type { Box, Point } from './geometry.ts';

/**
 * What can be known of a picture. A Scene lists the facts it holds; an effect the facts it needs.
 *
 * - `matte`: the subject, whatever it is, against everything else
 * - `objects`: boxes and labels of things and people
 * - `faces`: boxes and key points of faces; `expressions` and `identities` add to each face what their names say
 * - `subjects`: people and things one by one, each with its own matte
 * - `saliency`: what the main subject is, where to look, and why
 * - `possible-faces`: where a face may be that `faces` does not hold, for what hides people
 */
export type Fact =
  | 'matte'
  | 'objects'
  | 'faces'
  | 'expressions'
  | 'identities'
  | 'subjects'
  | 'saliency'
  | 'possible-faces';

/** Every fact there is, in the order of {@link Scene}. */
export const FACTS: readonly Fact[] = [
  'matte',
  'objects',
  'faces',
  'expressions',
  'identities',
  'subjects',
  'saliency',
  'possible-faces',
];

/** Which models gave a fact, and what the user should know about it. */
export interface Provenance {
  /** Catalogue ids, in the order they were used. */
  readonly models: readonly string[];
  /** Set where the best model was not to be had: a sentence for the user, and what to do. */
  readonly notice?: string;
}

/** The subject of the picture, whatever it is, against everything else. */
export interface MatteFact {
  /** Model resolution (1024² from IS-Net), not the picture's: effects refine it against the full-size photo. */
  readonly matte: Matte;
  readonly provenance: Provenance;
}

/** A thing or person that the detector found. */
export interface DetectedObject {
  /** One of the 80 names of COCO, such as `person`, `dog`, `cup`. */
  readonly label: string;
  /** How sure the detector is, 0..1; only what reaches its class's threshold is kept. */
  readonly score: number;
  readonly box: Box;
}

export interface ObjectsFact {
  /** Surest first. */
  readonly objects: readonly DetectedObject[];
  readonly provenance: Provenance;
}

/** The five points that faces are aligned by; right and left are the person's own. */
export interface FacePoints {
  readonly rightEye: Point;
  readonly leftEye: Point;
  readonly nose: Point;
  readonly mouthRight: Point;
  readonly mouthLeft: Point;
}

/** How well a face can be seen: each 0 (useless) to 1 (as good as it gets). */
export interface FaceQuality {
  /** The smallest of the other three weighs most. */
  readonly overall: number;
  readonly size: number;
  readonly sharpness: number;
  /** 1 looks into the camera, 0 is in profile or turned away. */
  readonly pose: number;
}

/** The seven expressions, in the order of their names. */
export type ExpressionName = 'angry' | 'disgusted' | 'fearful' | 'happy' | 'neutral' | 'sad' | 'surprised';

export interface Expression {
  /** How much the face smiles, 0 not at all to 1, calibrated: at .5 as many do as do not. */
  readonly smile: number;
  /** Adds up to 1. What a face shows, not what a person feels. */
  readonly distribution: Readonly<Record<ExpressionName, number>>;
}

export interface Face {
  /** `face-1`, `face-2` …, unique within its scene. */
  readonly id: string;
  readonly box: Box;
  /** How sure the detector is, 0..1. */
  readonly score: number;
  readonly points: FacePoints;
  /** Turn of the head within the picture's plane, degrees clockwise, −180..180. */
  readonly rollDegrees: number;
  readonly quality: FaceQuality;
  /** With the fact `expressions`. */
  readonly expression?: Expression;
  /** With the fact `identities`: 128 numbers; the same person's lie within about .6 (Euclidean) of each other. */
  readonly vector?: Float32Array;
}

export interface FacesFact {
  /** Largest first. */
  readonly faces: readonly Face[];
  readonly provenance: Provenance;
}

/** Alpha of a part of the picture: `matte` covers `box` edge to edge, and outside of it alpha is 0. */
export interface RegionMatte {
  /** Within the picture. */
  readonly box: Box;
  readonly matte: Matte;
}

/** A person or a thing, with its own matte: mattes of people who overlap do not claim the same pixels. */
export interface Subject {
  /** `person-1`, `dog-2` …, unique within its scene. */
  readonly id: string;
  readonly kind: 'person' | 'object';
  /** One of the 80 names of COCO. */
  readonly label: string;
  readonly score: number;
  /** What the matte spans where there is one, else what the detector gave. */
  readonly box: Box;
  /** A point well inside the subject: a pick there gives this subject again. */
  readonly anchor: Point;
  readonly matte: RegionMatte;
  /** Ids of the faces that belong to this person, surest first. Empty of things. */
  readonly faceIds: readonly string[];
}

export interface SubjectsFact {
  /** People first, then things; largest matte first. */
  readonly subjects: readonly Subject[];
  readonly provenance: Provenance;
}

/** Where a face may be that `faces` does not hold. */
export interface PossibleFace {
  /** `maybe-1`, `maybe-2` …, unique within its scene. */
  readonly id: string;
  /** From the brows to the chin. */
  readonly box: Box;
  /**
   * `face`: the detector saw something like a face, on a closer look than that of `faces`. `head`: a person was found
   * and no face of theirs; this is where it would be. `told`: whoever asks says that there is one to hide, seen or not.
   */
  readonly basis: 'face' | 'head' | 'told';
  /** How sure it is that this is a face, 0..1; of a `head`, that there is a person. */
  readonly score: number;
  readonly points?: FacePoints;
  /** Degrees clockwise, −180..180. */
  readonly rollDegrees: number;
}

export interface PossibleFacesFact {
  /** Surest first. */
  readonly places: readonly PossibleFace[];
  readonly provenance: Provenance;
}

/** A name of what is in the picture, with its score. */
export interface ClassScore {
  readonly label: string;
  /** 0..1. */
  readonly score: number;
}

/** What a saliency rests on, from the best evidence to none: a map and matte that agree down to the picture's centre. */
export type SaliencyBasis = 'map-and-matte' | 'matte' | 'map' | 'faces' | 'centre';

export interface SaliencyFact {
  /** Evidence for the top class, 0..255 with the strongest at 255, at model resolution; all 0 without a class. */
  readonly map: Matte;
  /** Highest score first, at most five; empty where nothing was recognised. */
  readonly classes: readonly ClassScore[];
  /** Whose names the classes have. */
  readonly vocabulary: 'imagenet' | 'coco';
  /** Spans the main subject; the whole picture where there is none. */
  readonly box: Box;
  /** Where the eye should rest. */
  readonly focalPoint: Point;
  /** Id of the main subject among `subjects`, where that fact was asked for and one is main. */
  readonly subjectId?: string;
  /** 0 guessed to 1 certain. */
  readonly confidence: number;
  readonly basis: SaliencyBasis;
  readonly provenance: Provenance;
}

/** Who and what is in a picture: immutable data, never a promise. Holds the facts that were asked for. */
export interface Scene {
  readonly version: 1;
  /** Size of the upright picture in pixels. */
  readonly width: number;
  readonly height: number;
  readonly facts: readonly Fact[];
  readonly matte?: MatteFact;
  readonly objects?: ObjectsFact;
  readonly faces?: FacesFact;
  readonly subjects?: SubjectsFact;
  readonly saliency?: SaliencyFact;
  readonly possibleFaces?: PossibleFacesFact;
}
