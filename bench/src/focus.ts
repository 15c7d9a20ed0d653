import { boxIou, createFocusSession, type FocusView, type Tracker } from '@focal/core';
import { drawFocusClip, type FocusClip, FRAME_RATE, LEAVES, RETURNS, type Story } from './focus-clips.ts';

const SEEDS = 10;
/** Overlap from which a view shows the subject. */
const THERE = 0.3;
/** Within so many frames a subject that is gone must be called lost. */
const LOST_WITHIN = 10;

/** What a focus session did in clips of one story. */
export interface StoryResult {
  /** Clips that went well. */
  readonly well: number;
  readonly clips: number;
}

/** Trackers by their names, made anew for each clip. */
export type Trackers = Readonly<Record<string, () => Tracker>>;

/** Sessions with each tracker through clips with a story. */
export async function tellStory(
  folder: string,
  story: Story,
  trackers: Trackers,
  log: (line: string) => void,
): Promise<Readonly<Record<string, StoryResult>>> {
  const well = Object.fromEntries(Object.keys(trackers).map((name) => [name, 0]));
  for (let seed = 0; seed < SEEDS; seed++) {
    const clip = await drawFocusClip(folder, story, seed);
    for (const [name, create] of Object.entries(trackers)) {
      const views = await watch(clip, create());
      if (JUDGES[story](clip, views)) well[name] = (well[name] ?? 0) + 1;
      else log(`  ${story}, ${name}: ${clip.name}: ${describe(views)}`);
    }
  }
  return Object.fromEntries(Object.entries(well).map(([name, count]) => [name, { well: count, clips: SEEDS }]));
}

async function watch(clip: FocusClip, tracker: Tracker): Promise<readonly FocusView[]> {
  const session = createFocusSession(tracker);
  const views: FocusView[] = [];
  for (const [i, picture] of clip.frames.entries()) {
    const [box] = clip.boxes;
    if (i === 0 && box !== undefined) views.push(await session.lock({ picture }, box));
    else views.push(await session.step({ picture }));
  }
  return views;
}

const JUDGES: Readonly<Record<Story, (clip: FocusClip, views: readonly FocusView[]) => boolean>> = {
  hidden(clip, views) {
    const back = views.slice(RETURNS, RETURNS + FRAME_RATE);
    return back.some((view, i) => isOn(view, clip.boxes[RETURNS + i]));
  },
  gone(_clip, views) {
    const after = views.slice(LEAVES);
    const lost = after.findIndex(({ state }) => state === 'lost');
    return lost >= 0 && lost < LOST_WITHIN && after.slice(lost).every(({ state }) => state === 'lost');
  },
  crossing(clip, views) {
    const last = views.length - 1;
    const view = views[last];
    if (view === undefined) return false;
    return !isOn(view, clip.others[last]);
  },
};

function isOn({ state, box }: FocusView, truth: FocusClip['boxes'][number]): boolean {
  return state === 'locked' && box !== undefined && truth !== undefined && boxIou(box, truth) > THERE;
}

/** States with the frames they lasted: `locked 24, searching 7`. */
function describe(views: readonly FocusView[]): string {
  const parts: { state: string; frames: number }[] = [];
  for (const { state } of views) {
    const last = parts.at(-1);
    if (last?.state === state) last.frames++;
    else parts.push({ state, frames: 1 });
  }
  return parts.map(({ state, frames }) => `${state} ${frames}`).join(', ');
}
