import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startLibrary, type TestLibrary } from '../../fixtures/open-library.ts';
import { PATIENCE_MS } from '../../fixtures/open-studio.ts';

const PATIENT = { timeout: PATIENCE_MS };

let test: TestLibrary;
let album = 0;
beforeAll(async () => {
  test = await startLibrary();
  await test.library.folders.add(test.photos);
  await test.library.idle();
  const { assets } = await test.library.list();
  album = (await test.library.albums.create({ name: 'Party' })).id;
  await test.library.albums.addAssets(
    album,
    assets.map(({ id }) => id),
  );
}, 6 * PATIENCE_MS);
afterEach(() => test.closePages());
afterAll(() => test.close(), PATIENCE_MS);

const order = () => test.library.albums.listAssets(album, 0, 100);
const tile = (page: Page, id: number | undefined) => page.locator(`[data-id="${id}"]`);
const open = async (options = {}): Promise<Page> => {
  const page = await test.show(`/library?view=albums&album=${album}`, options);
  await page.getByRole('option').nth(5).waitFor();
  return page;
};

describe('an album', { timeout: 4 * PATIENCE_MS }, () => {
  it('is described, and shown by the photo that was chosen for it', async () => {
    const page = await open();
    const field = page.getByLabel('Description of the album');
    await field.fill('All of us');
    await field.press('Enter');
    await expect.poll(async () => (await test.library.albums.get(album)).description, PATIENT).toBe('All of us');
    await field.fill('Nobody');
    await field.press('Escape');
    expect(await field.inputValue()).toBe('All of us');

    const last = (await order()).at(-1);
    await tile(page, last).locator('[data-check]').click();
    await page.getByRole('button', { name: 'Use as the cover of Party' }).click();
    await expect.poll(async () => (await test.library.albums.get(album)).coverId, PATIENT).toBe(last);
    await page.getByText('It stands for Party now.').waitFor();
  });

  it('is put in order with the mouse, which is taken back', async () => {
    const page = await open();
    const before = await order();
    const [first, second, third] = before;
    const [from, to] = [await tile(page, third).boundingBox(), await tile(page, first).boundingBox()];
    if (from === null || to === null) throw new Error('Expected both to be in sight.');
    await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2);
    await page.mouse.down();
    await page.mouse.move(to.x + 60, to.y + 40, { steps: 6 });
    await page.locator('.drop-mark').waitFor();
    await page.mouse.move(to.x + 10, to.y + 40);
    await page.mouse.up();
    await expect.poll(order, PATIENT).toEqual([third, first, second, ...before.slice(3)]);
    expect(await page.getByRole('dialog', { name: 'Viewer' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(order, PATIENT).toEqual(before);

    // Escape while dragging leaves all as it was, and opens nothing.
    await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2);
    await page.mouse.down();
    await page.mouse.move(to.x + 60, to.y + 40, { steps: 6 });
    await page.keyboard.press('Escape');
    await page.mouse.up();
    expect(await page.locator('.drop-mark').count()).toBe(0);
    expect(await order()).toEqual(before);
    expect(await page.getByRole('dialog', { name: 'Viewer' }).count()).toBe(0);
  });

  it('is put in order by keys, and by touch', async () => {
    const page = await open();
    const before = await order();
    const [first, second, third, fourth] = before;
    for (const id of [third, fourth]) await tile(page, id).locator('[data-check]').click();
    await page.getByRole('button', { name: 'Move', exact: true }).click();
    await page.getByText('Choose the photo that they go before').waitFor();
    await page.locator('.grid-scroller').focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    await expect.poll(order, PATIENT).toEqual([third, fourth, first, second, ...before.slice(4)]);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(order, PATIENT).toEqual(before);

    const phone = await open({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
    const box = await tile(phone, second).boundingBox();
    const touch = { clientX: (box?.x ?? 0) + 40, clientY: (box?.y ?? 0) + 40, pointerType: 'touch', bubbles: true };
    await tile(phone, second).dispatchEvent('pointerdown', touch);
    await phone.getByRole('button', { name: 'Move', exact: true }).waitFor();
    await tile(phone, second).dispatchEvent('pointerup', touch);
    await phone.getByRole('button', { name: 'Move', exact: true }).tap();
    await tile(phone, first).tap();
    await expect.poll(order, PATIENT).toEqual([second, first, ...before.slice(2)]);
    await test.library.albums.arrangeAssets(album, before);
  });

  it('is put before or behind others, dragged or by keys, which is taken back', async () => {
    const { albums } = test.library;
    for (const name of ['Second', 'Third']) await albums.create({ name });
    const names = async () => (await albums.list()).map(({ name }) => name);
    const before = await names();
    const [first = '', second = '', third = ''] = before;
    const page = await test.show('/library?view=albums');
    const card = (name: string) => page.getByRole('button', { name: new RegExp(`^${name} `) });
    await card(third).dragTo(card(first), { targetPosition: { x: 10, y: 40 } });
    await expect.poll(names, PATIENT).toEqual([third, first, second]);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(names, PATIENT).toEqual(before);
    await card(first).focus();
    await page.keyboard.press('Alt+ArrowRight');
    await expect.poll(names, PATIENT).toEqual([second, first, third]);
    expect(await card(first).evaluate((each) => each === document.activeElement)).toBe(true);
    await page.keyboard.press('Alt+ArrowRight');
    await page.keyboard.press('Alt+ArrowRight');
    await expect.poll(names, PATIENT).toEqual([second, third, first]);
  });

  it('that searches has no order to be changed', async () => {
    const { id } = await test.library.albums.create({ name: 'People', query: 'person' });
    const page = await test.show(`/library?view=albums&album=${id}`);
    await page.getByRole('option').first().locator('[data-check]').click({ force: true });
    await page.getByRole('button', { name: 'Add to an album' }).waitFor();
    expect(await page.getByRole('button', { name: 'Move', exact: true }).count()).toBe(0);
  });
});
