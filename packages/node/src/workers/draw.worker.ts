import { workerData } from 'node:worker_threads';
import { createFocusDrawer, type Picture } from '@focal/core';
import { createBackgroundDrawer } from '@focal/video';
import type { DrawJobs } from './draw-jobs.ts';
import { rebuildMatte, rebuildPicture } from './plan-spec.ts';
import { type Priority, takePriority } from './priority.ts';
import { serveJobs } from './worker-main.ts';

takePriority(workerData as Priority);

let focus: { readonly drawer: ReturnType<typeof createFocusDrawer>; readonly size: string } | undefined;
let background: { readonly draw: ReturnType<typeof createBackgroundDrawer>; readonly video: number } | undefined;

serveJobs<DrawJobs>({
  async 'draw-focus'({ picture, shot, look }) {
    const size = `${picture.width}×${picture.height}`;
    // Its memory is of one size.
    if (focus?.size !== size) focus = { drawer: createFocusDrawer(), size };
    const frame = rebuildPicture(picture);
    const sharp = shot.sharp === undefined ? {} : { sharp: rebuildMatte(shot.sharp) };
    focus.drawer.draw(frame, { ...sharp, radius: shot.radius }, look, frame);
    return { result: undefined };
  },
  async 'draw-background'({ picture, matte, video, options }) {
    if (background?.video !== video) background = { draw: createBackgroundDrawer(options), video };
    const frame: Picture = rebuildPicture(picture);
    frame.data.set(background.draw(frame, rebuildMatte(matte)).data);
    return { result: undefined };
  },
});
