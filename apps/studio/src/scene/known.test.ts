import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { awaitRest, openPhotos, PATIENCE_MS, readSmall, useStudio } from '../fixtures/open-studio.ts';

// Somebody is known for the sitting, in the built studio on the real server: seen from then on, and nobody else is.
describe('somebody who is known', () => {
  const studio = useStudio({ withoutModels: ['isnet-medium'] });

  const known = (page: Page, name: RegExp | string) => page.getByRole('button', { name, exact: true });
  const ALL = /^(Person|Face) \d+ is known$/;
  const target = (page: Page) => page.getByRole('combobox', { name: 'Acts on' });

  async function openList(page: Page): Promise<void> {
    const toggle = page.getByRole('button', { name: /In this photo/ });
    if ((await toggle.getAttribute('aria-expanded')) === 'false') await toggle.click();
    await known(page, ALL).first().waitFor({ timeout: PATIENCE_MS });
  }

  /** The middle of each face of the list as it is on the screen: RGBA. */
  async function readFaces(page: Page): Promise<readonly (readonly number[])[]> {
    const faces: number[][] = [];
    for (const row of await page.locator('.scene-list ul .scene-row').all()) {
      await row.hover();
      await page.locator('.scene-frame').waitFor();
      faces.push(
        await page.evaluate(() => {
          const canvas = document.querySelector<HTMLCanvasElement>('canvas.result');
          const frame = document.querySelector<HTMLElement>('.scene-frame');
          if (canvas === null || frame === null) throw new Error('There is no result.');
          const { left, top, width, height } = frame.style;
          const [x, y, w, h] = [left, top, width, height].map((text) => Number.parseFloat(text) / 100) as [
            number,
            number,
            number,
            number,
          ];
          const context = canvas.getContext('2d');
          const middle = [x + w / 4, y + h / 4, w / 2, h / 2] as const;
          const [px, py, pw, ph] = middle.map((value, i) => Math.round(value * (i % 2 ? canvas.height : canvas.width)));
          return [...(context?.getImageData(px ?? 0, py ?? 0, pw || 1, ph || 1).data ?? [])];
        }),
      );
      await page.mouse.move(5, 5);
      await page.locator('.scene-frame').waitFor({ state: 'detached' });
    }
    return faces;
  }

  /** Whether each face of the list is seen as it is in the photo, in their order. */
  async function seen(page: Page): Promise<readonly boolean[]> {
    await awaitRest(page);
    const now = await readFaces(page);
    await page.getByRole('button', { name: 'Anonymise is on' }).click();
    await awaitRest(page);
    const photo = await readFaces(page);
    await page.getByRole('button', { name: 'Anonymise is off' }).click();
    await awaitRest(page);
    return now.map((face, i) => {
      const difference = face.reduce((sum, value, j) => sum + Math.abs(value - (photo[i]?.[j] ?? 0)), 0) / face.length;
      return difference < 3;
    });
  }

  it('is seen in all photos of the sitting, everybody else stays covered, and a reload forgets them', async () => {
    const page = await studio.show('server', { viewport: { width: 1100, height: 1000 } });
    const again = { ...(await readSmall('sample1.jpg', 720)), name: 'again.jpg' };
    await openPhotos(page, await readSmall('sample1.jpg', 800), again);
    await page.getByRole('button', { name: 'Hidden faces', exact: true }).click();
    await openList(page);
    expect(await known(page, ALL).count()).toBe(3);
    expect(await seen(page)).toEqual([false, false, false]);

    await known(page, 'Person 2 is known').click();
    await page.getByText('Person 2 is known until').waitFor({ timeout: PATIENCE_MS });
    expect(await target(page).inputValue()).toBe('unknown-faces');
    await page.keyboard.press('Control+z');
    expect(await target(page).inputValue()).toBe('everything');
    await page.keyboard.press('Control+Shift+z');
    const pressed = () => known(page, ALL).evaluateAll((all) => all.map((each) => each.ariaPressed));
    expect(await pressed()).toEqual(['false', 'true', 'false']);
    expect(await seen(page)).toEqual([false, true, false]);

    await page.getByRole('button', { name: 'Apply this look to all photos' }).click();
    await page.getByRole('button', { name: /^again.jpg/ }).click();
    await page.locator('.stage[aria-label*="again.jpg"]').waitFor({ timeout: PATIENCE_MS });
    await openList(page);
    await expect.poll(pressed).toEqual(['false', 'true', 'false']);
    expect(await seen(page)).toEqual([false, true, false]);

    await known(page, 'Person 2 is known').click();
    await page.getByText('Person 2 is not known any more').waitFor();
    expect(await seen(page)).toEqual([false, false, false]);

    await known(page, 'Person 1 is known').click();
    await page.getByText('Person 1 is known until').waitFor();
    await page.reload();
    await page.locator('.stage[aria-label*="again.jpg"]').waitFor({ timeout: PATIENCE_MS });
    await openList(page);
    expect(await target(page).inputValue()).toBe('unknown-faces');
    expect(await pressed()).toEqual(['false', 'false', 'false']);
    expect(await seen(page)).toEqual([false, false, false]);
  }, 300_000);

  it('is nobody where looking closer failed', async () => {
    const page = await studio.show('server');
    await openPhotos(page, await readSmall('sample1.jpg'));
    await openList(page);
    await page.route('**/v1/analyze*', (route) => route.abort());
    await known(page, 'Person 1 is known').click();
    await page.getByText('Person 1 is not known. The Focal server does not answer.').waitFor();
    expect(await known(page, 'Person 1 is known').getAttribute('aria-pressed')).toBe('false');
    expect(await known(page, ALL).count()).toBe(3);
  });
});
