import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startLibrary, type TestLibrary } from '../../fixtures/open-library.ts';
import { PATIENCE_MS } from '../../fixtures/open-studio.ts';

let test: TestLibrary;
beforeAll(async () => {
  test = await startLibrary();
  await test.library.folders.add(test.photos);
  await test.library.idle();
}, 8 * PATIENCE_MS);
afterEach(() => test.closePages());
afterAll(() => test.close(), PATIENCE_MS);

const PATIENT = { timeout: PATIENCE_MS };

describe('who is this', { timeout: 8 * PATIENCE_MS }, () => {
  it('is told by a picture, by each of its faces, and where there is none', async () => {
    const page = await test.show('/library?view=people');
    await page.getByRole('button', { name: 'By a picture' }).click();
    await page.getByText('Drop a picture that shows a face').waitFor();
    await page.getByLabel('Choose a picture').setInputFiles(join(test.photos, 'sample1.jpg'));
    await page.getByRole('button', { name: /^Face 1 of \d/ }).waitFor();
    const first = page.locator('.find-people .album-choice').first();
    await first.getByText(/^very alike · \d+ faces?$/).waitFor();
    await page.getByRole('button', { name: /^Face 2 of \d/ }).click();
    await expect
      .poll(() => page.getByRole('button', { name: /^Face 2 of \d/ }).getAttribute('aria-pressed'), PATIENT)
      .toBe('true');
    await first.getByText(/^very alike · \d+ faces?$/).waitFor();
    await first.click();
    await expect.poll(() => new URL(page.url()).searchParams.get('person'), PATIENT).not.toBeNull();
    await page.goBack();
    await page.getByRole('heading', { name: 'Who is this?' }).waitFor();
    const buffer = Buffer.from('no picture');
    await page.getByLabel('Choose a picture').setInputFiles({ name: 'a.jpg', mimeType: 'image/jpeg', buffer });
    await page.getByRole('heading', { name: 'This picture could not be searched for' }).waitFor();
    expect(await page.getByAltText('What is searched for').isVisible()).toBe(false);
    await page.goto(`${test.url}/library?view=people&person=99999`);
    await page.getByText('This person is not there any more.').waitFor();
  });

  it('is asked of a face in a photo, which may be said to be a mirror', async () => {
    const { assets } = await test.library.list({ filter: { words: ['sample6'] } });
    const id = assets[0]?.id ?? 0;
    const page = await test.show(`/library?photo=${id}`);
    await page.getByRole('button', { name: 'Facts', exact: true }).click();
    await page.getByLabel('Mirror or collage').click();
    await expect.poll(async () => (await test.library.get(id)).isDouble, PATIENT).toBe(true);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(async () => (await test.library.get(id)).isDouble, PATIENT).toBe(false);
    await page.getByRole('button', { name: 'Find this face' }).first().click();
    await page.getByRole('heading', { name: 'Who is this?' }).waitFor();
    // The others may all be somebody else.
    await expect.poll(() => page.locator('.find-results').innerText(), PATIENT).toMatch(/alike|Nobody like this/);
    expect(new URL(page.url()).searchParams.get('page')).toBe('find');
  });

  it('is said of many unknown faces at once, and taken back', async () => {
    const { assets } = await test.library.list({ filter: { words: ['sample6'] } });
    // Where no face is seen, nothing tells who it is.
    for (const x of [0.02, 0.1]) {
      await test.library.people.draw(assets[0]?.id ?? 0, { x, y: 0.02, width: 0.05, height: 0.05 });
    }
    const count = async () => (await test.library.people.faces(null, { isSmall: true })).faces.length;
    const before = await count();
    expect(before).toBeGreaterThan(0);
    const page = await test.show('/library?view=people&page=unknown', { viewport: { width: 360, height: 720 } });
    await page.getByRole('heading', { name: 'No unknown faces' }).waitFor();
    await page.getByRole('radio', { name: 'Small or blurred' }).check();
    const tiles = page.getByRole('button', { name: 'Unknown face' });
    await expect.poll(() => tiles.count(), PATIENT).toBe(before);
    await tiles.first().click();
    await page.getByRole('button', { name: 'Hide' }).click();
    await expect.poll(count, PATIENT).toBe(before - 1);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(count, PATIENT).toBe(before);
    await expect.poll(() => tiles.count(), PATIENT).toBe(before);
    await tiles.first().click();
    await page.getByRole('button', { name: 'Say who …' }).click();
    await page.getByLabel('Name').fill('Ada');
    await page.getByRole('button', { name: 'New: Ada' }).click();
    await expect.poll(count, PATIENT).toBe(before - 1);
    expect((await test.library.people.list({ name: 'Ada' })).people).toHaveLength(1);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  });
});
