import { stat } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startLibrary, type TestLibrary } from '../../fixtures/open-library.ts';
import { PATIENCE_MS } from '../../fixtures/open-studio.ts';

let test: TestLibrary;
let id: number;
beforeAll(async () => {
  test = await startLibrary();
  await test.library.folders.add(test.photos);
  await test.library.idle();
  id = (await test.library.list({ filter: { words: ['sample2'] } })).assets[0]?.id ?? 0;
}, 8 * PATIENCE_MS);
afterEach(() => test.closePages());
afterAll(() => test.close(), PATIENCE_MS);

const PATIENT = { timeout: PATIENCE_MS };
const facts = (page: Page) => page.getByRole('complementary', { name: 'Facts' });
const previewOf = (page: Page) => page.locator('.photo-frame > img[data-state]').getAttribute('src');

describe('versions of a photo', { timeout: 8 * PATIENCE_MS }, () => {
  it('are made in the studio, and shown in place of the original, which is a key away', async () => {
    const page = await test.show(`/library?photo=${id}`);
    await page.getByRole('dialog', { name: 'Viewer' }).waitFor();
    await page.getByRole('button', { name: 'Edit', exact: true }).click();
    await page.locator('.photo-name', { hasText: 'sample2.jpg' }).waitFor();
    // It begins as it is.
    await page.getByText('Nothing is done to the photo yet.').waitFor();
    const dialog = page.getByRole('dialog', { name: 'Keep in the library' });
    await page.getByRole('button', { name: 'Keep', exact: true }).click();
    expect(await dialog.getByRole('button', { name: 'Keep' }).isDisabled()).toBe(true);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Cut-out', exact: true }).click();
    await page.getByRole('button', { name: 'Keep', exact: true }).click();
    await dialog.getByLabel('Name').fill('Alone');
    await dialog.getByRole('button', { name: 'Keep' }).click();
    await page.getByText('Kept as Alone beside the original.').waitFor();
    const [version] = await test.library.versions.list(id);
    expect(version).toMatchObject({ name: 'Alone', isCurrent: true });

    expect(await page.getByRole('link', { name: 'Library' }).getAttribute('href')).toBe(`/library?photo=${id}`);

    // Kept again, it goes into the same version.
    await page.getByRole('button', { name: 'Keep', exact: true }).click();
    await dialog.getByText('Replace Alone').waitFor();
    await dialog.getByRole('button', { name: 'Keep' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await test.library.versions.list(id)).toHaveLength(1);

    await page.goto(`${test.url}/library?photo=${id}`);
    await page.getByRole('img', { name: /, edited$/ }).waitFor();
    await expect.poll(() => previewOf(page), PATIENT).not.toContain('of=original');
    // What is looked at is saved.
    const save = async (name: string) => {
      const saving = page.waitForEvent('download', PATIENT);
      await page.getByRole('link', { name }).click();
      const file = await saving;
      return { name: file.suggestedFilename(), size: (await stat(await file.path())).size };
    };
    const edited = await save('Save the version');
    expect(edited.name).toBe('sample2 (Alone).png');
    const pressed = page.waitForEvent('download', PATIENT);
    await page.keyboard.press('s');
    expect((await pressed).suggestedFilename()).toBe('sample2 (Alone).png');
    await page.keyboard.press('v');
    await expect.poll(() => previewOf(page), PATIENT).toContain('of=original');
    const original = await save('Save the original');
    expect(original.name).toBe('sample2.jpg');
    expect(original.size).not.toBe(edited.size);
    await page.getByRole('button', { name: 'Show the version' }).click();
    await expect.poll(() => previewOf(page), PATIENT).not.toContain('of=original');
    await page.keyboard.press('Escape');
    await page.getByRole('option', { name: /, edited$/ }).waitFor();
    expect(await page.locator('.tile-edited').count()).toBe(1);
  });

  it('are renamed, opened again with their recipe, deleted and brought back; the original is used again', async () => {
    const page = await test.show(`/library?photo=${id}`);
    await page.getByRole('dialog', { name: 'Viewer' }).waitFor();
    await page.getByRole('button', { name: 'Facts', exact: true }).click();
    const name = facts(page).getByLabel('Name of Alone');
    await name.fill('By herself');
    await name.press('Enter');
    const versions = () => test.library.versions.list(id);
    await expect.poll(async () => (await versions())[0]?.name, PATIENT).toBe('By herself');

    await facts(page).getByRole('button', { name: 'Delete By herself' }).click();
    await expect.poll(versions, PATIENT).toEqual([]);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(async () => (await versions())[0]?.isCurrent, PATIENT).toBe(true);
    await facts(page).getByRole('button', { name: 'Delete By herself' }).click();
    await expect.poll(versions, PATIENT).toEqual([]);
    // Also where the toast is gone.
    await page.reload();
    await facts(page)
      .getByText(/^Deleted /)
      .waitFor();
    await facts(page).getByRole('button', { name: 'Bring back' }).click();
    await expect.poll(async () => (await versions())[0]?.isCurrent, PATIENT).toBe(true);
    await expect
      .poll(
        () =>
          facts(page)
            .getByText(/^Deleted /)
            .count(),
        PATIENT,
      )
      .toBe(0);
    await facts(page).getByLabel('Original').click();
    await expect.poll(async () => (await versions())[0]?.isCurrent, PATIENT).toBe(false);
    await page.getByRole('img', { name: /\d$/ }).waitFor();
    await facts(page).getByLabel('Show By herself').click();
    await expect.poll(async () => (await versions())[0]?.isCurrent, PATIENT).toBe(true);

    await facts(page).getByRole('button', { name: 'Edit By herself' }).click();
    await page.locator('.photo-name', { hasText: 'sample2.jpg' }).waitFor();
    expect(new URL(page.url()).search).toBe('');
    await page.getByRole('button', { name: 'Keep', exact: true }).click();
    await page.getByRole('dialog', { name: 'Keep in the library' }).getByText('Replace By herself').waitFor();
  });

  it('fit on 360 pixels', async () => {
    const page = await test.show(`/library?photo=${id}`, { viewport: { width: 360, height: 720 } });
    await page.getByRole('button', { name: 'Show the original' }).waitFor();
    await page.getByRole('button', { name: 'Facts', exact: true }).click();
    await facts(page).getByLabel('Name of By herself').waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  });
});
