import { readFile } from 'node:fs/promises';
import { writeBoxFont } from '@focal/testing';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import {
  awaitRest,
  awaitSubject,
  download,
  openPhotos,
  PATIENCE_MS,
  readSmall,
  useStudio,
} from './fixtures/open-studio.ts';

// Stacks of steps, whom they act on, looks, several photos, and what a reload leaves: the built studio on the real server.
describe('the editor', () => {
  const studio = useStudio({ withoutModels: ['isnet-medium'] });

  const titles = (page: Page) => page.locator('.step-name').allTextContents();
  const look = (page: Page, title: string) => page.getByRole('button', { name: title, exact: true }).click();
  const ofPhoto = (page: Page, name: string) =>
    page.locator(`.stage[aria-label*="${name}"]`).waitFor({ timeout: PATIENCE_MS });

  const open = async (page: Page, ...names: readonly string[]): Promise<number> =>
    openPhotos(page, ...(await Promise.all(names.map((name) => readSmall(name)))));

  /** What is kept of who and what is in the photos. */
  const readScenes = (page: Page): Promise<readonly unknown[]> =>
    page.evaluate(
      () =>
        new Promise((resolve, reject) => {
          const opening = indexedDB.open('focal-sitting');
          opening.onerror = () => reject(opening.error);
          opening.onsuccess = () => {
            const request = opening.result.transaction('scenes').objectStore('scenes').getAll();
            request.onsuccess = () => {
              opening.result.close();
              resolve(request.result);
            };
          };
        }),
    );

  async function add(page: Page, title: string): Promise<void> {
    await page.getByRole('button', { name: 'Add a step' }).click();
    await page.locator('.effect-choice', { has: page.getByText(title, { exact: true }) }).click();
  }

  it('stacks steps: adds, moves, switches off, duplicates and deletes them, and takes all of it back', async () => {
    const page = await studio.show('browser');
    const cut = await open(page, 'sample1.jpg');
    expect(await titles(page)).toEqual(['Cut out']);
    expect(await page.locator('.step-handle').count()).toBe(0);

    await add(page, 'Tone');
    await add(page, 'Mono');
    expect(await titles(page)).toEqual(['Cut out', 'Tone', 'Mono']);
    const whole = await awaitRest(page);
    expect(whole).not.toBe(cut);

    await page.getByRole('button', { name: 'Mono is on' }).click();
    expect(await awaitRest(page)).not.toBe(whole);
    await page.getByRole('button', { name: 'Mono is off' }).click();
    expect(await awaitRest(page)).toBe(whole);

    await page.getByRole('button', { name: 'Move Mono, step 3 of 3' }).focus();
    await page.keyboard.press('ArrowUp');
    expect(await titles(page)).toEqual(['Cut out', 'Mono', 'Tone']);
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label')))
      .toMatch(/Move Mono/);
    await page.keyboard.press('ArrowUp');
    expect(await titles(page)).toEqual(['Mono', 'Cut out', 'Tone']);

    await page.getByRole('button', { name: 'Duplicate Mono' }).click();
    expect(await titles(page)).toEqual(['Mono', 'Mono', 'Cut out', 'Tone']);
    await page.getByRole('button', { name: 'Delete Mono' }).click();
    await page.keyboard.press('Delete');
    expect(await titles(page)).toEqual(['Mono', 'Tone']);

    while (await page.getByRole('button', { name: 'Undo' }).isEnabled()) await page.keyboard.press('Control+z');
    expect(await titles(page)).toEqual(['Cut out']);
    expect(await awaitRest(page)).toBe(cut);
  });

  it('gives a step that hides no amount, which would let it shine through', async () => {
    const page = await studio.show('browser');
    await open(page, 'sample1.jpg');
    const amount = page.getByRole('slider', { name: 'Amount' });
    expect(await amount.count()).toBe(1);
    await look(page, 'Hidden faces');
    expect(await titles(page)).toEqual(['Anonymise']);
    expect(await page.locator('.step-body').count()).toBe(1);
    expect(await amount.count()).toBe(0);
  });

  it('moves a step by its handle, as one step of the history', async () => {
    const page = await studio.show('browser');
    await open(page, 'sample1.jpg');
    await look(page, 'Sticker');
    expect(await titles(page)).toEqual(['Cut out', 'Outline', 'Shadow']);
    await page.getByRole('button', { name: 'Cut out', exact: true }).click();
    const from = await page.locator('.step-handle').nth(2).boundingBox();
    const to = await page.locator('.step').nth(0).boundingBox();
    if (from === null || to === null) throw new Error('There is no handle.');
    await page.mouse.move(from.x + 8, from.y + 12);
    await page.mouse.down();
    await page.mouse.move(from.x + 8, to.y + 4, { steps: 8 });
    await page.mouse.up();
    expect(await titles(page)).toEqual(['Shadow', 'Cut out', 'Outline']);
    await page.keyboard.press('Control+z');
    expect(await titles(page)).toEqual(['Cut out', 'Outline', 'Shadow']);
  });

  it('acts on those whom one clicks in the photo, with Shift on several', async () => {
    const page = await studio.show('server');
    await open(page, 'sample1.jpg');
    await look(page, 'Soft background');
    const before = await awaitRest(page);
    const target = page.getByRole('combobox', { name: 'Acts on' });
    await target.selectOption('chosen');
    await page.locator('.chosen-list button').first().waitFor({ timeout: PATIENCE_MS });
    const frame = await page.locator('.frame').boundingBox();
    if (frame === null) throw new Error('The photo is not to be seen.');
    const at = (x: number, y: number) => [frame.x + frame.width * x, frame.y + frame.height * y] as const;

    await page.mouse.move(...at(0.8, 0.62));
    expect(await page.locator('.scene-light[data-lit]').getAttribute('data-lit')).toMatch(/^person-/);
    await page.mouse.click(...at(0.8, 0.62));
    const pressed = page.locator('.chosen-list button[aria-pressed=true]');
    expect(await pressed.count()).toBe(1);
    await page.mouse.move(5, 400);
    const one = await awaitRest(page);
    expect(one).not.toBe(before);

    await page.keyboard.down('Shift');
    await page.mouse.click(...at(0.24, 0.6));
    await page.keyboard.up('Shift');
    expect(await pressed.count()).toBe(2);
    await page.mouse.move(5, 400);
    expect(await awaitRest(page)).not.toBe(one);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+z');
    expect(await pressed.count()).toBe(1);
    expect(await awaitRest(page)).toBe(one);

    await target.selectOption('background');
    await target.selectOption('chosen');
    expect(await pressed.count()).toBe(0);
    await look(page, 'Hidden faces');
    expect(await target.inputValue()).toBe('everything');
  });

  it('saves a look as a file and opens it again, pictures and all', async () => {
    const page = await studio.show('browser');
    await open(page, 'sample1.jpg');
    await page.locator('.controls label.segment', { hasText: 'Picture' }).click();
    await page.locator('.asset input').setInputFiles(await readSmall('sample5.jpg', 300));
    await page.locator('.asset', { hasText: 'sample5.jpg' }).waitFor();
    await add(page, 'Tone');
    const made = await awaitRest(page);
    const waiting = page.waitForEvent('download', { timeout: PATIENCE_MS });
    await page.getByRole('button', { name: 'Save look' }).click();
    const file = await readFile(await (await waiting).path());
    expect(JSON.parse(file.toString())).toMatchObject({ format: 'focal-recipe', version: 1 });

    await look(page, 'Soft background');
    expect(await awaitRest(page)).not.toBe(made);
    await page.setInputFiles('#open-look', { name: 'look.json', mimeType: 'application/json', buffer: file });
    await page.getByText('The look was opened.').waitFor();
    expect(await titles(page)).toEqual(['Cut out', 'Tone']);
    expect(await awaitRest(page)).toBe(made);
  });

  it('writes in a font of the user’s own, with undo, and after a reload', async () => {
    const page = await studio.show('browser');
    await open(page, 'sample1.jpg');
    await add(page, 'Caption');
    const step = page.locator('.step[data-open]');
    // Captions keep clear of faces: those have to be found first, and where the user looks, it is said what that costs.
    await step.getByRole('button', { name: 'Not now' }).click();
    await page.getByRole('textbox', { name: 'Text' }).fill('本 and');
    await awaitRest(page);
    await step.getByRole('button', { name: 'Look for them' }).click();
    await step.getByRole('button', { name: 'Load and look' }).click();
    await page.locator('.step-note', { hasText: /The character “本”/ }).waitFor({ timeout: PATIENCE_MS });
    const without = await awaitRest(page);

    const choose = page.getByLabel('Font', { exact: true });
    await choose.setInputFiles({ name: 'broken.ttf', mimeType: 'font/ttf', buffer: Buffer.from('GIF89a and so on') });
    await page.getByText(/The font was not taken: .*TrueType or OpenType/).waitFor();
    await choose.setInputFiles({ name: 'boxes.ttf', mimeType: 'font/ttf', buffer: Buffer.from(writeBoxFont('本')) });
    await page.getByText('boxes.ttf').waitFor({ timeout: PATIENCE_MS });
    await page.locator('.step-note').waitFor({ state: 'detached', timeout: PATIENCE_MS });
    const written = await awaitRest(page);
    expect(written).not.toBe(without);

    await page.keyboard.press('Control+z');
    await page.locator('.step-note').waitFor({ timeout: PATIENCE_MS });
    expect(await awaitRest(page)).toBe(without);
    await page.keyboard.press('Control+Shift+z');
    await page.locator('.step-note').waitFor({ state: 'detached', timeout: PATIENCE_MS });
    expect(await awaitRest(page)).toBe(written);
    await page.getByRole('button', { name: 'Use Noto Sans again' }).click();
    await page.locator('.step-note').waitFor({ timeout: PATIENCE_MS });
    await page.keyboard.press('Control+z');
    await page.locator('.step-note').waitFor({ state: 'detached', timeout: PATIENCE_MS });

    await page.reload();
    await awaitSubject(page);
    await awaitRest(page);
    await page.getByRole('button', { name: 'Caption', exact: true }).click();
    await page.getByText('boxes.ttf').waitFor();
    expect(await page.locator('.step-note').count()).toBe(0);
  });

  it('says what is wrong with a look, and leaves out a step for somebody who is not there', async () => {
    const page = await studio.show('server');
    const before = await open(page, 'sample1.jpg');
    const choose = (text: string) =>
      page.setInputFiles('#open-look', { name: 'x.json', mimeType: 'application/json', buffer: Buffer.from(text) });
    await choose('{"format":"focal-recipe","version":9,"look":{"steps":[]}}');
    await page.getByText(/version 1, got version 9.*update Focal/).waitFor();
    await choose('{"format":"focal-recipe","version":1,"look":{"steps":[{"effect":"sparkle"}]}}');
    await page.getByText(/no effect "sparkle"/).waitFor();
    await choose('no JSON at all');
    await page.getByText(/text that is no JSON/).waitFor();
    expect(await awaitRest(page)).toBe(before);

    const steps = [{ effect: 'cutout' }, { effect: 'mono', on: 'person-9' }];
    await choose(JSON.stringify({ format: 'focal-recipe', version: 1, look: { steps } }));
    await page.getByText(/There is no person-9 in this picture.*left out/).waitFor({ timeout: PATIENCE_MS });
    expect(await awaitRest(page)).toBe(before);

    // Nor does it go unsaid where the photo is saved.
    await page.keyboard.press('s');
    const dialog = page.getByRole('dialog');
    await dialog.getByText(/^Mono: There is no person-9/).waitFor();
    await download(page, () => dialog.getByRole('button', { name: 'Download' }).click());
    await page.getByText(/^Saved sample1-edited.png .* without Mono: There is no person-9/).waitFor();
  });

  it('carries a look in a link to the next photo', async () => {
    const first = await studio.show('browser');
    await open(first, 'sample1.jpg');
    await look(first, 'Colour pop');
    await awaitRest(first);
    await first.getByRole('button', { name: 'Copy link' }).click();
    await first.getByText('Link copied.').waitFor();
    const link = new URL(await first.evaluate(() => navigator.clipboard.readText()));
    expect(link.hash).toMatch(/^#look=[\w-]+$/);

    const second = await studio.show('browser', {}, `/${link.hash}`);
    await second.getByText('it is applied to the photo you open').waitFor();
    await open(second, 'sample2.jpg');
    expect(await titles(second)).toEqual(['Mono', 'Tone']);
    expect(await second.evaluate('location.hash')).toBe('');
    const broken = await studio.show('browser', {}, `/${link.hash.slice(0, 30)}`);
    await broken.getByText('The link is broken or cut short.').waitFor();
  });

  it('finds the photos and what was done to them after a reload', async () => {
    const page = await studio.show('browser');
    await open(page, 'sample1.jpg', 'sample2.jpg');
    await look(page, 'Soft background');
    await page.getByRole('slider', { name: 'Blur' }).focus();
    await page.keyboard.press('ArrowRight');
    const made = await awaitRest(page);
    await page.reload();
    await awaitSubject(page);
    await awaitRest(page);
    expect(await awaitRest(page)).toBe(made);
    expect(await page.getByRole('slider', { name: 'Blur' }).inputValue()).toBe('0.013');
    expect(await page.locator('.strip-photo').count()).toBe(2);
    await page.getByRole('button', { name: 'Take sample2.jpg off the list' }).click();
    await page.locator('.strip').waitFor({ state: 'detached' });
    await page.reload();
    await ofPhoto(page, 'sample1.jpg');
    expect(await page.locator('.strip').count()).toBe(0);
  });

  it('hides faces at once after a reload, and keeps nothing that tells who is who', async () => {
    const page = await studio.show('server');
    await open(page, 'sample1.jpg');
    const looked = page.waitForResponse('**/v1/analyze*', { timeout: PATIENCE_MS });
    await look(page, 'Hidden faces');
    await (await looked).finished();
    await page.getByRole('button', { name: /In this photo.*people/ }).waitFor({ timeout: PATIENCE_MS });
    await page.locator('.veil').waitFor({ state: 'detached', timeout: PATIENCE_MS });
    await awaitRest(page);
    const hidden = await awaitRest(page);
    let looks = 0;
    await page.route('**/v1/analyze*', async (route) => {
      looks++;
      await route.continue();
    });
    await page.reload();
    await awaitSubject(page);
    await awaitRest(page);
    expect(await awaitRest(page)).toBe(hidden);
    expect(looks).toBe(0);
    expect(await page.locator('.veil').count()).toBe(0);

    await page.getByRole('button', { name: /In this photo/ }).click();
    await page.getByRole('button', { name: 'Known' }).first().click();
    await page.getByText(/is known until this page is closed/).waitFor({ timeout: PATIENCE_MS });
    expect(looks).toBe(1);
    const kept = JSON.stringify(await readScenes(page));
    expect(kept).toContain('possible-faces');
    expect(kept).not.toMatch(/vector|identities/);
  }, 150_000);

  it('takes over what its first version kept', async () => {
    const page = await studio.show('server');
    await open(page, 'sample1.jpg', 'sample2.jpg');
    await look(page, 'Colour pop');
    const pop = await awaitRest(page);
    const { origin } = new URL(page.url());
    await page.goto(`${origin}/health`);
    await page.evaluate(async () => {
      const ask = <T>(request: IDBRequest<T>) =>
        new Promise<T>((resolve, reject) => {
          request.onsuccess = () => resolve(request.result);
          request.onerror = () => reject(request.error);
        });
      const names = ['files', 'edits', 'mattes', 'assets', 'order'];
      const now = await ask(indexedDB.open('focal-sitting'));
      const all = await Promise.all(names.map((name) => ask(now.transaction(name).objectStore(name).getAll())));
      now.close();
      await ask(indexedDB.deleteDatabase('focal-sitting'));
      const making = indexedDB.open('focal-sitting', 1);
      making.onupgradeneeded = () => {
        for (const [i, name] of names.entries()) {
          const made = making.result.createObjectStore(name, { keyPath: 'id' });
          for (const each of all[i] ?? []) made.put(each);
        }
      };
      (await ask(making)).close();
    });
    await page.goto(origin);
    await awaitSubject(page);
    await awaitRest(page);
    expect(await awaitRest(page)).toBe(pop);
    expect(await page.locator('.strip-photo').count()).toBe(2);
  });

  it('shows nobody bare while faces are looked for, and saves nothing meanwhile', async () => {
    const page = await studio.show('server');
    await open(page, 'sample1.jpg');
    await page.route('**/v1/analyze*', () => undefined);
    await look(page, 'Hidden faces');
    const note = page.getByText('Looking for faces …');
    await note.waitFor();
    const [veil, frame] = await Promise.all(['.veil', '.frame'].map((each) => page.locator(each).boundingBox()));
    if (!veil || !frame) throw new Error('The photo is not to be seen.');
    expect(Math.max(veil.x - frame.x, veil.y - frame.y)).toBeLessThanOrEqual(0);
    expect(veil.x + veil.width).toBeGreaterThanOrEqual(frame.x + frame.width);
    expect(veil.y + veil.height).toBeGreaterThanOrEqual(frame.y + frame.height);
    expect(await page.locator('.veil').evaluate((each) => getComputedStyle(each).opacity)).toBe('1');
    await page.keyboard.press('s');
    expect(await page.getByRole('button', { name: 'Download' }).isDisabled()).toBe(true);
    await page.getByText('It can be saved once it is known who and what is in the photo').waitFor();
    await page.keyboard.press('Escape');

    // Nor where the photo comes back with a reload, its faces unknown.
    await page.reload();
    await page.locator('.veil').waitFor();
    await note.waitFor();
    await page.unroute('**/v1/analyze*');
    await page.route('**/v1/analyze*', (route) => route.abort());
    await page.reload();
    await page.getByText('The photo is shown once faces have been looked for.').waitFor({ timeout: PATIENCE_MS });
    await page.unroute('**/v1/analyze*');
    await page.getByRole('button', { name: 'Look now' }).click();
    await page.locator('.veil').waitFor({ state: 'detached', timeout: PATIENCE_MS });
    await page.getByRole('button', { name: 'Anonymise is on' }).click();
    expect(await page.locator('.veil').count()).toBe(0);
  }, 150_000);

  it('keeps what was done right before a reload', async () => {
    const page = await studio.show('browser');
    await open(page, 'sample1.jpg', 'sample2.jpg');
    for (const name of ['sample2.jpg', 'sample1.jpg']) {
      await open(page, name);
      const reloaded = page.waitForEvent('load');
      await page.evaluate(() => {
        const buttons = document.querySelectorAll<HTMLButtonElement>('.strip button[aria-label$="off the list"]');
        buttons.item(buttons.length - 1).click();
        location.reload();
      });
      await reloaded;
      await awaitSubject(page);
      expect(await page.locator('.strip-photo').count()).toBe(2);
    }
  });

  it('keeps several photos, each with its own steps and undo', async () => {
    const page = await studio.show('browser');
    const cut = await open(page, 'sample1.jpg', 'sample2.jpg', 'sample3.jpg');
    await look(page, 'Colour pop');
    const pop = await awaitRest(page);
    await page.getByRole('button', { name: /^sample2.jpg/ }).click();
    await ofPhoto(page, 'sample2.jpg');
    await awaitSubject(page);
    expect(await titles(page)).toEqual(['Cut out']);
    await look(page, 'Old print');
    await page.keyboard.press('PageUp');
    await ofPhoto(page, 'sample1.jpg');
    await awaitSubject(page);
    expect(await awaitRest(page)).toBe(pop);
    await page.keyboard.press('Control+z');
    expect(await awaitRest(page)).toBe(cut);
    await page.keyboard.press('Control+Shift+z');

    await page.getByRole('button', { name: 'Apply this look to all photos' }).click();
    await page.getByText('All photos have this look now.').waitFor();
    await page.getByRole('button', { name: /^sample2.jpg/ }).click();
    await ofPhoto(page, 'sample2.jpg');
    expect(await titles(page)).toEqual(['Mono', 'Tone']);
    await page.keyboard.press('Control+z');
    expect(await titles(page)).toEqual(['Mono']);

    const names = () =>
      page.locator('.strip-photo').evaluateAll((all) => all.map((each) => each.getAttribute('title')));
    await page.locator('.strip-photo').nth(1).focus();
    await page.keyboard.press('Alt+ArrowDown');
    expect(await names()).toEqual(['sample1.jpg', 'sample3.jpg', 'sample2.jpg']);
    const [from, to] = await Promise.all([0, 2].map((i) => page.locator('.strip-photo').nth(i).boundingBox()));
    if (!from || !to) throw new Error('The list is not to be seen.');
    await page.mouse.move(from.x + 30, from.y + 20);
    await page.mouse.down();
    await page.mouse.move(to.x + 30, to.y + 50, { steps: 6 });
    await page.mouse.up();
    expect(await names()).toEqual(['sample3.jpg', 'sample2.jpg', 'sample1.jpg']);
  });

  /** Names of the files in the archive, by its central directory (APPNOTE 4.3.12). */
  async function downloadAll(page: Page): Promise<readonly string[]> {
    const waiting = page.waitForEvent('download', { timeout: 2 * PATIENCE_MS });
    await page.getByRole('button', { name: 'Download all' }).click();
    const bytes = await readFile(await (await waiting).path());
    const names: string[] = [];
    for (let at = bytes.indexOf('PK\x01\x02'); at >= 0; at = bytes.indexOf('PK\x01\x02', at + 4)) {
      names.push(bytes.toString('utf8', at + 46, at + 46 + bytes.readUInt16LE(at + 28)));
    }
    return names;
  }

  it('saves all photos, each with its own look', async () => {
    const page = await studio.show('browser');
    await open(page, 'sample1.jpg', 'sample2.jpg');
    await page.getByRole('button', { name: 'Save all photos' }).click();
    expect(await downloadAll(page)).toEqual(['sample1-cutout.png', 'sample2-cutout.png']);
    await page.getByText('Saved 2 photos in focal-photos.zip').waitFor();
    await ofPhoto(page, 'sample1.jpg');
  });

  it('looks for faces in each photo before it saves them hidden', async () => {
    const page = await studio.show('server');
    await open(page, 'sample1.jpg', 'sample2.jpg');
    await look(page, 'Hidden faces');
    await page.getByRole('button', { name: 'Apply this look to all photos' }).click();
    await page.getByRole('button', { name: 'Save all photos' }).click();
    const saved = await downloadAll(page);
    expect(saved.map((name) => name.replace(/\.\w+$/, ''))).toEqual(['sample1-anonymize', 'sample2-anonymize']);
  }, 150_000);

  it('works with several photos and steps at 360 pixels, by touch', async () => {
    const page = await studio.show('browser', {
      viewport: { width: 360, height: 740 },
      hasTouch: true,
      isMobile: true,
    });
    await open(page, 'sample1.jpg', 'sample2.jpg');
    await page.getByRole('button', { name: 'Colour pop', exact: true }).tap();
    await page.locator('.step-title', { hasText: 'Tone' }).tap();
    expect(await page.getByRole('slider', { name: 'Exposure' }).isVisible()).toBe(true);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
    const sizes = await page
      .locator('.step-title, .step-handle, .look, .strip-photo')
      .evaluateAll((all) => all.map((each) => each.getBoundingClientRect().height));
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(40);
    // What found the subject stands on one line, and the photo is not crowded out by list and controls.
    const { note, seen } = await page.evaluate(() => {
      const boxOf = (name: string) => document.querySelector(name)?.getBoundingClientRect() ?? new DOMRect();
      return { note: boxOf('.matte-note').height, seen: boxOf('.panel').top - boxOf('.stage').top };
    });
    expect(note).toBeLessThan(30);
    expect(seen).toBeGreaterThan(740 * 0.45);
    await page.getByRole('button', { name: /^sample2.jpg/ }).tap();
    await ofPhoto(page, 'sample2.jpg');
  });
});
