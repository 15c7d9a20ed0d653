import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeClip } from '@focal/testing/video';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startLibrary, type TestLibrary } from '../fixtures/open-library.ts';
import { PATIENCE_MS } from '../fixtures/open-studio.ts';

const PATIENT = { timeout: PATIENCE_MS };
const SHOTS = process.env.FOCAL_TEST_SHOTS;

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
    assets.slice(0, 4).map(({ id }) => id),
  );
}, 6 * PATIENCE_MS);
afterEach(() => test.closePages());
afterAll(() => test.close(), PATIENCE_MS);

async function shoot(page: Page, name: string): Promise<void> {
  if (SHOTS !== undefined) await page.screenshot({ path: `${SHOTS}/${name}.png` });
}

/** Until a dialog has come in. */
const settle = (page: Page) =>
  page.evaluate(async () => {
    const ending = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity);
    await Promise.all(ending.map(({ finished }) => finished.catch(() => undefined)));
  });

const tiles = (page: Page) => page.getByRole('option', { name: /^(Photo|Video)/ });
const openAlbum = (options = {}) => test.show(`/library?view=albums&album=${album}`, options);
const problems: string[] = [];

/** A guest's page: with nothing of the studio's. */
async function visit(page: Page, link: string, options = {}): Promise<Page> {
  const url = new URL(link);
  url.hostname = '127.0.0.1';
  const context = await page.context().browser()?.newContext(options);
  if (context === undefined) throw new Error('Expected a browser.');
  const guest = await context.newPage();
  guest.setDefaultTimeout(PATIENCE_MS);
  guest.on('pageerror', ({ message }) => problems.push(message));
  guest.on('console', (message) => {
    if (message.type() === 'error' && /Content Security Policy/.test(message.text())) problems.push(message.text());
  });
  await guest.goto(url.href);
  return guest;
}

/** Until the photo in the viewer is there, larger than in the grid. */
async function expectSeen(guest: Page): Promise<void> {
  const width = () => guest.evaluate(() => document.querySelector<HTMLImageElement>('dialog img')?.naturalWidth ?? 0);
  await expect.poll(width, PATIENT).toBeGreaterThan(480);
}

/** Makes a link in the dialog, and gives it. */
async function makeLink(page: Page, password = ''): Promise<string> {
  await page.getByLabel('Password, if you want one').fill(password);
  await page.getByRole('button', { name: 'Make a link' }).click();
  return page.getByLabel('The link').inputValue();
}

