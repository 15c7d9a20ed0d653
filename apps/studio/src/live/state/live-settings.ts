import type { DrawWish, HideSettings, LiveBackdrop, LiveCover, LiveMode } from '@focal/web';
import type { Params } from '../../state/types.ts';

export type LivePreset = 'fast' | 'balanced' | 'quality';

/** What the live page remembers. */
export interface LiveSettings {
  readonly mode: LiveMode;
  readonly preset: LivePreset;
  /** The detector looks at every so many frames. */
  readonly detectEvery: number;
  readonly delay: 0 | 1 | 2 | 3;
  /** Not said: as the source mostly is, webcams mirrored and all else not. */
  readonly isMirrored?: boolean | undefined;
  readonly showsBox: boolean;
  readonly showsOverlay: boolean;
  readonly backdrop: LiveBackdrop['kind'];
  readonly backdropColor: string;
  readonly hides: HideSettings['what'];
  readonly sparesLocked: boolean;
  readonly cover: LiveCover['kind'];
  readonly coverColor: string;
  /** By what the blur is drawn. */
  readonly drawnBy: DrawWish;
  /** What differs from the defaults of the look. */
  readonly look: Params;
  readonly cameraId?: string | undefined;
  readonly resolution: string;
  readonly usesMicrophone: boolean;
  /** Whether the better tracker may be offered; not any more once that was declined. */
  readonly offersTracker: boolean;
}

/** What a preset costs: how large the followed and the shown picture are, on their long side, and how often is looked. */
export const PRESETS: Readonly<
  Record<LivePreset, { readonly followSide: number; readonly showSide: number; readonly detectEvery: number }>
> = {
  fast: { followSide: 384, showSide: 512, detectEvery: 30 },
  balanced: { followSide: 480, showSide: 720, detectEvery: 15 },
  quality: { followSide: 640, showSide: 1280, detectEvery: 8 },
};

export const RESOLUTIONS = ['640×480', '1280×720', '1920×1080'] as const;

export const DEFAULTS: LiveSettings = {
  mode: 'subject',
  preset: 'balanced',
  detectEvery: PRESETS.balanced.detectEvery,
  delay: 1,
  showsBox: true,
  showsOverlay: true,
  backdrop: 'blur',
  backdropColor: '#4f8f6b',
  hides: 'faces',
  sparesLocked: false,
  cover: 'blur',
  coverColor: '#202226',
  drawnBy: 'auto',
  look: {},
  resolution: '1280×720',
  usesMicrophone: false,
  offersTracker: true,
};

const KEY = 'focal-live';

/** Whether a click on the picture locks what is there. */
export function canLock({ mode, sparesLocked }: Pick<LiveSettings, 'mode' | 'sparesLocked'>): boolean {
  return mode === 'subject' || (mode === 'hide' && sparesLocked);
}

/** What this browser remembers; defaults for what it does not understand. */
export function readLiveSettings(storage: Pick<Storage, 'getItem'>): LiveSettings {
  try {
    const saved: unknown = JSON.parse(storage.getItem(KEY) ?? '{}');
    return isRecord(saved) ? { ...DEFAULTS, ...pickKnown(saved) } : DEFAULTS;
  } catch {
    return DEFAULTS;
  }
}

export function writeLiveSettings(storage: Pick<Storage, 'setItem'>, settings: LiveSettings): void {
  try {
    storage.setItem(KEY, JSON.stringify(settings));
  } catch {
    // A private window without storage: the choice holds until the page is closed.
  }
}

const CHECKS: { readonly [K in keyof LiveSettings]-?: (value: unknown) => boolean } = {
  mode: (value) => value === 'subject' || value === 'everyone' || value === 'hide',
  preset: (value) => typeof value === 'string' && Object.hasOwn(PRESETS, value),
  detectEvery: (value) => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 90,
  delay: (value) => [0, 1, 2, 3].includes(Number(value)),
  isMirrored: isBoolean,
  showsBox: isBoolean,
  showsOverlay: isBoolean,
  backdrop: (value) => value === 'blur' || value === 'color' || value === 'picture',
  backdropColor: isColor,
  hides: (value) => value === 'faces' || value === 'people',
  sparesLocked: isBoolean,
  cover: (value) => value === 'blur' || value === 'mosaic' || value === 'solid',
  coverColor: isColor,
  drawnBy: (value) => value === 'auto' || value === 'card' || value === 'processor',
  look: (value) => isRecord(value) && Object.values(value).every((each) => ['string', 'number'].includes(typeof each)),
  cameraId: (value) => typeof value === 'string',
  resolution: (value) => RESOLUTIONS.some((each) => each === value),
  usesMicrophone: isBoolean,
  offersTracker: isBoolean,
};

function pickKnown(saved: Readonly<Record<string, unknown>>): Partial<LiveSettings> {
  const known = Object.entries(CHECKS).filter(([name, check]) => check(saved[name]));
  return Object.fromEntries(known.map(([name]) => [name, saved[name]])) as Partial<LiveSettings>;
}

function isColor(value: unknown): boolean {
  return typeof value === 'string' && /^#[0-9a-f]{6}$/i.test(value);
}

function isBoolean(value: unknown): boolean {
  return typeof value === 'boolean';
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
