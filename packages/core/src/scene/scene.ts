import type { Matte } from '../picture/matte.ts';

/** What can be known of a picture. A Scene lists the facts it holds; an effect the facts it needs. */
export type Fact = 'matte';

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

/** Who and what is in a picture: immutable data, never a promise. Holds the facts that were asked for. */
export interface Scene {
  readonly version: 1;
  /** Size of the upright picture in pixels. */
  readonly width: number;
  readonly height: number;
  readonly facts: readonly Fact[];
  readonly matte?: MatteFact;
}