describe('sharing an album', { timeout: 4 * PATIENCE_MS }, () => {
  it('is turned on, gives a link with its QR code, and lists and ends it', async () => {
    await test.library.settings.change({ isSharing: false });
    const page = await openAlbum();
    await page.getByRole('button', { name: 'Share by link' }).click();
    const dialog = page.getByRole('dialog', { name: 'Share Party' });
    await dialog.getByText('Sharing is off for this library.').waitFor();
    await settle(page);
    await shoot(page, 'share-off');
    await dialog.getByRole('checkbox').check();
    await dialog.locator('label', { hasText: '1 day' }).click();
    await shoot(page, 'share-form');
    const link = await makeLink(page);
    expect(link).toMatch(/^http:\/\/[\d.]+:\d+\/s\/[\w-]{32}$/);
    const isHere = new URL(link).hostname === '127.0.0.1';
    expect(await dialog.getByText('This machine is in no network now').count()).toBe(isHere ? 1 : 0);
    await dialog.getByRole('img', { name: /^QR code/ }).waitFor();
    await dialog
      .getByText(/^Ends /)
      .first()
      .waitFor();
    await shoot(page, 'share-made');

    const guest = await visit(page, link, { viewport: { width: 1280, height: 860 } });
    await guest.getByRole('heading', { name: 'Party' }).waitFor();
    const widths = () =>
      guest.evaluate(() =>
        [...document.querySelectorAll('.photos img')].map((img) => (img as HTMLImageElement).naturalWidth),
      );
    await expect.poll(async () => (await widths()).filter((width) => width > 100).length, PATIENT).toBe(4);
    await shoot(guest, 'guest-grid');
    // With the keys: open, on, to the end, back, closed.
    await guest.getByRole('link', { name: 'Photo 1', exact: true }).focus();
    await guest.keyboard.press('Enter');
    const place = guest.locator('dialog .place');
    await expect.poll(() => place.innerText(), PATIENT).toBe('1 of 4');
    await guest.keyboard.press('ArrowRight');
    await expect.poll(() => place.innerText(), PATIENT).toBe('2 of 4');
    await guest.keyboard.press('End');
    await expect.poll(() => place.innerText(), PATIENT).toBe('4 of 4');
    await guest.getByRole('button', { name: 'Photo before' }).click();
    await expect.poll(() => place.innerText(), PATIENT).toBe('3 of 4');
    await expectSeen(guest);
    await shoot(guest, 'guest-viewer');
    await guest.keyboard.press('Escape');
    await expect.poll(() => guest.locator('dialog').isVisible(), PATIENT).toBe(false);
    // The focus goes there a moment after the dialog is gone.
    const focused = () => guest.evaluate(() => document.activeElement?.querySelector('img')?.alt);
    await expect.poll(focused, PATIENT).toBe('Photo 3');

    await dialog.getByRole('button', { name: 'End it' }).first().click();
    await dialog.getByText('Ended by you').first().waitFor();
    await guest.reload();
    await guest.getByRole('heading', { name: 'No longer shared' }).waitFor();
    await shoot(guest, 'guest-ended');
    await guest.context().close();
    expect(problems.splice(0)).toEqual([]);
  });

  it('asks guests for the password, on a small screen too, where photos are swiped', async () => {
    const page = await openAlbum({ viewport: { width: 360, height: 740 } });
    await page.getByRole('button', { name: 'Share by link' }).click();
    await page.getByLabel('Password, if you want one').waitFor();
    await settle(page);
    await shoot(page, 'share-form-360');
    const link = await makeLink(page, 'cheese board');
    await shoot(page, 'share-made-360');
    const guest = await visit(page, link, { viewport: { width: 360, height: 740 }, hasTouch: true });
    await guest.getByLabel('Password').fill('cheese');
    await guest.getByRole('button', { name: 'Show the photos' }).click();
    await guest.getByRole('alert').filter({ hasText: 'That is not the password.' }).waitFor();
    await shoot(guest, 'guest-password-360');
    await guest.getByLabel('Password').fill('cheese board');
    await guest.getByRole('button', { name: 'Show the photos' }).click();
    await guest.getByRole('link', { name: 'Photo 1', exact: true }).click();
    const place = guest.locator('dialog .place');
    await expect.poll(() => place.innerText(), PATIENT).toBe('1 of 4');
    await guest.locator('dialog').evaluate((dialog) => {
      const touch = (type: string, clientX: number) =>
        dialog.dispatchEvent(
          new PointerEvent(type, { clientX, clientY: 300, isPrimary: true, pointerType: 'touch', bubbles: true }),
        );
      touch('pointerdown', 300);
      touch('pointerup', 100);
    });
    await expect.poll(() => place.innerText(), PATIENT).toBe('2 of 4');
    await expectSeen(guest);
    await shoot(guest, 'guest-viewer-360');
    await guest.keyboard.press('Escape');
    await shoot(guest, 'guest-grid-360');
    expect(await guest.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    await guest.context().close();
    expect(problems.splice(0)).toEqual([]);
  });

  it('plays videos for guests, and says so once it has ended', async () => {
    await test.library.settings.change({ isSharing: true });
    await makeClip({ path: join(test.photos, 'clip.webm'), width: 320, height: 240 });
    await test.library.folders.rescan();
    await test.library.idle();
    const [clip] = (await test.library.list({ filter: { kind: 'video' } })).assets;
    await test.library.albums.addAssets(album, [clip?.id ?? 0]);
    const page = await openAlbum();
    await page.getByRole('button', { name: 'Share by link' }).click();
    const guest = await visit(page, await makeLink(page));
    await guest.getByText('4 photos and 1 video.').waitFor();
    await guest.getByRole('link', { name: 'Video 5' }).click();
    const isShown = () => guest.locator('dialog video').evaluate((video: HTMLVideoElement) => video.currentTime > 0);
    await expect.poll(isShown, PATIENT).toBe(true);
    await shoot(guest, 'guest-video');
    await guest.keyboard.press('ArrowLeft');
    await expectSeen(guest);
    expect(await guest.locator('dialog video').isVisible()).toBe(false);
    expect(await guest.locator('dialog video').getAttribute('src')).toBeNull();

    const [share] = await test.library.shares.list(album);
    await test.library.shares.revoke(share?.id ?? 0);
    // One that was not loaded before.
    await guest.keyboard.press('ArrowLeft');
    await guest.getByRole('heading', { name: 'No longer shared' }).waitFor();
    await guest.context().close();
    await rm(join(test.photos, 'clip.webm'));
    await test.library.folders.rescan();
    await test.library.idle();
    expect(problems.splice(0)).toEqual([]);
  });

  it('covers faces but of who is chosen, and says so to guests until it is done', async () => {
    await test.library.settings.change({ isSharing: true });
    const { people } = await test.library.people.list();
    const [ada, berta] = people;
    if (ada === undefined || berta === undefined) throw new Error('Expected two people.');
    await test.library.people.change(ada.id, { name: 'Ada' });
    await test.library.people.change(berta.id, { name: 'Berta' });
    const page = await openAlbum();
    await page.getByRole('button', { name: 'Share by link' }).click();
    const dialog = page.getByRole('dialog', { name: 'Share Party' });
    await dialog.getByRole('checkbox', { name: 'Cover faces' }).check();
    await dialog.getByRole('button', { name: 'Berta' }).click();
    await dialog.getByLabel('Whose face may be seen').fill('ada');
    await dialog.getByLabel('Whose face may be seen').press('Enter');
    await dialog.getByRole('button', { name: 'Cover Ada, too' }).waitFor();
    await dialog.getByRole('button', { name: 'Cover Berta, too' }).click();
    await settle(page);
    await shoot(page, 'share-cover');
    await page.setViewportSize({ width: 360, height: 740 });
    await shoot(page, 'share-cover-360');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    await page.setViewportSize({ width: 1280, height: 860 });
    const link = await makeLink(page);
    await dialog.getByText('All faces covered but those of Ada').waitFor();
    await dialog.getByText('Faces are being covered now.').waitFor();
    await shoot(page, 'share-cover-made');

    const guest = await visit(page, link, { viewport: { width: 1280, height: 860 } });
    const states = (state: string) => guest.locator(`.photos li[data-state="${state}"]`).count();
    expect((await states('waiting')) + (await states('ready'))).toBe(4);
    await shoot(guest, 'guest-cover-waits');
    const waiting = guest.locator('.photos li[data-state="waiting"] a').last();
    if ((await waiting.count()) > 0) {
      await waiting.click();
      await guest.locator('dialog .waits').waitFor();
      await shoot(guest, 'guest-cover-viewer-waits');
    } else await guest.getByRole('link', { name: 'Photo 4', exact: true }).click();
    // What is looked at comes by itself.
    await expectSeen(guest);
    await shoot(guest, 'guest-cover-viewer');
    await guest.keyboard.press('Escape');
    await expect.poll(() => states('ready'), { timeout: 3 * PATIENCE_MS }).toBe(4);
    const widths = () =>
      guest.evaluate(() =>
        [...document.querySelectorAll<HTMLImageElement>('.photos img')].map((img) => img.currentSrc),
      );
    expect((await widths()).length).toBe(4);
    await shoot(guest, 'guest-cover-grid');
    await guest.setViewportSize({ width: 360, height: 740 });
    await shoot(guest, 'guest-cover-grid-360');
    await guest.context().close();
    expect(problems.splice(0)).toEqual([]);
    await test.library.people.change(ada.id, { name: 'Cleo' });
    await page.reload();
    await page.getByRole('button', { name: 'Share by link' }).click();
    await page.getByText('Now covered, too, as they were renamed or merged: Ada').waitFor();
    await shoot(page, 'share-cover-renamed');
  });

  it('is turned on and off in the settings', async () => {
    const page = await test.show('/library?view=settings');
    const toggle = page.getByRole('checkbox', { name: /shared by links/ });
    await expect.poll(() => toggle.isChecked(), PATIENT).toBe(true);
    await page.getByText('Guests reach this machine at').waitFor();
    await shoot(page, 'settings');
    await toggle.uncheck();
    await expect.poll(async () => (await test.library.settings.get()).isSharing, PATIENT).toBe(false);
    await page.getByText('Guests reach this machine at').waitFor({ state: 'detached' });
  });
});

describe('a private album', { timeout: 4 * PATIENCE_MS }, () => {
  it('is made, hides its photos, is unlocked, locked, and opened to all again', async () => {
    const page = await test.show();
    await expect.poll(() => tiles(page).count(), PATIENT).toBe(6);
    await page.getByRole('link', { name: 'Albums' }).click();
    await page.getByRole('button', { name: /Party/ }).click();
    await expect.poll(() => tiles(page).count(), PATIENT).toBe(4);
    await page.getByRole('button', { name: 'Make private' }).click();
    await page.getByLabel('New password').fill('open sesame');
    await page.getByLabel('The same password again').fill('open barley');
    await page.getByRole('button', { name: 'Make it private' }).click();
    await page.getByRole('alert').filter({ hasText: 'The two passwords differ.' }).waitFor();
    await page.getByLabel('The same password again').fill('open sesame');
    await shoot(page, 'private-dialog');
    await page.getByRole('button', { name: 'Make it private' }).click();
    await page.getByRole('button', { name: 'Lock now' }).waitFor();
    await expect.poll(() => tiles(page).count(), PATIENT).toBe(4);
    await shoot(page, 'private-open');
    expect(await page.getByRole('button', { name: 'Share by link' }).count()).toBe(0);

    await page.getByRole('link', { name: 'Photos' }).click();
    await expect.poll(() => tiles(page).count(), PATIENT).toBe(2);
    await page.getByRole('link', { name: 'Albums' }).click();
    await page.getByRole('button', { name: /Party/ }).click();
    await page.getByRole('button', { name: 'Lock now' }).click();
    await page.getByRole('heading', { name: 'This album is private' }).waitFor();
    await expect.poll(() => tiles(page).count(), PATIENT).toBe(0);
    await shoot(page, 'private-locked');
    await page.setViewportSize({ width: 360, height: 740 });
    await shoot(page, 'private-locked-360');
    await page.setViewportSize({ width: 1280, height: 860 });
    // By keys it is typed at once.
    await page.reload();
    await page.getByRole('heading', { name: 'This album is private' }).waitFor();
    const hasFocus = () =>
      page.getByLabel('Password of the album').evaluate((field) => field === document.activeElement);
    await expect.poll(hasFocus, PATIENT).toBe(true);
    await page.getByLabel('Password of the album').fill('a wrong one');
    await page.getByRole('button', { name: 'Unlock' }).click();
    await page.getByRole('alert').filter({ hasText: 'That is not the password of this album.' }).waitFor();
    await page.getByLabel('Password of the album').fill('open sesame');
    await page.getByRole('button', { name: 'Unlock' }).click();
    await expect.poll(() => tiles(page).count(), PATIENT).toBe(4);
    const shown = () =>
      page.evaluate(() => [...document.querySelectorAll<HTMLImageElement>('.tile img')].map((img) => img.naturalWidth));
    await expect.poll(async () => (await shown()).filter((width) => width > 100).length, PATIENT).toBe(4);

    // Another tab of this browser: what is locked in one is locked in both, and what is open, open.
    const other = await page.context().newPage();
    other.setDefaultTimeout(PATIENCE_MS);
    await other.goto(page.url());
    await tiles(other).first().dblclick();
    await other.getByRole('dialog', { name: 'Viewer' }).waitFor();
    await page.getByRole('button', { name: 'Lock now' }).click();
    for (const each of [page, other]) {
      await each.getByRole('heading', { name: 'This album is private' }).waitFor();
      await expect.poll(() => tiles(each).count(), PATIENT).toBe(0);
    }
    expect(await other.getByRole('dialog', { name: 'Viewer' }).count()).toBe(0);
    expect(await other.locator('.toast').count()).toBe(0);
    await other.getByLabel('Password of the album').fill('open sesame');
    await other.getByRole('button', { name: 'Unlock' }).click();
    await expect.poll(() => tiles(page).count(), PATIENT).toBe(4);
    const name = other.getByLabel('Name of the album');
    await name.fill('Feast');
    await name.press('Enter');
    await expect.poll(() => page.getByLabel('Name of the album').inputValue(), PATIENT).toBe('Feast');

    // Opened to all by somebody else meanwhile: its password leads in.
    await page.getByRole('button', { name: 'Lock now' }).click();
    await page.getByRole('heading', { name: 'This album is private' }).waitFor();
    await page.getByLabel('Password of the album').fill('open sesame');
    const { token } = await test.library.privacy.unlock(album, 'open sesame');
    await test.library.privacy.unprotect(album, token);
    await page.getByRole('button', { name: 'Unlock' }).click();
    await page.getByRole('button', { name: 'Share by link' }).waitFor();
    await test.library.privacy.protect(album, 'open sesame');
    await page.reload();
    await page.getByRole('heading', { name: 'This album is private' }).waitFor();
    await page.getByLabel('Password of the album').fill('open sesame');
    await page.getByRole('button', { name: 'Unlock' }).click();

    await page.getByRole('button', { name: 'Password of the album' }).click();
    await page.getByRole('button', { name: 'Take the password away' }).click();
    await page.getByRole('button', { name: 'Share by link' }).waitFor();
    await page.getByRole('link', { name: 'Photos' }).click();
    await expect.poll(() => tiles(page).count(), PATIENT).toBe(6);
  });
});
