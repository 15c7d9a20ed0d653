import { copyFile, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeClip } from '@focal/testing/video';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startLibrary, type TestLibrary } from '../fixtures/open-library.ts';
import { PATIENCE_MS } from '../fixtures/open-studio.ts';

let test: TestLibrary;
beforeAll(async () => {
  test = await startLibrary();
}, 4 * PATIENCE_MS);
afterEach(() => test.closePages());
afterAll(() => test.close(), PATIENCE_MS);

/** How long what is read again may take to be as expected. */
const PATIENT = { timeout: PATIENCE_MS };

const tiles = (page: Page) => page.getByRole('option', { name: /^(Photo|Video)/ });

/** The page with all of its photos. */
async function showAll(path = '/library'): Promise<Page> {
  const page = await test.show(path);
  await expectCount(page, 6);
  return page;
}

async function expectCount(page: Page, count: number): Promise<void> {
  await expect.poll(() => tiles(page).count(), PATIENT).toBe(count);
}

async function shoot(page: Page, name: string): Promise<void> {
  const folder = process.env.FOCAL_TEST_SHOTS;
  if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}.png`) });
}

/** Names of the photos that are selected, by their labels. */
const selected = (page: Page): Promise<number> => page.locator('.tile[aria-selected="true"]').count();

describe('the library page', { timeout: 4 * PATIENCE_MS }, () => {
  it('says what is wrong with a folder, and shows the photos of one', async () => {
    await writeFile(join(test.photos, 'broken.jpg'), 'no photo at all');
    const page = await test.show();
    const path = page.getByLabel('Path of a folder');
    await path.fill('/nowhere/at/all');
    await page.getByRole('button', { name: 'Add a folder' }).click();
    await page.getByRole('alert').filter({ hasText: 'There is no folder /nowhere/at/all' }).waitFor();

    await path.fill(test.photos);
    await path.press('Enter');
    await expectCount(page, 6);
    await page.getByRole('heading', { name: 'May 2018' }).waitFor();
    await test.library.idle();
    // Thumbnails come in without a reload, and nothing of it is blank.
    const shown = () =>
      page.evaluate(() => [...document.querySelectorAll<HTMLImageElement>('.tile img')].map((img) => img.naturalWidth));
    await expect.poll(async () => (await shown()).filter((width) => width > 100).length, PATIENT).toBe(6);

    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('heading', { name: 'One file could not be read' }).waitFor();
    expect(await page.locator('.bad-files').innerText()).toContain('broken.jpg');
    expect(await page.locator('.folder-row').innerText()).toContain('6 items');
  });

  it('finds what is seen, and says so where nothing is', async () => {
    const page = await showAll();
    await page.getByRole('button', { name: /^person/ }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('wine');
    await page.getByRole('option', { name: /wine glass/ }).click();
    await page.locator('.found-count', { hasText: /^\d found/ }).waitFor();
    const [count = 0] = (await page.locator('.found-count').innerText()).match(/\d+/)?.map(Number) ?? [];
    expect(count).toBeGreaterThan(0);
    expect(count).toBeLessThan(6);
    await expectCount(page, count);
    expect(new URL(page.url()).searchParams.get('q')).toBe('thing:"wine glass"');

    await page.getByRole('button', { name: 'Favourites' }).click();
    await page.getByRole('heading', { name: 'Nothing found' }).waitFor();
    expect(new URL(page.url()).searchParams.get('q')).toBe('thing:"wine glass" is:favourite');
    await page.getByRole('button', { name: /^favourites/ }).click();
    await expectCount(page, count);
    await page.getByLabel('Order').selectOption('size');
    await expect.poll(() => new URL(page.url()).searchParams.get('q'), PATIENT).toBe('thing:"wine glass" sort:size');
    await expectCount(page, count);
    await page.locator('.grid-scroller').focus();
    await page.keyboard.press('Escape');
    await expectCount(page, 6);
  });

  it('points at the word that it does not understand, and completes words by keys', async () => {
    const page = await showAll();
    const box = page.getByRole('combobox', { name: 'Search the library' });
    await box.fill('person type:vidoe');
    await box.press('Enter');
    await page.getByRole('heading', { name: 'This search is not understood' }).waitFor();
    await page.locator('.search-mirror mark', { hasText: 'vidoe' }).waitFor();
    expect(await box.getAttribute('aria-invalid')).toBe('true');
    expect(await page.locator('.notice').innerText()).toContain('Did you mean video?');
    await page.getByRole('button', { name: 'Search for person type:video' }).click();
    await page.getByRole('heading', { name: 'Nothing found' }).waitFor();
    expect(await box.inputValue()).toBe('person type:video');
    // Also a word that may be in names and captions.
    await box.fill('preson');
    await box.press('Enter');
    await page.getByRole('button', { name: 'Search for person' }).click();
    await expectCount(page, 6);
    await box.fill('sort:oldset person');
    await page.getByRole('button', { name: 'sort:oldest person' }).click();
    await expectCount(page, 6);
    expect(new URL(page.url()).searchParams.get('q')).toBe('sort:oldest person');
    // From the field to the photos, past all that stands between.
    await box.press('Escape');
    await box.focus();
    await box.press('Tab');
    await page.keyboard.press('Tab');
    await page.getByRole('button', { name: 'To what is shown' }).waitFor();
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Viewer' }).waitFor();
    await page.keyboard.press('Escape');
    await box.fill('pers');
    await page.getByRole('option', { name: 'person thing' }).waitFor();
    await box.press('ArrowDown');
    await box.press('Enter');
    await expectCount(page, 6);
    expect(await box.inputValue()).toBe('thing:person ');
  });

  it('takes up a search that is begun while it is not known yet what there is', async () => {
    const page = await test.show('/library?view=settings');
    await page.route(/\/v1\/library(\/events)?$/, async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 1500));
      await route.continue();
    });
    await page.reload();
    await page.locator('.library-nav').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('person');
    await page.keyboard.press('Enter');
    await expectCount(page, 6);
    expect(new URL(page.url()).searchParams.get('q')).toBe('person');
  });

  it('shows no photos in outline where a map is to come', async () => {
    const page = await test.show();
    await page.route(/\/v1\/library\/map/, () => new Promise(() => undefined));
    await page.goto(`${test.url}/library?view=map`);
    await page.getByRole('main').getByRole('status', { name: 'Loading' }).waitFor();
    expect(await page.locator('.grid-loading').count()).toBe(0);
    await shoot(page, 'map-loading');
  });

  it('says at once why a photo is not shown, and counts it once', async () => {
    const cut = join(test.photos, 'cut.jpg');
    const whole = await sharp(join(test.photos, 'sample2.jpg')).resize(900).jpeg().toBuffer();
    await writeFile(cut, whole.subarray(0, whole.length / 2));
    await test.library.folders.rescan();
    await test.library.idle();
    try {
      const page = await test.show('/library');
      await expectCount(page, 7);
      const [asset] = (await test.library.list()).assets.filter(({ isIndexed }) => !isIndexed);
      await page.goto(`${test.url}/library?view=settings`);
      await page.getByText('7 items, 1 of them damaged · 1 more could not be read').waitFor();
      await page.getByRole('heading', { name: 'One item is damaged, one file could not be read' }).waitFor();
      await shoot(page, 'damaged-settings');
      await page.getByRole('button', { name: cut }).click();
      const problem = page.getByRole('dialog', { name: 'Viewer' }).getByRole('alert');
      await problem.filter({ hasText: 'This photo cannot be shown.' }).waitFor();
      expect(await page.getByRole('button', { name: 'Edit' }).count()).toBe(0);
      expect(new URL(page.url()).searchParams.get('photo')).toBe(String(asset?.id));
      await shoot(page, 'damaged');
    } finally {
      await rm(cut);
      await test.library.folders.rescan();
      await test.library.idle();
    }
  });

  it('keeps a search as an album, whose search can be changed', async () => {
    const page = await test.show('/library?q=person');
    await expectCount(page, 6);
    await page.getByRole('button', { name: 'Save as album' }).click();
    await page.getByLabel('Name of a new album').fill('People');
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByRole('button', { name: 'Open' }).click();
    await expectCount(page, 6);
    const search = page.getByLabel('What it searches for');
    expect(await search.inputValue()).toBe('person');
    await search.fill('person type:video');
    await search.press('Enter');
    await page.getByRole('heading', { name: 'Nothing found' }).waitFor();
    const [album] = await test.library.albums.list();
    expect(album).toMatchObject({ name: 'People', query: 'person type:video', count: 0 });
    await test.library.albums.remove(album?.id ?? 0);
  });

  it('shows on a map what was taken where, or that nothing tells', async () => {
    const page = await test.show('/library?view=map&q=zebra');
    await page.getByRole('heading', { name: 'Nothing on the map' }).waitFor();
    const copy = join(test.photos, 'away.jpg');
    const places = { geoData: { latitude: 47.37, longitude: 8.54 } };
    await writeFile(`${copy}.json`, JSON.stringify(places));
    await sharp(join(test.photos, 'sample1.jpg')).resize(500).jpeg().toFile(copy);
    await test.library.folders.rescan();
    await test.library.idle();
    try {
      await page.goto(`${test.url}/library?view=map&q=away`);
      const cluster = page.getByRole('button', { name: 'One photo here' });
      await cluster.click();
      await page.getByRole('region', { name: 'Taken here' }).getByRole('option').first().waitFor();
      await page.getByRole('application', { name: 'Map' }).focus();
      const left = async (): Promise<number> => (await cluster.boundingBox())?.x ?? Number.NaN;
      // What was taken there opens beside the map, which makes room for it.
      let before = Number.NaN;
      const isAtRest = async (): Promise<boolean> => {
        const last = before;
        before = await left();
        return before === last;
      };
      await expect.poll(isAtRest, { ...PATIENT, interval: 700 }).toBe(true);
      await page.keyboard.press('ArrowRight');
      await expect.poll(async () => Math.round(before - (await left())), PATIENT).toBe(80);
      await page.getByRole('button', { name: 'Close what was taken here' }).click();
      await page.getByRole('button', { name: 'Search here' }).click();
      await expectCount(page, 1);
      expect(new URL(page.url()).searchParams.get('q')).toMatch(/^away box:/);
      await tiles(page).first().click();
      await page.keyboard.press('i');
      await page.getByRole('button', { name: 'Zürich, Switzerland' }).click();
      await expectCount(page, 1);
      expect(new URL(page.url()).searchParams.get('q')).toBe('place:Zürich');
    } finally {
      await rm(copy);
      await rm(`${copy}.json`);
      await test.library.folders.rescan();
      await test.library.idle();
    }
  });

  it('is walked through, selected from and changed by keys alone', async () => {
    const page = await showAll();
    await page.keyboard.press('Home');
    await page.keyboard.press(' ');
    await page.keyboard.press('Shift+ArrowRight');
    await page.keyboard.press('Shift+ArrowRight');
    await expect.poll(() => selected(page), PATIENT).toBe(3);
    await page.keyboard.press('f');
    await expect.poll(() => test.library.count({ isFavourite: true }), PATIENT).toEqual({ count: 3, isExact: true });
    await page.keyboard.press('Delete');
    await expectCount(page, 3);
    await expect.poll(() => test.library.count({ isTrashed: true }), PATIENT).toEqual({ count: 3, isExact: true });
    await page.getByRole('button', { name: 'Undo' }).click();
    await expectCount(page, 6);

    await page.keyboard.press('End');
    await page.keyboard.press('Delete');
    await expectCount(page, 5);
    await page.getByRole('link', { name: /^Trash/ }).click();
    await expectCount(page, 1);
    await tiles(page)
      .first()
      .click({ modifiers: ['Control'] });
    await page.getByRole('button', { name: 'Restore' }).click();
    await page.getByRole('heading', { name: 'The trash is empty' }).waitFor();
    await expect.poll(() => test.library.count(), PATIENT).toEqual({ count: 6, isExact: true });
  });

  it('puts what is selected into albums', async () => {
    const page = await showAll();
    await tiles(page)
      .nth(1)
      .click({ modifiers: ['Control'] });
    await tiles(page)
      .nth(3)
      .click({ modifiers: ['Shift'] });
    await expect.poll(() => selected(page), PATIENT).toBe(3);
    await page.getByRole('button', { name: 'Add to an album' }).click();
    await page.getByLabel('Name of a new album').fill('Girls’ night');
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByRole('button', { name: 'Open' }).click();
    await expectCount(page, 3);
    await page.getByLabel('Name of the album').fill('Night out');
    await page.keyboard.press('Enter');
    await expect
      .poll(async () => (await test.library.albums.list())[0], PATIENT)
      .toMatchObject({ name: 'Night out', count: 3 });
    await tiles(page)
      .first()
      .click({ modifiers: ['Control'] });
    await page.getByRole('button', { name: 'Take out of Night out' }).click();
    await expectCount(page, 2);
    await expect.poll(async () => (await test.library.albums.list())[0], PATIENT).toMatchObject({ count: 2 });
  });

  it('saves what is selected, edited photos beside their originals or in their place', async () => {
    const [first] = (await test.library.list()).assets;
    const recipe = { format: 'focal-recipe', version: 1, look: { steps: [{ effect: 'mono' }] } };
    const version = await test.library.versions.create(first?.id ?? 0, { recipe, name: 'Grey' });
    const page = await showAll();
    await tiles(page).first().focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Home');
    await page.keyboard.press(' ');
    await page.keyboard.press('s');
    const dialog = page.getByRole('dialog', { name: 'Save 1 item' });
    expect(await dialog.getByLabel('Metadata').count()).toBe(0);
    await dialog.locator('label', { hasText: 'Both' }).click();
    await dialog.getByLabel('Metadata').selectOption('no-location');
    await dialog.getByRole('checkbox').check();
    await shoot(page, 'export');
    await page.setViewportSize({ width: 360, height: 740 });
    await shoot(page, 'export-360');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    await page.setViewportSize({ width: 1280, height: 860 });
    const coming = page.waitForEvent('download');
    await dialog.getByRole('link', { name: 'Download' }).click();
    const download = await coming;
    expect(download.suggestedFilename()).toBe('focal-photos.zip');
    const zip = (await readFile(await download.path())).toString('latin1');
    expect(zip.slice(0, 2)).toBe('PK');
    for (const name of ['.jpg', '.jpg.xmp', ' (Grey).jpg']) expect(zip).toContain(name);
    await expect.poll(() => selected(page), PATIENT).toBe(0);
    await test.library.versions.remove(first?.id ?? 0, version.id);
  });

  it('tells what it keeps, frees what can be made again, and says what models run on', async () => {
    const page = await test.show('/library?view=settings');
    const storage = page.locator('section', { has: page.getByRole('heading', { name: 'Storage' }) });
    await storage.getByText('Small pictures for grids').waitFor();
    await storage.getByText('Larger pictures, faces and versions').waitFor();
    const models = page.locator('section', { has: page.getByRole('heading', { name: 'Models and device' }) });
    await models.getByText(/^Models run on /).waitFor();
    expect(await models.getByText('Ready', { exact: true }).count()).toBeGreaterThan(3);
    await models.scrollIntoViewIfNeeded();
    await shoot(page, 'settings');
    await page.setViewportSize({ width: 360, height: 740 });
    await storage.scrollIntoViewIfNeeded();
    await shoot(page, 'settings-360');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    await storage.getByRole('button', { name: /^Free / }).click();
    await page.getByText(/ freed\.$/).waitFor();
    await storage.getByText('Larger pictures, faces and versions').waitFor({ state: 'detached' });
    expect((await test.library.storage.read()).parts.find(({ part }) => part === 'pictures')?.bytes).toBe(0);
  });

  it('shows files that are the same', async () => {
    const page = await showAll('/library');
    await copyFile(join(test.photos, 'sample1.jpg'), join(test.photos, 'copy.jpg'));
    await test.library.folders.rescan();
    await test.library.idle();
    await page.getByRole('link', { name: 'Duplicates' }).click();
    await page.getByRole('heading', { name: 'The same file in 2 places' }).waitFor();
    expect(await page.locator('.duplicate-picture').count()).toBe(1);
    const places = await page.locator('.duplicate-place').allTextContents();
    expect(places).toEqual([expect.stringMatching(/sample1\.jpg$/), expect.stringMatching(/copy\.jpg$/)]);
  });
});

describe('the viewer', { timeout: 4 * PATIENCE_MS }, () => {
  const open = async (): Promise<Page> => {
    const page = await showAll();
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Viewer' }).waitFor();
    await page.locator('.photo-frame img[data-state="there"]').waitFor();
    return page;
  };
  const idOf = (page: Page): number => Number(new URL(page.url()).searchParams.get('photo'));
  const widthOf = async (page: Page): Promise<number> => (await page.locator('.photo-frame').boundingBox())?.width ?? 0;

  it('loses no key that is pressed before all is known of a photo', async () => {
    const page = await showAll();
    await page.route(/\/v1\/library\/assets\/\d+$/, async (route) => {
      if (route.request().method() === 'GET') await new Promise((resolve) => setTimeout(resolve, 1500));
      await route.continue();
    });
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Viewer' }).waitFor();
    await page.keyboard.press('4');
    const rating = async () => (await test.library.get(idOf(page)))?.rating;
    await expect.poll(rating, { timeout: PATIENCE_MS }).toBe(4);
    await page.getByText('4 stars').waitFor();
    await test.library.change([idOf(page)], { rating: 0 });
  });

  it('goes on and back, zooms, and leads back to the grid', async () => {
    const page = await open();
    const first = idOf(page);
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => idOf(page), PATIENT).not.toBe(first);
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => idOf(page), PATIENT).toBe(first);
    await page.locator('.photo-frame img[data-state="there"]').waitFor();
    const fitted = await widthOf(page);
    await page.mouse.move(640, 400);
    await page.mouse.wheel(0, -600);
    await expect.poll(() => widthOf(page), PATIENT).toBeGreaterThan(2 * fitted);
    const at = await page.locator('.photo-frame').boundingBox();
    await page.mouse.down();
    await page.mouse.move(700, 440, { steps: 3 });
    await page.mouse.up();
    const moved = await page.locator('.photo-frame').boundingBox();
    expect((moved?.x ?? 0) - (at?.x ?? 0)).toBeCloseTo(60, 0);
    await page.keyboard.press('0');
    await expect.poll(() => widthOf(page), PATIENT).toBeCloseTo(fitted, 0);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog', { name: 'Viewer' }).waitFor({ state: 'detached' });
    expect(await page.getByRole('listbox').getAttribute('aria-activedescendant')).toBe(`asset-${first}`);
  });

  it('tells what is known, and takes a caption and stars', async () => {
    const page = await open();
    await page.keyboard.press('i');
    const facts = page.getByRole('complementary', { name: 'Facts' });
    await facts.getByText('samsung SM-G955U').waitFor();
    await facts.getByText('1920 × 1537').waitFor();
    await facts.getByLabel('Caption').fill('Four of us');
    await facts.getByLabel('Caption').press('Enter');
    await facts.getByRole('button', { name: '4 stars' }).click();
    const details = () => test.library.get(idOf(page));
    await expect.poll(async () => (await details()).caption, PATIENT).toBe('Four of us');
    await expect.poll(async () => (await details()).rating, PATIENT).toBe(4);
    const { faces, things } = await details();
    expect(faces.length).toBeGreaterThan(2);
    expect(await page.locator('.found-box').count()).toBe(faces.length + things.length);
    const [face] = faces;
    const photo = await page.locator('.photo-frame').boundingBox();
    const name = page.locator('.found-box[data-face] .found-name').first();
    expect(await name.isVisible()).toBe(false);
    if (face === undefined || photo === null) throw new Error('There is a face in it.');
    await page.mouse.move(
      photo.x + (face.box.x + face.box.width / 2) * photo.width,
      photo.y + (face.box.y + face.box.height / 2) * photo.height,
    );
    await expect.poll(() => page.locator('.found-box[data-face] .found-name:visible').count(), PATIENT).toBe(1);
  });

  it('shows a mark in place of small pictures that do not load', async () => {
    const page = await showAll();
    await page.route(/\/thumbnail/, (route) => route.abort());
    await page.route(/\/preview/, () => new Promise(() => undefined));
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    const films = page.locator('.film');
    await expect.poll(() => films.locator('.no-picture').count(), PATIENT).toBe(6);
    expect(await films.locator('img').count()).toBe(0);
  });

  it('says that a file is gone, offers neither to save nor to edit it, and shows it whole again', async () => {
    const page = await open();
    const [place] = (await test.library.get(idOf(page))).places;
    const path = place?.path ?? '';
    await rename(path, `${path}.away`);
    try {
      await page.reload();
      await page.locator('.stage-problem', { hasText: `Its file is gone from ${path}` }).waitFor();
      expect(await page.getByRole('link', { name: 'Save the file' }).count()).toBe(0);
      expect(await page.getByRole('button', { name: 'Edit' }).count()).toBe(0);
      await page.getByRole('button', { name: 'Facts', exact: true }).click();
      await page.getByText('The file is gone.').waitFor();
      await page.keyboard.press('i');
      await page.keyboard.press('e');
      await page.locator('.toast.error', { hasText: 'Its file is gone' }).waitFor();
    } finally {
      await rename(`${path}.away`, path);
    }
    await page.reload();
    await page.getByRole('button', { name: 'Edit' }).waitFor();
    expect(await page.locator('.stage-problem').count()).toBe(0);
  });

  it('shows photos one after the other without the facts beside them', async () => {
    const page = await open();
    const facts = page.getByRole('complementary', { name: 'Facts' });
    await page.keyboard.press('i');
    await facts.waitFor();
    await page.keyboard.press('Space');
    await page.locator('.viewer[data-show]').waitFor();
    expect(await facts.count()).toBe(0);
    await page.keyboard.press('Space');
    await facts.waitFor();
    await page.keyboard.press('i');
  });

  it('brings back what a slideshow hides by a tap, and what is hidden does nothing', async () => {
    const page = await test.show('/library', { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
    await tiles(page).first().tap();
    await page.getByRole('dialog', { name: 'Viewer' }).waitFor();
    await page.getByRole('button', { name: 'Slideshow', exact: true }).tap();
    const bin = await page.getByRole('button', { name: 'To the trash' }).boundingBox();
    if (bin === null) throw new Error('There is a button for it.');
    const opacity = () => page.locator('.viewer-bar').evaluate((bar) => Number(getComputedStyle(bar).opacity));
    await expect.poll(opacity, PATIENT).toBe(0);
    await page.touchscreen.tap(bin.x + bin.width / 2, bin.y + bin.height / 2);
    await expect.poll(opacity, PATIENT).toBe(1);
    expect((await test.library.progress()).trashed).toBe(0);
    await page.getByRole('button', { name: 'End the slideshow' }).tap();
    await page.getByRole('button', { name: 'Slideshow', exact: true }).waitFor();
    await expect.poll(opacity, PATIENT).toBe(1);
  });

  it('plays a video within its place, and Space pauses it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'focal-video-'));
    await makeClip({ path: join(folder, 'clip.webm'), width: 320, height: 240 });
    const { id: folderId } = await test.library.folders.add(folder);
    try {
      await test.library.idle();
      const [video] = (await test.library.list({ filter: { kind: 'video' } })).assets;
      const page = await test.show(`/library?photo=${video?.id}`);
      const player = page.locator('.video-stage video');
      await player.waitFor();
      const isPaused = () => player.evaluate((each: HTMLVideoElement) => each.paused);
      await player.evaluate((each: HTMLVideoElement) => {
        each.loop = true;
        return each.play();
      });
      const [shown, strip] = [await player.boundingBox(), await page.locator('.filmstrip').boundingBox()];
      expect((shown?.y ?? 0) + (shown?.height ?? 0)).toBeLessThanOrEqual(strip?.y ?? 0);
      await page.keyboard.press('Space');
      await expect.poll(isPaused, PATIENT).toBe(true);
      expect(await page.getByRole('button', { name: 'Back' }).isVisible()).toBe(true);
      await page.keyboard.press('Space');
      await expect.poll(isPaused, PATIENT).toBe(false);
    } finally {
      await test.library.folders.remove(folderId);
      await rm(folder, { recursive: true });
    }
  });

  it('opens a photo in the studio', async () => {
    const page = await open();
    await page.keyboard.press('e');
    await page.locator('.photo-name', { hasText: 'sample6.jpg' }).waitFor();
    expect(new URL(page.url()).search).toBe('');
  });
});

describe('by touch, on 360 pixels', { timeout: 4 * PATIENCE_MS }, () => {
  it('fits, selects with a long press and opens with a tap', async () => {
    const viewport = { width: 360, height: 720 };
    const page = await test.show('/library', { viewport, hasTouch: true, isMobile: true });
    await tiles(page).first().waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    const box = await tiles(page).first().boundingBox();
    const touch = { clientX: (box?.x ?? 0) + 40, clientY: (box?.y ?? 0) + 40, pointerType: 'touch', bubbles: true };
    await tiles(page).first().dispatchEvent('pointerdown', touch);
    await expect.poll(() => selected(page), PATIENT).toBe(1);
    await tiles(page).first().dispatchEvent('pointerup', touch);
    await page.getByRole('button', { name: 'Select nothing' }).tap();
    await expect.poll(() => selected(page), PATIENT).toBe(0);
    await tiles(page).first().tap();
    await page.getByRole('dialog', { name: 'Viewer' }).waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  });
});
