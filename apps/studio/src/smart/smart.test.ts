import { join } from 'node:path';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { awaitSubject, PATIENCE_MS, PHOTOS, useStudio } from '../fixtures/open-studio.ts';

// "Smart look": a look chosen by what is in the photo, in the built studio.
const PHOTO = join(PHOTOS, 'sample1.jpg');

describe('a smart look', () => {
  const studio = useStudio({ withoutModels: ['isnet-medium'] });

  async function show(place: 'server' | 'browser', viewport = { width: 1100, height: 760 }): Promise<Page> {
    const page = await studio.show(place, { viewport });
    await page.setInputFiles('#open-photo', PHOTO);
    await awaitSubject(page);
    await page.getByRole('button', { name: 'Smart look' }).click();
    return page;
  }

  const choose = (page: Page) => page.getByRole('button', { name: 'Choose a look' });
  const because = (page: Page) => page.getByRole('list', { name: 'Why this look' });
  const reasons = async (page: Page) => {
    await because(page).waitFor({ timeout: PATIENCE_MS });
    return because(page).getByRole('listitem').allTextContents();
  };
  const steps = (page: Page) => page.locator('.step-name').allTextContents();
  const drawn = async (page: Page) => {
    await page.locator('.stage[aria-busy=false]').waitFor({ timeout: PATIENCE_MS });
    return page.locator('.stage').screenshot();
  };

  it('is chosen by the smiles in the photo, says why, is rolled again, and is one step of undo', async () => {
    const page = await show('server');
    expect(await steps(page)).toEqual(['Cut out']);
    const before = await drawn(page);
    await choose(page).click();
    const first = await reasons(page);
    expect(first[0]).toMatch(/^3 faces were found; the one that smiles most: smile \d+ %/);
    expect(first[1]).toBe('The rule "a group that smiles" holds.');
    expect(first[2]).toMatch(/^Of its moods \(party, rainbow\), roll 1 takes \w+: .*tone.* and frame\.$/);
    expect(await steps(page)).toEqual(expect.arrayContaining(['Background', 'Tone', 'Frame', 'Caption']));
    expect((await drawn(page)).equals(before)).toBe(false);
    await page.getByRole('button', { name: 'Another look' }).click();
    await expect.poll(async () => (await reasons(page))[2], { timeout: PATIENCE_MS }).toContain('roll 2 takes');
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('button', { name: 'Undo' }).click();
    expect(await steps(page)).toEqual(['Cut out']);
  });

  it('goes by a mood, own backgrounds by the words of their names, and own words', async () => {
    const page = await show('server');
    const create = { width: 90, height: 60, channels: 3, background: '#20c0d0' } as const;
    const buffer = await sharp({ create }).png().toBuffer();
    await page.getByLabel('Own backgrounds', { exact: true }).setInputFiles([
      { name: 'office.png', mimeType: 'image/png', buffer },
      { name: 'winter-forest.png', mimeType: 'image/png', buffer },
    ]);
    await page.getByRole('button', { name: 'Take office.png away' }).click();
    await page.getByLabel('Mood').selectOption('snow');
    await page.getByRole('textbox', { name: 'Caption' }).fill('Our winter');
    await choose(page).click();
    const said = await reasons(page);
    expect(said).toContainEqual(expect.stringMatching(/^You asked for snow: your background, tone/));
    expect(said).toContain('winter-forest.png among your backgrounds fits it.');
    await page.locator('.step-name', { hasText: 'Background' }).click();
    await page.getByText('winter-forest.png').last().waitFor();
    await page.locator('.step-name', { hasText: 'Caption' }).click();
    expect(await page.getByLabel('Text', { exact: true }).inputValue()).toBe('Our winter');
  });

  it('goes by own rules, and says what is wrong with them', async () => {
    const page = await show('server');
    const rules = page.getByLabel('Own rules', { exact: true });
    const file = (text: string) => ({ name: 'my.yaml', mimeType: 'text/yaml', buffer: Buffer.from(text) });
    await rules.setInputFiles(file('format: focal-rules\nversion: 1\nrules: [{ name: mine, moods: [nowhere] }]'));
    await page.getByText('The rule mine wants the mood nowhere, which is not there.').waitFor();
    const own =
      'format: focal-rules\nversion: 1\nmoods: { moss: { looks: [[{ effect: mono }]] } }\n' +
      'rules: [{ name: three together, when: { faces: { min: 3 } }, moods: [moss] }]';
    await rules.setInputFiles(file(own));
    await expect.poll(() => page.getByLabel('Mood').getByRole('option', { name: 'Moss' }).count()).toBe(1);
    await choose(page).click();
    expect(await reasons(page)).toEqual(expect.arrayContaining(['The rule "three together" holds.']));
    expect(await steps(page)).toEqual(['Mono']);
  });

  it('asks before models are loaded where this browser does the work, at 360 pixels', async () => {
    const page = await show('browser', { width: 360, height: 740 });
    await choose(page).click();
    await page.locator('.smart-body').getByRole('button', { name: 'Load and look' }).click();
    expect((await reasons(page))[1]).toBe('The rule "a group that smiles" holds.');
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
  });
});
