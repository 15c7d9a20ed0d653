import type { FocusLook, Matte, Picture } from '@focal/core';
import { openSourcePage } from './source-page.ts';

const HTML = `<!doctype html><script type="module">
import { createFocusDrawer, createFocusLayerer } from '@focal/core';
import { createGlBokeh } from '/packages/web/src/live/draw/gl-bokeh.ts';
const gl = new OffscreenCanvas(1, 1).getContext('webgl2', { alpha: false });
const [drawer, layerer, bokeh] = [createFocusDrawer(), createFocusLayerer(), createGlBokeh(gl)];
const canvas = new OffscreenCanvas(1, 1);
const context = canvas.getContext('2d', { willReadFrequently: true, alpha: false });
const read = async (path) => new Uint8Array(await (await fetch(path)).arrayBuffer());
const drawByCard = (frame, shot, look) => {
  const { picture, subject } = layerer.split(frame, shot, look);
  if (!bokeh.draw(picture, subject, { ...look, radius: shot.radius })) throw new Error('The card is gone.');
};
globalThis.compare = async ({ width, height, matteWidth, matteHeight, look, path }) => {
  const frame = { width, height, colorSpace: 'srgb', data: await read('/frame' + path) };
  const sharp = { width: matteWidth, height: matteHeight, data: await read('/matte' + path) };
  const shot = { sharp, radius: look.radius };
  const started = performance.now();
  const { data: ours } = drawer.draw(frame, shot, look);
  const drawn = performance.now();
  drawByCard(frame, shot, look);
  const ended = performance.now();
  [canvas.width, canvas.height] = [width, height];
  context.drawImage(bokeh.canvas, 0, 0);
  const { data: theirs } = context.getImageData(0, 0, width, height);
  const found = { worst: 0, unequal: 0, changed: 0, coreMs: drawn - started, cardMs: ended - drawn };
  for (let i = 0; i < ours.length; i++) {
    const difference = Math.abs(ours[i] - theirs[i]);
    found.worst = Math.max(found.worst, difference);
    if (difference > 0) found.unequal++;
    if (ours[i] !== frame.data[i]) found.changed++;
  }
  return found;
};
</script>`;

/** A frame, what is sharp in it, and how it is to look. */
export interface FocusFrameToDraw {
  readonly frame: Picture;
  readonly sharp: Matte;
  readonly look: FocusLook;
}

export interface Comparison {
  /** The largest difference of a byte between core's picture and the graphics card's. */
  readonly worst: number;
  /** How many bytes differ at all, and how many core's drawing changed in the frame. */
  readonly unequal: number;
  readonly changed: number;
  readonly coreMs: number;
  readonly cardMs: number;
}

/** Draws frames in Chromium by core's kernels and with WebGL2. */
export interface GlFocusPage {
  compare(frame: FocusFrameToDraw): Promise<Comparison>;
  close(): Promise<void>;
}

export async function openGlFocusPage(): Promise<GlFocusPage> {
  const files = new Map<string, Uint8Array>();
  const opened = await openSourcePage({ html: HTML, files, ready: 'compare' });
  let count = 0;
  return {
    close: () => opened.close(),
    async compare({ frame, sharp, look }) {
      const { width, height } = frame;
      const path = `/${count++}`;
      files.set(`/frame${path}`, new Uint8Array(frame.data));
      files.set(`/matte${path}`, new Uint8Array(sharp.data));
      const args = { width, height, matteWidth: sharp.width, matteHeight: sharp.height, look, path };
      const found = await opened.page.evaluate<Comparison>(`compare(${JSON.stringify(args)})`);
      files.clear();
      return found;
    },
  };
}
