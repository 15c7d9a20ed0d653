import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import {
  awaitRest,
  download,
  openPhotos,
  PATIENCE_MS,
  readSmall,
  type TestStudio,
  useStudio,
} from '../fixtures/open-studio.ts';
import { CHECK_MODELS } from '../place/models.ts';

// "Check what is left" on a step that hides people: the built studio on the real server.
describe('the report on who was hidden', () => {
  const studio = useStudio({ withoutModels: ['isnet-medium'] });

  /** Four people side by side, hidden. */
  async function hide(place: 'server' | 'browser', options: Parameters<TestStudio['show']>[1] = {}): Promise<Page> {
    const page = await studio.show(place, options);
    await openPhotos(page, await readSmall('sample6.jpg', 900));
    await page.getByRole('button', { name: 'Hidden faces', exact: true }).click();
    if (place === 'browser') await page.getByRole('button', { name: 'Load and look' }).click();
    await button(page).and(page.locator(':enabled')).waitFor({ timeout: PATIENCE_MS });
    return page;
  }

  const button = (page: Page) => page.getByRole('button', { name: 'Check what is left' });
  const verdict = (page: Page) => page.locator('.hiding-verdict');
  const awaitVerdict = (page: Page) => verdict(page).waitFor({ timeout: PATIENCE_MS });

  it('says before what has to be loaded, attacks the result, and what it says goes with the next change', async () => {
    const page = await hide('server');
    const loaded: string[] = [];
    page.on('request', (request) => {
      const [, id] = /models\/([\w-]+)\/onnx/.exec(request.url()) ?? [];
      if (id !== undefined) loaded.push(id);
    });
    await button(page).focus();
    await page.keyboard.press('Enter');
    await page.getByText('MB of models').waitFor();
    await page.getByRole('button', { name: 'Not now' }).click();
    await button(page).click();
    expect(loaded).toEqual([]);
    await page.getByRole('button', { name: 'Load and check' }).click();
    await awaitVerdict(page);
    expect(new Set(loaded)).toEqual(new Set(CHECK_MODELS));
    expect(await verdict(page).textContent()).toMatch(
      /^\d places hidden; attacked: safe, nobody hidden there is left to be recog/,
    );
    const rows = await page.locator('.hiding-list .scene-row').allTextContents();
    const faces = rows.filter((row) => row.startsWith('Face '));
    expect(faces).toHaveLength(4);
    for (const row of faces) expect(Number(/hidden, (\d+) % left/.exec(row)?.[1])).toBeLessThan(40);

    const { name } = await download(page, async () => {
      await page.keyboard.press('s');
      await page.getByRole('button', { name: 'Download' }).click();
    });
    await page.getByText(`Saved ${name}`).waitFor();
    expect(await page.locator('.toast', { hasText: 'Saved' }).textContent()).toContain('attacked: safe');

    await page.locator('label.segment', { hasText: 'Mosaic' }).click();
    await verdict(page).waitFor({ state: 'detached' });
    await awaitRest(page);
    // Now kept in this browser: nothing is asked any more.
    await button(page).click();
    await awaitVerdict(page);
    await page.keyboard.press('Control+z');
    await verdict(page).waitFor({ state: 'detached' });
  }, 240_000);

  it('warns of a quick look, and is stopped by its button', async () => {
    const page = await hide('browser');
    await page.getByRole('switch', { name: 'Fast' }).click();
    await awaitRest(page);
    await button(page).click();
    await page.getByRole('button', { name: 'Load and check' }).click();
    await page.getByRole('button', { name: 'Stop' }).click();
    await button(page).waitFor();
    expect(await verdict(page).count()).toBe(0);
    await button(page).click();
    await awaitVerdict(page);
    expect(await page.locator('.hiding-warning').allTextContents()).toContainEqual(
      expect.stringContaining('some may have been missed'),
    );
  }, 240_000);

  it('is offered after an export, and says why it could not be made', async () => {
    const page = await hide('server');
    await page.route('**/v1/models/face-recognition/onnx', (route) => route.abort());
    await download(page, async () => {
      await page.keyboard.press('s');
      await page.getByRole('button', { name: 'Download' }).click();
    });
    await page.locator('.toast').getByRole('button', { name: 'Check what is left' }).click();
    await page.getByRole('button', { name: 'Load and check' }).click();
    await page.getByText(/What is left could not be checked: .*could not be loaded/).waitFor({ timeout: PATIENCE_MS });
    expect(await verdict(page).count()).toBe(0);
    await button(page).waitFor();
  }, 240_000);
});
