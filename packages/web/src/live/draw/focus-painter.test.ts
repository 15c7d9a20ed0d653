import { openSourcePage, type SourcePage } from '@focal/testing/pages';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const HTML = `<!doctype html><script type="module">
import { createMatte, createPicture, focusLook } from '@focal/core';
import { openCard } from '/packages/web/src/live/draw/card.ts';
import { createFocusPainter } from '/packages/web/src/live/draw/focus-painter.ts';

const [WIDTH, HEIGHT] = [240, 160];
const frame = createPicture(WIDTH, HEIGHT);
for (let i = 0; i < WIDTH * HEIGHT; i++) {
  const [x, y] = [i % WIDTH, Math.floor(i / WIDTH)];
  frame.data.set([x, ((x >> 3) + (y >> 3)) % 2 ? 230 : 20, y, 255], i * 4);
}
const matte = createMatte(60, 40);
for (let y = 10; y < 30; y++) matte.data.fill(255, y * 60 + 20, y * 60 + 35);
const look = focusLook.parse({ radius: 0.04 });
const reader = new OffscreenCanvas(WIDTH, HEIGHT).getContext('2d', { willReadFrequently: true, alpha: false });
const pixelsOf = (shown) => {
  if (!(shown instanceof ImageBitmap)) return shown.data;
  reader.drawImage(shown, 0, 0);
  shown.close();
  return reader.getImageData(0, 0, WIDTH, HEIGHT).data;
};
const reference = createFocusPainter(() => undefined, () => undefined).render(frame, { matte, subject: 1, timeMs: 0 }, look).data;

let painter;
let loss;
let returns = 0;
globalThis.start = ({ wish, pretendsReal }) => {
  const canvas = new OffscreenCanvas(1, 1);
  painter = createFocusPainter(() => returns++, (onBack) => {
    const card = openCard(onBack, canvas);
    return pretendsReal ? Object.create(card, { isSoftware: { value: false } }) : card;
  });
  loss = canvas.getContext('webgl2').getExtension('WEBGL_lose_context');
  painter.wish(wish);
  return { hasCard: painter.hasCard };
};
globalThis.paint = () => {
  const { shown, by } = painter.paint(frame, { matte, subject: 1, timeMs: 0 }, look);
  const pixels = pixelsOf(shown);
  let worst = 0;
  for (let i = 0; i < pixels.length; i++) worst = Math.max(worst, Math.abs(pixels[i] - reference[i]));
  return { by, worst, note: painter.note };
};
Object.defineProperty(globalThis, 'returns', { get: () => returns });
globalThis.lose = () => loss.loseContext();
// Told of by an event, a task later.
globalThis.rest = () => new Promise((resolve) => setTimeout(resolve, 100));
globalThis.restore = () => loss.restoreContext();
globalThis.paintIdle = () => {
  const { shown, by } = painter.paint(frame, { subject: 0, timeMs: 0 }, look);
  return { isFrame: shown === frame, by };
};
globalThis.ready = true;
</script>`;

describe('drawing by the graphics card', () => {
  let opened: SourcePage;
  const call = <T>(script: string): Promise<T> => opened.page.evaluate<T>(script);
  const paint = () => call<{ by?: string; worst: number; note?: string }>('paint()');

  beforeAll(async () => {
    opened = await openSourcePage({ html: HTML, ready: 'ready' });
  });
  afterAll(() => opened?.close());

  it('goes on by the processor the moment the card is lost, and by the card once it is back', async () => {
    await call('start({ wish: "card" })');
    for (let round = 0; round < 2; round++) {
      const drawn = await paint();
      expect(drawn).toMatchObject({ by: 'card', note: expect.stringContaining('no graphics card') });
      expect(drawn.worst).toBeLessThanOrEqual(2);
      await call('lose()');
      expect(await paint()).toMatchObject({ by: 'processor', worst: 0, note: expect.stringContaining('lost') });
      await call('rest()');
      expect(await paint()).toMatchObject({ by: 'processor', worst: 0 });
      await call('restore()');
      await call('rest()');
    }
    expect(await paint()).toMatchObject({ by: 'card' });
    expect(await call('returns')).toBe(2);
  });

  it('is lost between two pictures without a task between them', async () => {
    await call('start({ wish: "card" })');
    const [before, after] = await call<{ by: string; worst: number }[]>('[paint(), (lose(), paint())]');
    expect(before).toMatchObject({ by: 'card' });
    expect(after).toMatchObject({ by: 'processor', worst: 0 });
  });

  it('is not chosen by itself where it is drawn in software', async () => {
    expect(await call('start({ wish: "auto" })')).toEqual({ hasCard: false });
    for (let i = 0; i < 3; i++) expect(await paint()).toMatchObject({ by: 'processor', worst: 0 });
  });

  it('is tried where it is said to be real, and left where it is slower', async () => {
    expect(await call('start({ wish: "auto", pretendsReal: true })')).toEqual({ hasCard: true });
    const by: string[] = [];
    for (let i = 0; i < 10; i++) by.push((await paint()).by ?? 'none');
    for (const each of ['card', 'processor']) expect(by.slice(0, 8).filter((one) => one === each)).toHaveLength(4);
    expect(new Set(by.slice(8)).size).toBe(1);
  });

  it('has nothing to do where all is sharp', async () => {
    await call('start({ wish: "card" })');
    expect(await call('paintIdle()')).toEqual({ isFrame: true });
  });
});
