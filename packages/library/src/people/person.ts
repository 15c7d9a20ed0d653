/** Somebody who is seen in photos. */
export interface Person {
  /** Stays the same for good; of two people who are merged, that of the one who goes on. */
  readonly id: number;
  /** Empty where the user gave none. */
  readonly name: string;
  readonly isFavourite: boolean;
  readonly isHidden: boolean;
  /** In photos that show. */
  readonly faces: number;
  /** The face that was chosen, else the best one; absent where no photo shows. */
  readonly coverFaceId?: number;
  /** Tells one cover from another. */
  readonly coverVersion?: string;
}

/** A face in a photo, as lists of faces show it. */
export interface PersonFace {
  readonly id: number;
  readonly assetId: number;
  /** Of a video: in which frame, in milliseconds from its start. */
  readonly atMs?: number;
  /** Fractions of the upright photo, or frame. */
  readonly box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  /** 0 useless to 1 as good as it gets. */
  readonly quality: number;
  /** Absent where it is nobody's. */
  readonly personId?: number;
  /** Whether the user said who it is. */
  readonly isConfirmed: boolean;
  readonly isDrawn: boolean;
  /** Tells one picture of it from another. */
  readonly version: string;
}

export interface PeoplePage {
  readonly people: readonly Person[];
  /** Where the next page begins; absent on the last one. */
  readonly next?: string;
}

export interface PeopleListOptions {
  /** `next` of the page before. */
  readonly cursor?: string;
  /** 1..1000, default 100. */
  readonly limit?: number;
  /** So many faces at least, of people without a name; those who have one are listed all the same. Default 1. */
  readonly minFaces?: number;
  /** Hidden people in place of all others. */
  readonly isHidden?: boolean;
  /** Only people who have a name, or have none. */
  readonly isNamed?: boolean;
  /** Part of the name. */
  readonly name?: string;
  /** `size` (default): favourites, then people with a name, then the others, each by number of faces; or by `name`. */
  readonly sort?: 'size' | 'name';
}

export interface FacePage {
  readonly faces: readonly PersonFace[];
  readonly next?: string;
}

export interface PersonChange {
  /** Empty takes the name away. */
  readonly name?: string;
  readonly isFavourite?: boolean;
  readonly isHidden?: boolean;
  /** A face of this person; null takes the best one again. */
  readonly coverFaceId?: number | null;
}

/** What was done, for {@link People.undo}. */
export interface PeopleActed {
  readonly action: number;
}

/** Questions to the user, for {@link People.answer}. */
export type Suggestion =
  | {
      /** Are these two one person? The first is the one who would go on. */
      readonly kind: 'same-person';
      readonly people: readonly [Person, Person];
      /** Mean distance between their faces: below about .6 for one person. */
      readonly distance: number;
    }
  | {
      /** Is this face, which is nobody's, this person? */
      readonly kind: 'is-person';
      readonly face: PersonFace;
      readonly person: Person;
      readonly distance: number;
    };

export type Answer =
  | { readonly kind: 'same-person'; readonly people: readonly [number, number]; readonly isSo: boolean }
  | { readonly kind: 'is-person'; readonly face: number; readonly person: number; readonly isSo: boolean };

/** Who a face in a picture may be. */
export interface FaceSearch {
  /** The face that was searched for, in fractions. */
  readonly box: PersonFace['box'];
  /** All faces of the picture, the largest first. */
  readonly boxes: readonly PersonFace['box'][];
  /** The nearest first; distance to the nearest face of each. */
  readonly people: readonly { readonly person: Person; readonly distance: number }[];
  readonly faces: readonly { readonly face: PersonFace; readonly distance: number }[];
}

export const ACTION_KINDS = [
  'rename',
  'favourite',
  'hide',
  'cover',
  'merge',
  'split',
  'move',
  'reject',
  'apart',
  'draw',
  'remove-faces',
  'double',
  'import-names',
  'hide-faces',
] as const;
export type ActionKind = (typeof ACTION_KINDS)[number];

/** What was done with people. */
export interface PeopleAction {
  readonly action: number;
  readonly kind: ActionKind;
  readonly actedAt: number;
  /** How many of them it touched. */
  readonly people: number;
  /** What those of them are called now who are there and have a name. */
  readonly names: readonly string[];
}
