import type { BrowserModel } from '../state/types.ts';

/** What the user should know before a model runs in this browser. Times and memory as measured in Chromium on two cores. */
export interface BrowserModelInfo {
  readonly id: BrowserModel;
  readonly title: string;
  readonly finds: string;
  readonly cost: string;
  /** Asked before it is loaded. */
  readonly isHeavy: boolean;
}

export const browserModels: readonly BrowserModelInfo[] = [
  {
    id: 'selfie',
    title: 'Selfie',
    finds: 'People only, softer edges.',
    cost: 'Loads 0.5 MB and the 14 MB engine once; a second or so.',
    isHeavy: false,
  },
  {
    id: 'isnet-medium',
    title: 'IS-Net',
    finds: 'Any subject, fine edges.',
    cost: 'Loads 88 MB once; some 25 s a photo, the first over a minute, and 1 GB of memory while it runs.',
    isHeavy: true,
  },
];

/** What finding people, faces and things takes in this browser: every one of these models, each loaded once. */
export const SCENE_MODELS: readonly string[] = [
  'selfie',
  'centernet',
  'face-full',
  'face-short',
  'facemesh',
  'face-expression',
  'emotion',
  'pose-full',
];
export const SCENE_COST = 'loads 28 MB of models once, and takes some 5 s a photo';

/**
 * What checking that faces are hidden always takes in this browser, wherever they were found; `facemesh` comes with the first
 * face that is still seen. The cost is that of all.
 */
export const CHECK_MODELS: readonly string[] = ['face-full', 'face-short', 'face-recognition'];
export const CHECK_COST = 'loads 27 MB of models and the 14 MB engine';

const NAMES: Readonly<Record<string, string>> = {
  'isnet-medium': 'IS-Net',
  'isnet-small': 'IS-Net, small',
  selfie: 'Selfie',
  'selfie-landscape': 'Selfie, landscape',
  'face-short': 'face detection',
  'face-full': 'face detection',
};

/** Names of models for people. */
export function nameModels(ids: readonly string[]): string {
  return [...new Set(ids.map((id) => NAMES[id] ?? id))].join(' + ');
}
