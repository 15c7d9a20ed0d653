import { type Appearance, likeness } from './appearance.ts';

/** What a subject has looked like, and what was not it. */
export interface AppearanceMemory {
  /** Takes on how it looks now. */
  add(appearance: Appearance): void;
  /** Takes on what looks alike, or stands close by, and is not it. */
  addOther(appearance: Appearance): void;
  /** How sure it is the subject. */
  compare(appearance: Appearance): Recognition;
}

export interface Recognition {
  /** The greatest likeness to what it has looked like, -1..1. */
  readonly own: number;
  /** The same less the greatest likeness to what is not it: above 0 where it is rather the subject. */
  readonly margin: number;
}

/** So many looks are kept beside the first, and so many of others. */
const MOST_OWN = 15;
const MOST_OTHERS = 30;
/** What is more alike than this to a look that is known adds nothing. */
const NEW_BELOW = 0.8;
/** What is more alike than this to the subject cannot be told apart by looks, and would only make it doubted. */
const TWIN_ABOVE = 0.6;

/**
 * Remembers looks of a subject and of what is not it; what is seen is compared with the nearest of both, as in Kalal,
 * Mikolajczyk and Matas, "Tracking-Learning-Detection" (PAMI 2012). The first look is never forgotten.
 */
export function createAppearanceMemory(first: Appearance): AppearanceMemory {
  const own: Appearance[] = [first];
  const others: Appearance[] = [];
  return {
    add(appearance) {
      if (nearest(appearance, own) > NEW_BELOW) return;
      own.push(appearance);
      if (own.length > MOST_OWN + 1) own.splice(1, 1);
    },
    addOther(appearance) {
      if (nearest(appearance, others) > NEW_BELOW || nearest(appearance, own) > TWIN_ABOVE) return;
      others.push(appearance);
      if (others.length > MOST_OTHERS) others.shift();
    },
    compare(appearance) {
      const like = nearest(appearance, own);
      return { own: like, margin: like - nearest(appearance, others) };
    },
  };
}

/** The greatest likeness to any; 0 where there are none. */
function nearest(appearance: Appearance, all: readonly Appearance[]): number {
  let most = all.length === 0 ? 0 : -1;
  for (const each of all) most = Math.max(most, likeness(appearance, each));
  return most;
}
