import type { CDPSession } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import {
  awaitRest,
  awaitState,
  clickMiddle,
  findLit,
  measureDetail,
  openPausedDemo,
  PATIENCE_MS,
  readOverlay,
  startLive,
  type TestLive,
} from '../fixtures/open-live.ts';

const SKYLINE = { x: 0, y: 0.42, width: 0.25, height: 0.2 };

let live: TestLive;
beforeAll(async () => {
  // Drawn in software, but with all that a graphics card would be asked for.
  live = await startLive(['--use-angle=swiftshader', '--enable-unsafe-swiftshader']);
}, PATIENCE_MS);
afterEach(() => live.closePages());
afterAll(() => live.close());

/** The process that draws for all pages; nothing while there is none. */
async function readGraphicsProcess(session: CDPSession | undefined): Promise<number | undefined> {
  const { processInfo = [] } = (await session?.send('SystemInfo.getProcessInfo')) ?? {};
  return processInfo.find(({ type }) => type === 'GPU')?.id;
}

it('blurs by what is chosen, says by what, and looks the same', { timeout: 4 * PATIENCE_MS }, async () => {
  const page = await live.show();
  await openPausedDemo(page);
  const sharp = await awaitRest(page);
  await clickMiddle(page, await findLit(page, 'Walker'));
  await awaitState(page, 'Locked');
  const choose = (name: string) => page.locator('.segment', { hasText: name }).click();
  const awaitDrawnBy = async (name: string) => {
    await expect
      .poll(() => readOverlay(page), { timeout: PATIENCE_MS })
      .toMatch(new RegExp(`Draw [\\d.]+ ms, ${name}`));
  };
  // By itself it takes no software.
  await awaitDrawnBy('processor');
  const ours = await awaitRest(page);
  await choose('Graphics card');
  await awaitDrawnBy('graphics card');
  await page.getByText('its WebGL2 runs on the processor').waitFor({ timeout: PATIENCE_MS });
  const theirs = await awaitRest(page);
  expect(measureDetail(theirs, SKYLINE)).toBeLessThan(0.65 * measureDetail(sharp, SKYLINE));
  const worst = theirs.data.reduce((most, value, i) => Math.max(most, Math.abs(value - (ours.data[i] ?? 0))), 0);
  expect(worst).toBeLessThanOrEqual(3);

  // The browser's graphics process ends, and with it all that the card held.
  const session = await page.context().browser()?.newBrowserCDPSession();
  const before = await readGraphicsProcess(session);
  await session?.send('Browser.crashGpuProcess');
  await expect.poll(() => readGraphicsProcess(session), { timeout: PATIENCE_MS }).not.toBe(before);
  // What was shown comes back by itself, and what is drawn next is by the card again.
  await expect.poll(async () => (await awaitRest(page)).data.equals(theirs.data), { timeout: PATIENCE_MS }).toBe(true);
  await choose('Pentagon');
  await awaitDrawnBy('graphics card');
  await choose('Disc');
  await expect.poll(async () => (await awaitRest(page)).data.equals(theirs.data), { timeout: PATIENCE_MS }).toBe(true);
});
