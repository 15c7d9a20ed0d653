import { boxIou, createFocusSession, type FocusSight, type FocusView, type Picture, type Tracker } from '@focal/core';
import { createSightSchedule } from '@focal/models';
import { drawFocusClip, type FocusClip, FRAME_RATE, LEAVES, RETURNS, type Story } from './focus-clips.ts';

const SEEDS = 10;
/** Overlap from which a view shows the subject. */
const THERE = 0.3;
/** As a follower of the best live quality has the detector look. */
const SIGHT_EVERY = 8;
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

/** What the detector sees in a frame. */
export type See = (frame: Picture) => Promise<FocusSight>;

/** Sessions with each tracker, and the detector as a follower has it look, through clips with a story. */
export async function tellStory(
  folder: string,
  story: Story,
  trackers: Trackers,
  see: See,
  log: (line: string) => void,
): Promise<Readonly<Record<string, StoryResult>>> {
  const well = Object.fromEntries(Object.keys(trackers).map((name) => [name, 0]));
  for (let seed = 0; seed < SEEDS; seed++) {
    const clip = await drawFocusClip(folder, story, seed);
    const sights = new Map<Picture, Promise<FocusSight>>();
    const seeOnce: See = (frame) => {
      const sight = sights.get(frame) ?? see(frame);
      sights.set(frame, sight);
      return sight;
    };
    for (const [name, create] of Object.entries(trackers)) {
      const views = await watch(clip, create(), seeOnce, seed % SIGHT_EVERY);
      if (JUDGES[story](clip, views)) well[name] = (well[name] ?? 0) + 1;
      else log(`  ${story}, ${name}: ${clip.name}: ${describe(views)}`);
    }
  }
  return Object.fromEntries(Object.entries(well).map(([name, count]) => [name, { well: count, clips: SEEDS }]));
}

/** `phase`: so many frames sooner than elsewhere comes the second look, so that clips differ in when it comes. */
async function watch(clip: FocusClip, tracker: Tracker, see: See, phase: number): Promise<readonly FocusView[]> {
  const session = createFocusSession(tracker);
  const schedule = createSightSchedule(SIGHT_EVERY);
  const views: FocusView[] = [];
  for (const [i, picture] of clip.frames.entries()) {
    const [box] = clip.boxes;
    const isDue = schedule.isDue(i, session.wantsSight);
    const frame = { picture, ...(isDue ? await see(picture) : {}) };
    if (isDue) schedule.looked(i === 0 ? -phase : i);
    if (i === 0 && box !== undefined) views.push(await session.lock(frame, box));
    else views.push(await session.step(frame));
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
