import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import {
  awaitRest,
  awaitSubject,
  download,
  exportPhoto,
  holdRequests,
  openPhotos,
  PATIENCE_MS,
  readSmall,
  useStudio,
} from '../fixtures/open-studio.ts';

type At = readonly [x: number, y: number];

describe('correcting an edge by hand', () => {
  const studio = useStudio({ withoutModels: ['isnet-medium'] });

  const segment = (page: Page, text: string) => page.locator('.refine label.segment', { hasText: text }).click();
  const refine = (page: Page) => page.getByRole('button', { name: 'Refine edges' });

  async function start(page: Page): Promise<void> {
    await refine(page).click();
    await awaitShown(page);
  }

  /** Until the selection is that of all corrections. */
  async function awaitShown(page: Page): Promise<void> {
    await page.locator('.stage[aria-busy=false] canvas.selection').waitFor({ state: 'attached' });
    await page.waitForTimeout(120);
  }

  async function toScreen(page: Page, [x, y]: At): Promise<{ x: number; y: number }> {
    const frame = await page.locator('.frame').boundingBox();
    if (frame === null) throw new Error('The photo is not to be seen.');
    return { x: frame.x + frame.width * x, y: frame.y + frame.height * y };
  }

  async function paint(page: Page, ...points: readonly At[]): Promise<void> {
    const [first, ...rest] = await Promise.all(points.map((point) => toScreen(page, point)));
    if (first === undefined) return;
    await page.mouse.move(first.x, first.y);
    await page.mouse.down();
    for (const { x, y } of rest) await page.mouse.move(x, y, { steps: 6 });
    await page.mouse.up();
  }

  /** How much of the photo at a place the selection that is shown holds, 0..1. */
  function selectedAt(page: Page, at: At): Promise<number> {
    return page.evaluate(([x, y]) => {
      const shown = document.querySelector<HTMLCanvasElement>('canvas.selection');
      if (shown === null) throw new Error('No selection is shown.');
      const copy = new OffscreenCanvas(shown.width, shown.height);
      const context = copy.getContext('2d');
      context?.drawImage(shown, 0, 0);
      const pixel = context?.getImageData(Math.floor(x * shown.width), Math.floor(y * shown.height), 1, 1).data;
      // The tint lets the photo through.
      return Math.min(1, (pixel?.[3] ?? 0) / 255 / 0.48);
    }, at);
  }

  /** Alpha of the full-size cut-out at a place, 0..1. */
  async function alphaAt(png: Buffer, [x, y]: At): Promise<number> {
    const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
    return (data[(Math.floor(y * info.height) * info.width + Math.floor(x * info.width)) * 4 + 3] ?? 0) / 255;
  }

  const WALL: At = [0.1, 0.25];
  const CHEST: At = [0.5, 0.7];

  it('paints into and out of the selection, seen at once, kept in steps that undo takes back', async () => {
    const page = await studio.show('server');
    const before = await openPhotos(page, await readSmall('sample1.jpg'));
    await start(page);
    await expect.poll(() => selectedAt(page, CHEST)).toBeGreaterThan(0.9);
    expect(await selectedAt(page, WALL)).toBeLessThan(0.05);

    // While the button is still down.
    const { x, y } = await toScreen(page, WALL);
    await page.mouse.move(x - 10, y);
    await page.mouse.down();
    await page.mouse.move(x + 10, y, { steps: 4 });
    await expect.poll(() => selectedAt(page, WALL)).toBeGreaterThan(0.9);
    await page.mouse.up();
    await awaitShown(page);
    expect(await selectedAt(page, WALL)).toBeGreaterThan(0.9);

    await page.keyboard.press('x');
    await paint(page, [0.5, 0.66], CHEST, [0.5, 0.74]);
    await expect.poll(() => selectedAt(page, CHEST)).toBeLessThan(0.05);
    // Alt does the opposite of what is chosen.
    await page.keyboard.down('Alt');
    await paint(page, [0.5, 0.66], CHEST, [0.5, 0.74]);
    await page.keyboard.up('Alt');
    await expect.poll(() => selectedAt(page, CHEST)).toBeGreaterThan(0.9);
    await page.keyboard.press('Control+z');
    await expect.poll(() => selectedAt(page, CHEST)).toBeLessThan(0.05);

    await page.keyboard.press('Escape');
    await page.locator('.refine').waitFor({ state: 'detached' });
    expect(await awaitRest(page)).not.toBe(before);
    expect(await page.getByText('2 corrections').isVisible()).toBe(true);
    const png = await exportPhoto(page);
    expect(await alphaAt(png, WALL)).toBeGreaterThan(0.95);
    expect(await alphaAt(png, CHEST)).toBeLessThan(0.05);

    await page.keyboard.press('Control+z');
    await page.keyboard.press('Control+z');
    expect(await awaitRest(page)).toBe(before);
    await page.keyboard.press('Control+Shift+z');
    expect(await awaitRest(page)).not.toBe(before);
  });

  it('shows the result while one paints, and takes all of it back at once', async () => {
    const page = await studio.show('server');
    const before = await openPhotos(page, await readSmall('sample1.jpg'));
    await start(page);
    await segment(page, 'Result');
    expect(await awaitRest(page)).toBe(before);
    await paint(page, [0.05, 0.25], [0.2, 0.25]);
    const first = await awaitRest(page);
    expect(first).not.toBe(before);
    await paint(page, [0.05, 0.1], [0.2, 0.1]);
    expect(await awaitRest(page)).not.toBe(first);
    await page.getByRole('button', { name: 'Reset' }).click();
    expect(await awaitRest(page)).toBe(before);
    expect(await page.getByRole('button', { name: 'Reset' }).isDisabled()).toBe(true);
    await page.keyboard.press('Control+z');
    expect(await awaitRest(page)).not.toBe(before);
  });

  it('moves and softens the whole edge, each drag one step', async () => {
    const page = await studio.show('server');
    const before = await openPhotos(page, await readSmall('sample1.jpg'));
    await start(page);
    await segment(page, 'Result');
    const slide = async (name: string, to: number) => {
      const box = await page.getByRole('slider', { name, exact: true }).boundingBox();
      if (box === null) throw new Error(`There is no slider ${name}.`);
      await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width * to, box.y + box.height / 2, { steps: 5 });
      await page.mouse.up();
      return awaitRest(page);
    };
    const shifted = await slide('Shift', 0.9);
    expect(shifted).not.toBe(before);
    const feathered = await slide('Feather', 0.7);
    expect(feathered).not.toBe(shifted);
    // What is painted later is softened too: it goes before.
    await paint(page, [0.05, 0.25], [0.2, 0.25]);
    await awaitRest(page);
    const { bytes } = await saveLook(page);
    const recipe = JSON.parse(bytes.toString()) as { edits: { corrections: { kind: string }[] } };
    expect(recipe.edits.corrections.map(({ kind }) => kind)).toEqual(['stroke', 'shift', 'feather']);
    for (const expected of [feathered, shifted, before]) {
      await page.keyboard.press('Control+z');
      expect(await awaitRest(page)).toBe(expected);
    }
  });

  it('adds and takes away what is clicked, and says where nothing is', async () => {
    const page = await studio.show('server');
    const goOn = await holdRequests(page, '**/v1/analyze*');
    await openPhotos(page, await readSmall('sample1.jpg'));
    await start(page);
    await segment(page, 'Region');
    await segment(page, 'Take away');
    const woman: At = [0.8, 0.62];
    expect(await selectedAt(page, woman)).toBeGreaterThan(0.9);
    // Whoever is there is still being looked for: the click is taken up once that is known.
    await page.getByText('Looking for people and things').waitFor();
    const there = await toScreen(page, woman);
    await page.mouse.click(there.x, there.y);
    goOn();
    await expect.poll(() => selectedAt(page, woman), { timeout: PATIENCE_MS }).toBeLessThan(0.1);
    expect(await selectedAt(page, CHEST)).toBeGreaterThan(0.9);
    await page.keyboard.press('Control+z');
    await expect.poll(() => selectedAt(page, woman)).toBeGreaterThan(0.9);
  });

  it('keeps the ring at the size that is painted, however far one zooms, and moves the photo with Space', async () => {
    const page = await studio.show('browser');
    await openPhotos(page, await readSmall('sample1.jpg'));
    await start(page);
    const ring = page.locator('.brush-ring');
    const { x, y } = await toScreen(page, [0.5, 0.5]);
    const sizeOf = async () => {
      await page.mouse.move(x, y);
      await page.mouse.move(x + 1, y);
      const [frame, box] = [await page.locator('.frame').boundingBox(), await ring.boundingBox()];
      if (frame === null || box === null) throw new Error('There is no ring.');
      expect(box.x + box.width / 2).toBeCloseTo(x + 1, 0);
      return box.width / frame.width;
    };
    expect(await sizeOf()).toBeCloseTo(0.04, 3);
    await page.keyboard.press('+');
    await page.keyboard.press('+');
    expect(await sizeOf()).toBeCloseTo(0.04, 3);
    await page.keyboard.press(']');
    expect(await sizeOf()).toBeCloseTo(0.048, 3);
    await page.keyboard.press('[');
    await page.keyboard.press('[');
    expect(await sizeOf()).toBeCloseTo(0.0333, 3);

    const before = await page.locator('.frame').boundingBox();
    await page.keyboard.down('Space');
    await page.mouse.down();
    await page.mouse.move(x + 61, y + 30, { steps: 4 });
    await page.mouse.up();
    await page.keyboard.up('Space');
    const after = await page.locator('.frame').boundingBox();
    expect((after?.x ?? 0) - (before?.x ?? 0)).toBeCloseTo(60, 0);
    expect(await page.getByRole('button', { name: 'Undo' }).isDisabled()).toBe(true);
  });

  it('paints with one finger, zooms with two, and scales the stroke by a pen’s pressure', async () => {
    const viewport = { width: 390, height: 800 };
    const page = await studio.show('browser', { viewport, hasTouch: true, isMobile: true });
    await openPhotos(page, await readSmall('sample1.jpg'));
    await refine(page).tap();
    await awaitShown(page);
    const input = await page.context().newCDPSession(page);
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...points: readonly { x: number; y: number }[]) =>
      input.send('Input.dispatchTouchEvent', { type, touchPoints: points.map((point, id) => ({ ...point, id })) });
    const wall = await toScreen(page, WALL);
    await touch('touchStart', { x: wall.x - 15, y: wall.y });
    for (const dx of [-5, 5, 15]) await touch('touchMove', { x: wall.x + dx, y: wall.y });
    await touch('touchEnd');
    await expect.poll(() => selectedAt(page, WALL)).toBeGreaterThan(0.9);
    expect(await page.getByRole('button', { name: 'Undo' }).isEnabled()).toBe(true);
    await page.getByRole('button', { name: 'Undo' }).tap();
    await expect.poll(() => selectedAt(page, WALL)).toBeLessThan(0.05);

    // The first of two fingers leaves nothing.
    const middle = await toScreen(page, [0.5, 0.5]);
    const width = (await page.locator('.frame').boundingBox())?.width ?? 0;
    await touch('touchStart', { x: middle.x - 30, y: middle.y });
    await touch('touchStart', { x: middle.x - 30, y: middle.y }, { x: middle.x + 30, y: middle.y });
    for (let step = 1; step <= 6; step++) {
      const by = 30 + step * 5;
      await touch('touchMove', { x: middle.x - by, y: middle.y }, { x: middle.x + by, y: middle.y });
    }
    await touch('touchEnd');
    expect(((await page.locator('.frame').boundingBox())?.width ?? 0) / width).toBeCloseTo(2, 0);
    expect(await page.getByRole('button', { name: 'Undo' }).isDisabled()).toBe(true);

    const pen = (type: 'mousePressed' | 'mouseMoved' | 'mouseReleased', x: number, y: number, force: number) =>
      input.send('Input.dispatchMouseEvent', {
        type,
        x,
        y,
        button: 'left',
        buttons: 1,
        pointerType: 'pen',
        force,
        clickCount: 1,
      });
    await pen('mousePressed', middle.x - 20, middle.y, 0.3);
    await pen('mouseMoved', middle.x, middle.y, 0.5);
    await pen('mouseMoved', middle.x + 20, middle.y, 0.9);
    await pen('mouseReleased', middle.x + 20, middle.y, 0);
    const { bytes } = await saveLook(page);
    const recipe = JSON.parse(bytes.toString()) as { edits: { corrections: { points: { pressure?: number }[] }[] } };
    const pressures = recipe.edits.corrections[0]?.points.map(({ pressure }) => pressure ?? 1) ?? [];
    expect(pressures[0]).toBeCloseTo(0.3, 2);
    expect(Math.max(...pressures)).toBeCloseTo(0.9, 2);
  });

  it('corrects the edge of whom the step acts on, and by keys alone', async () => {
    const page = await studio.show('server');
    await openPhotos(page, await readSmall('sample1.jpg'));
    await page.getByRole('combobox', { name: 'Acts on' }).selectOption('everyone');
    await page
      .getByText('Who and what is in the photo is being looked for.')
      .waitFor({ state: 'detached', timeout: PATIENCE_MS });
    await awaitRest(page);
    await page.keyboard.press('Escape');
    await start(page);
    expect(await page.locator('.refine-head').textContent()).toContain('All people');
    await page.keyboard.press('p');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('x');
    await page.keyboard.press('Enter');
    await awaitShown(page);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await page.locator('.refine').waitFor({ state: 'detached' });
    const { bytes } = await saveLook(page);
    const { edits } = JSON.parse(bytes.toString()) as { edits: { corrections: object[] } };
    expect(edits.corrections).toMatchObject([
      { kind: 'stroke', mode: 'remove', on: { role: 'everyone' }, points: [{ x: expect.closeTo(0.5, 2) }] },
    ]);
    // A step that hides goes by no edge.
    await page.getByRole('button', { name: 'Hidden faces', exact: true }).click();
    await page.getByRole('combobox', { name: 'Acts on' }).waitFor();
    expect(await refine(page).count()).toBe(0);
  });

  const saveLook = (page: Page) =>
    download(page, () => page.evaluate(() => document.querySelector<HTMLElement>('[aria-label="Save look"]')?.click()));

  it('keeps corrections over a reload and in a recipe, and gives them to no other photo', async () => {
    const page = await studio.show('server');
    const [one, two] = await Promise.all([readSmall('sample1.jpg'), readSmall('sample2.jpg')]);
    const plain = await openPhotos(page, one, two);
    await start(page);
    await paint(page, [0.05, 0.25], [0.2, 0.25]);
    await page.getByRole('button', { name: 'Done' }).click();
    const made = await awaitRest(page);
    expect(made).not.toBe(plain);
    const { name, bytes } = await saveLook(page);
    expect(name).toBe('sample1.focal.json');
    await page.waitForTimeout(400);

    await page.reload();
    await awaitSubject(page);
    await awaitRest(page);
    expect(await awaitRest(page)).toBe(made);

    const openLook = () =>
      page.setInputFiles('#open-look', { name: 'x.json', mimeType: 'application/json', buffer: bytes });
    await page.getByRole('button', { name: 'Apply this look to all photos' }).click();
    await page.getByRole('button', { name: /^sample2.jpg/ }).click();
    await page.locator('.stage[aria-label*="sample2.jpg"]').waitFor({ timeout: PATIENCE_MS });
    await awaitSubject(page);
    await awaitRest(page);
    const other = await awaitRest(page);
    expect(await page.getByText('1 correction', { exact: true }).count()).toBe(0);
    await openLook();
    await page.getByText('What was corrected by hand in another photo was left out.').waitFor();
    expect(await awaitRest(page)).toBe(other);

    await page.getByRole('button', { name: /^sample1.jpg/ }).click();
    await page.locator('.stage[aria-label*="sample1.jpg"]').waitFor({ timeout: PATIENCE_MS });
    await start(page);
    await page.getByRole('button', { name: 'Reset' }).click();
    await page.getByRole('button', { name: 'Done' }).click();
    await awaitRest(page);
    expect(await awaitRest(page)).toBe(plain);
    await openLook();
    await page.getByText('1 correction', { exact: true }).waitFor();
    expect(await awaitRest(page)).toBe(made);

    await page.getByRole('button', { name: 'Copy link' }).click();
    await page.getByText('Link copied.').waitFor();
    const link = new URL(await page.evaluate(() => navigator.clipboard.readText()));
    const next = await studio.show('server', {}, `/${link.hash}`);
    await next.getByText('it is applied to the photo you open').waitFor();
    expect(await openPhotos(next, one)).toBe(plain);
  });
});
