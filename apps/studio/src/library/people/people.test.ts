import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startLibrary, type TestLibrary } from '../../fixtures/open-library.ts';
import { PATIENCE_MS } from '../../fixtures/open-studio.ts';

let test: TestLibrary;
/** Two photos, each twice in different sizes: everybody in them is seen twice. */
beforeAll(async () => {
  test = await startLibrary();
  for (const name of await readdir(test.photos)) {
    const path = join(test.photos, name);
    if (!/sample[14]\.jpg$/.test(name)) await rm(path);
    else
      await sharp(path)
        .resize(1100)
        .jpeg()
        .toFile(join(test.photos, `smaller ${name}`));
  }
  await test.library.folders.add(test.photos);
  await test.library.idle();
}, 6 * PATIENCE_MS);
afterEach(() => test.closePages());
afterAll(() => test.close(), PATIENCE_MS);

const PATIENT = { timeout: PATIENCE_MS };
const cards = (page: Page) => page.locator('.person-card');
const shot = async (page: Page, name: string): Promise<void> => {
  const folder = process.env.FOCAL_SCREENSHOTS;
  if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}.png`) });
};
const named = async (): Promise<readonly string[]> =>
  (await test.library.people.list({ isNamed: true })).people.map(({ name }) => name).sort();

/** Where another program says that somebody is: by the middle of the face. */
function toXmp(name: string, { x, y, width, height }: Record<'x' | 'y' | 'width' | 'height', number>): string {
  return `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
    <rdf:Description rdf:about="" xmlns:mwg-rs="http://www.metadataworkinggroup.com/schemas/regions/"
      xmlns:stArea="http://ns.adobe.com/xmp/sType/Area#"><mwg-rs:Regions rdf:parseType="Resource"><mwg-rs:RegionList><rdf:Bag>
      <rdf:li><rdf:Description mwg-rs:Name="${name}" mwg-rs:Type="Face"><mwg-rs:Area stArea:unit="normalized"
        stArea:x="${x}" stArea:y="${y}" stArea:w="${width}" stArea:h="${height}"/></rdf:Description></rdf:li>
    </rdf:Bag></mwg-rs:RegionList></mwg-rs:Regions></rdf:Description></rdf:RDF></x:xmpmeta>`;
}

async function showPeople(options = {}): Promise<Page> {
  const page = await test.show('/library?view=people', options);
  await cards(page).first().waitFor();
  return page;
}

describe('people on the library page', { timeout: 4 * PATIENCE_MS }, () => {
  it('are shown with their faces, named in place, and the naming is taken back', async () => {
    const page = await showPeople();
    const { people } = await test.library.people.list({ minFaces: 2 });
    await expect.poll(() => cards(page).count(), PATIENT).toBe(people.length);
    const widths = () =>
      page.evaluate(() =>
        [...document.querySelectorAll<HTMLImageElement>('.person-card img')].map((each) => each.naturalWidth),
      );
    await expect.poll(async () => (await widths()).every((width) => width > 30), PATIENT).toBe(true);
    await page.getByLabel('Name this person').first().fill('Ada');
    await page.keyboard.press('Enter');
    await expect.poll(named, PATIENT).toEqual(['Ada']);
    await page.getByLabel('Name of Ada').waitFor();
    await shot(page, 'people');
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(named, PATIENT).toEqual([]);
    await expect.poll(() => page.getByLabel('Name of Ada').count(), PATIENT).toBe(0);
  });

  it('have a page with their photos and faces, from which faces go to somebody new', async () => {
    const page = await showPeople();
    await page.locator('.person-open').first().click();
    await expect.poll(() => page.getByRole('option', { name: /^Photo/ }).count(), PATIENT).toBe(2);
    await page.getByLabel('Name this person').fill('Berta');
    await page.keyboard.press('Enter');
    await expect.poll(named, PATIENT).toEqual(['Berta']);
    await page.getByRole('tab', { name: 'Faces' }).click();
    await page.locator('.face-tile').nth(1).click();
    await shot(page, 'faces');
    await page.getByRole('button', { name: 'Somebody else …' }).click();
    await page.getByLabel('Name', { exact: true }).fill('Cleo');
    await shot(page, 'choose');
    await page.getByRole('button', { name: 'New: Cleo' }).click();
    await expect.poll(named, PATIENT).toEqual(['Berta', 'Cleo']);
    await expect.poll(() => page.locator('.face-tile').count(), PATIENT).toBe(1);
    await page.getByRole('button', { name: 'Undo' }).last().click();
    await expect.poll(named, PATIENT).toEqual(['Berta']);
    await page.getByRole('button', { name: 'Hide', exact: true }).click();
    await page.getByRole('button', { name: 'Show again' }).waitFor();
    await page.getByRole('button', { name: 'All people' }).click();
    await page.getByRole('button', { name: 'Hidden' }).click();
    await page.getByLabel('Name of Berta').waitFor();
    await test.library.people.undo();
  });

  it('are made one, where photos show both only as mirrors, by the name of whose page it is; taken back, it is theirs', async () => {
    const { people: library } = test.library;
    const [asset] = (await test.library.list({ filter: { words: ['sample4'] } })).assets;
    const { faces } = await test.library.get(asset?.id ?? 0);
    // Two of one photo.
    const [one, other] = await Promise.all(
      [...new Set(faces.flatMap(({ person }) => person?.id ?? []))].map((id) => library.get(id)),
    );
    if (one === undefined || other === undefined) throw new Error('Expected two people in a photo.');
    await library.change(one.id, { name: 'Nell' });
    await library.change(other.id, { name: 'Otto' });
    /** Says on the page of somebody that Otto or Nell is the same. */
    const say = async (page: Page, name: string) => {
      await page.getByRole('button', { name: 'Same person as somebody else' }).click();
      await page.getByRole('dialog').waitFor();
      await page.keyboard.type(name);
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'Yes, one person' }).click();
    };
    const page = await test.show(`/library?view=people&person=${one.id}`);
    await page.getByLabel('Name of Nell').waitFor();
    await page.getByRole('button', { name: 'Same person as somebody else' }).click();
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
    await expect.poll(focused).toBe('Same person as somebody else');
    await say(page, 'Otto');
    await page.locator('.toast', { hasText: 'Nell and Otto are one person now, Nell.' }).waitFor();
    await expect.poll(named, PATIENT).not.toContain('Otto');
    await page.getByLabel('Name of Nell').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(named, PATIENT).toContain('Otto');
    await page.getByLabel('Name of Nell').waitFor();

    // Whoever has no name goes on as the one who has.
    await library.change(one.id, { name: '' });
    await page.reload();
    await page.getByLabel('Name this person').waitFor();
    await say(page, 'Otto');
    await page.getByLabel('Name of Otto').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByLabel('Name this person').waitFor();
    await library.change(other.id, { name: '' });
  });

  it('are gone with the last of their faces, without an alarm', async () => {
    const { people: library } = test.library;
    const person = (await library.list()).people.at(-1);
    if (person === undefined) throw new Error('Expected a person.');
    const page = await test.show(`/library?view=people&person=${person.id}`);
    await page.getByRole('tab', { name: 'Faces' }).click();
    await page.locator('.face-tile').first().waitFor();
    for (const tile of await page.locator('.face-tile').all()) await tile.click();
    await page.getByRole('button', { name: 'No face' }).click();
    await cards(page).first().waitFor();
    expect(await page.locator('.toast.error').count()).toBe(0);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(async () => (await library.list()).people.some(({ id }) => id === person.id), PATIENT).toBe(true);
  });

  it('are shown in a photo, and a face that was drawn is somebody', async () => {
    const { assets } = await test.library.list({ filter: { words: ['sample1'] } });
    const page = await test.show(`/library?photo=${assets[0]?.id}`);
    await page.getByRole('button', { name: 'Facts', exact: true }).click();
    await page.locator('.info-person').first().waitFor();
    const faces = await page.locator('.info-person').count();
    await page.locator('.photo-frame img[data-state="there"]').waitFor();
    await page.keyboard.press('d');
    await page.getByText('Draw a box around the face').waitFor();
    const frame = await page.locator('.draw-face').boundingBox();
    if (frame === null) throw new Error('Expected a photo to draw on.');
    const at = (x: number, y: number) => [frame.x + frame.width * x, frame.y + frame.height * y] as const;
    await page.mouse.move(...at(0.02, 0.02));
    await page.mouse.down();
    await page.mouse.move(...at(0.07, 0.09), { steps: 4 });
    await shot(page, 'draw');
    await page.mouse.up();
    // The dialog is there to type a name.
    await page.getByRole('dialog', { name: 'Who is this?' }).waitFor();
    await page.keyboard.type('Dora');
    await page.keyboard.press('Enter');
    await page.locator('.info-who', { hasText: 'Dora' }).waitFor();
    expect(await page.locator('.info-person').count()).toBe(faces + 1);
    await page.locator('.info-person', { hasText: 'Dora' }).hover();
    await page.locator('.found-box[data-lit]', { hasText: 'Dora' }).waitFor();
    await shot(page, 'photo');
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => page.locator('.info-person').count(), PATIENT).toBe(faces);

    // By keys alone.
    await page.keyboard.press('d');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Shift+ArrowDown');
    await page.locator('.draw-face span').waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => page.locator('.draw-face').count(), PATIENT).toBe(0);
    await page.locator('.info-who').first().click();
    await page.getByRole('tab', { name: 'Photos' }).waitFor();
  });

  it('have all that can be said of a face in one row, under the finger too', async () => {
    const [first] = (await test.library.list()).assets;
    const page = await test.show(`/library?photo=${first?.id}`);
    await page.getByRole('dialog', { name: 'Viewer' }).waitFor();
    await page.getByRole('button', { name: 'Facts', exact: true }).click();
    await page.locator('.info-person').first().waitFor();
    for (const [width, height] of [
      [1280, 860],
      [360, 740],
    ] as const) {
      await page.setViewportSize({ width, height });
      await page.locator('.info-person').last().scrollIntoViewIfNeeded();
      await shot(page, `face-row-${width}`);
      const rows = await page.evaluate(() =>
        [...document.querySelectorAll('.info-person')].map((row) =>
          [...row.children].map((each) => {
            const { left, right, top, bottom } = each.getBoundingClientRect();
            return {
              left,
              right,
              middle: (top + bottom) / 2,
              isIcon: each.matches('.icon-button'),
              height: bottom - top,
            };
          }),
        ),
      );
      expect(rows.length).toBeGreaterThan(1);
      for (const row of rows) {
        for (const [index, { left, right, middle }] of row.entries()) {
          expect(middle).toBeCloseTo(row[0]?.middle ?? Number.NaN, 0);
          expect(left).toBeGreaterThanOrEqual(row[index - 1]?.right ?? 0);
          expect(right).toBeLessThanOrEqual(width);
        }
        const sides = row.flatMap((each) => (each.isIcon ? [each.height, each.right - each.left] : []));
        expect(Math.min(...sides)).toBeGreaterThanOrEqual(40);
        expect(sides.length).toBe(6);
      }
    }
  });

  it('are asked about one after the other, answered by keys', async () => {
    const { people } = test.library;
    const { length: count } = await people.suggest();
    expect(count).toBeGreaterThan(0);
    const page = await showPeople();
    await page.locator('.suggestion').waitFor();
    await shot(page, 'question');
    await page.keyboard.press('n');
    await page.getByRole('button', { name: 'Undo' }).waitFor();
    await expect.poll(async () => (await people.suggest()).length, PATIENT).toBeLessThan(count);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(async () => (await people.suggest()).length, PATIENT).toBe(count);
    // What is skipped is not asked again on this page.
    const asked = () => page.locator('.suggestion-text').allInnerTexts();
    await expect.poll(asked, PATIENT).toHaveLength(1);
    const before = await asked();
    await page.keyboard.press('s');
    await expect.poll(asked, PATIENT).not.toEqual(before);
    expect((await people.suggest()).length).toBe(count);
  });

  it('are gone through by keys alone: to a page, its tabs and faces, and back to where one was', async () => {
    const page = await showPeople();
    const focused = () =>
      page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent);
    const second = page.locator('.person-open').nth(1);
    const label = (await second.getAttribute('aria-label')) ?? '';
    await second.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('tab', { name: 'Photos' }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.matches('.library-main'))).toBe(true);
    await page.getByRole('tab', { name: 'Photos' }).focus();
    await page.keyboard.press('ArrowRight');
    await expect.poll(focused, PATIENT).toBe('Faces');
    await page.locator('.face-tile').first().focus();
    await page.keyboard.press('Enter');
    await page.getByText('One face', { exact: true }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('Choose faces that are').waitFor();
    await page.getByRole('button', { name: 'All people' }).focus();
    await page.keyboard.press('Enter');
    await expect.poll(focused, PATIENT).toBe(label);

    const [who] = (await test.library.people.list({ minFaces: 2 })).people;
    for (const isFavourite of [true, false]) await test.library.people.change(who?.id ?? 0, { isFavourite });
    await page.getByRole('button', { name: 'Last actions' }).click();
    const dialog = page.getByRole('dialog', { name: 'Last actions' });
    await dialog.getByRole('listitem').nth(1).waitFor();
    const count = await dialog.getByRole('listitem').count();
    await dialog.getByRole('button', { name: 'Undo' }).focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => dialog.getByRole('listitem').count(), PATIENT).toBe(count - 1);
    await expect.poll(focused, PATIENT).toBe('Undo');
  });

  it('are not made anew by Enter, where somebody like that is there', async () => {
    const { people } = test.library;
    const [who] = (await people.list({ minFaces: 2 })).people;
    await people.change(who?.id ?? 0, { name: 'Hugo' });
    const page = await showPeople();
    await page.locator('.person-open').nth(1).click();
    await page.getByRole('tab', { name: 'Faces' }).click();
    await page.locator('.face-tile').first().click();
    await page.getByRole('button', { name: 'Somebody else …' }).click();
    const box = page.getByLabel('Name', { exact: true });
    await box.fill('hug');
    await box.press('Enter');
    const create = page.getByRole('button', { name: 'New: hug' });
    await expect.poll(() => create.evaluate((button) => button === document.activeElement), PATIENT).toBe(true);
    expect(await named()).not.toContain('hug');
    await page.keyboard.press('Enter');
    await expect.poll(named, PATIENT).toContain('hug');
    expect((await people.actions())[1]?.names).toEqual(['Hugo']);
    await people.undo();
    await people.undo();
  });

  it('lose names that came from files, by the last actions, one after the other', async () => {
    await test.library.people.change((await test.library.people.list()).people[0]?.id ?? 0, { name: '' });
    const { assets } = await test.library.list({ filter: { words: ['sample4'] } });
    const details = await test.library.get(assets[0]?.id ?? 0);
    const [face] = details.faces;
    const path = details.places[0]?.path ?? '';
    if (face === undefined) throw new Error('Expected a face.');
    const { x, y, width, height } = face.box;
    await writeFile(`${path}.xmp`, toXmp('Zoe', { x: x + width / 2, y: y + height / 2, width, height }));
    await test.library.folders.rescan();
    await test.library.idle();
    await expect.poll(named, PATIENT).toContain('Zoe');
    const page = await showPeople();
    await page.getByLabel('Name of Zoe').waitFor();
    await page.getByRole('button', { name: 'Last actions' }).click();
    const dialog = page.getByRole('dialog', { name: 'Last actions' });
    expect(await dialog.getByRole('listitem').first().innerText()).toContain('Took over names from files');
    expect(await dialog.getByRole('button', { name: 'Undo' }).count()).toBe(1);
    await shot(page, 'actions');
    await page.setViewportSize({ width: 360, height: 740 });
    await shot(page, 'actions-360');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    await dialog.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(named, PATIENT).not.toContain('Zoe');
    await expect.poll(() => dialog.getByRole('listitem').first().innerText(), PATIENT).not.toContain('from files');
    await rm(`${path}.xmp`);
  });

  it('fit a small dark screen', async () => {
    const page = await showPeople({ viewport: { width: 360, height: 740 }, colorScheme: 'dark', hasTouch: true });
    const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(await overflow()).toBeLessThanOrEqual(0);
    await shot(page, 'small');
    await page.locator('.person-open').first().tap();
    await page.getByRole('tab', { name: 'Faces' }).tap();
    await page.locator('.face-tile').first().tap();
    await page.getByRole('button', { name: 'Use as cover' }).waitFor();
    expect(await overflow()).toBeLessThanOrEqual(0);
    await shot(page, 'small-faces');
  });
});
