import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Library } from '@focal/library';
import { serve } from '@focal/server';
import { launchChromium } from '@focal/testing';
import { createFocal } from 'focal';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { median } from './bench.ts';

const STUDIO = fileURLToPath(new URL('../../apps/studio/dist', import.meta.url));
const VIEWPORT = { width: 1440, height: 900 };
const VISITS = 5;
/** Turns of the wheel, and what each moves by: a quick flick, some 7,000 pixels a second where the page keeps up. */
const TURNS = 240;
const TURN_PX = 120;
/** Places of the timeline that are jumped to, as shares of its height. */
const JUMPS = [0.2, 0.55, 0.9, 0.35, 0.7];

export interface PageTimes {
  /** From the address to photos in all rows in sight, median over some visits. */
  readonly openedMs: number;
  /** The longest that a row in sight was without photos while the page was scrolled. */
  readonly blankMs: number;
  /** From a jump to a far month to photos in all rows in sight, median. */
  readonly jumpedMs: number;
}

/**
 * The library's page in Chromium, whose thumbnails are all one small picture. Closes the library. Throws where the studio
 * is not built or no Chromium is there.
 */
export async function measureLibraryPage(library: Library): Promise<PageTimes> {
  if (!existsSync(STUDIO)) throw new Error('The studio is not built: npm run build.');
  const focal = await createFocal({});
  const server = await serve({ focal, port: 0, studioDir: STUDIO, openLibrary: async () => library });
  if (server.state !== 'listening') throw new Error('The port is taken.');
  const browser = await launchChromium();
  try {
    const page = await browser.newPage({ viewport: VIEWPORT });
    const create = { width: 24, height: 18, channels: 3, background: '#407090' } as const;
    const body = await sharp({ create }).webp().toBuffer();
    await page.route(/\/thumbnail\?|\/thumbnail$/, (route) => route.fulfill({ contentType: 'image/webp', body }));
    await page.addInitScript(WATCH);
    const opened: number[] = [];
    for (let visit = 0; visit < VISITS; visit++) {
      await page.goto(`${server.url}/library`);
      opened.push(Number(await page.evaluate('opened')));
    }
    const blankMs = await scroll(page);
    const jumped: number[] = [];
    for (const share of JUMPS) jumped.push(Number(await page.evaluate(`jumpTo(${share})`)));
    return { openedMs: median(opened), blankMs, jumpedMs: median(jumped) };
  } finally {
    await browser.close();
    await server.close(0);
  }
}

/** As a wheel does, event by event, from the newest photos on. */
async function scroll(page: Page): Promise<number> {
  await page.mouse.move(VIEWPORT.width / 2, VIEWPORT.height / 2);
  await page.evaluate('watchRows()');
  for (let turn = 0; turn < TURNS; turn++) await page.mouse.wheel(0, TURN_PX);
  return Number(await page.evaluate('longestBlank()'));
}

/** Runs in the page: looks down a column of what is in sight, frame by frame. A row is 208 pixels high. */
const WATCH = `
  const STEP_PX = 60, BLANK_STEPS = 3;
  const scroller = () => document.querySelector('.grid-scroller');
  const isFilled = (x, y) => [0, 9].some((by) => {
    const tag = document.elementFromPoint(x + by, y + by)?.closest('.tile, .section-title');
    return tag !== null && tag !== undefined;
  });
  const hasBlankRow = () => {
    const box = scroller()?.getBoundingClientRect();
    if (box === undefined || document.querySelector('.tile') === null) return true;
    let blank = 0;
    for (let y = box.top + 4; y < box.bottom - 16; y += STEP_PX) {
      blank = isFilled(box.left + 0.3 * box.width, y) ? 0 : blank + 1;
      if (blank === BLANK_STEPS) return true;
    }
    return false;
  };
  const untilFilled = (start) => new Promise((resolve) => {
    const look = () => hasBlankRow() ? requestAnimationFrame(look) : resolve(performance.now() - start);
    requestAnimationFrame(look);
  });
  const jumpTo = (share) => {
    const start = performance.now();
    scroller().scrollTop = share * scroller().scrollHeight;
    return untilFilled(start);
  };
  let longest = 0, since, isWatching = false;
  const watchRows = () => {
    isWatching = true;
    const look = (now) => {
      if (hasBlankRow()) longest = Math.max(longest, now - (since ??= now));
      else since = undefined;
      if (isWatching) requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  };
  const longestBlank = async () => {
    await untilFilled(0);
    isWatching = false;
    return longest;
  };
  Object.assign(globalThis, { opened: untilFilled(0), jumpTo, watchRows, longestBlank });`;
