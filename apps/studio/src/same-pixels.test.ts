import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  awaitRest,
  download,
  exportPhoto,
  openPhotos,
  type PhotoFile,
  readSmall,
  startStudio,
  type TestStudio,
} from './fixtures/open-studio.ts';

const COMMAND = fileURLToPath(new URL('../../../scripts/focal.mjs', import.meta.url));
const STEPS = [
  { effect: 'anonymize', on: 'faces', params: { style: 'mosaic' } },
  { effect: 'tone', on: 'everything', params: { exposure: 0.3, contrast: 0.2 } },
  { effect: 'bokeh', params: { radius: 0.02 } },
  { effect: 'mono', on: 'person-1' },
  { effect: 'caption', params: { text: 'Three at the bar' } },
  { effect: 'frame', params: { style: 'polaroid' } },
];
const CUT = [
  { effect: 'cutout', params: { edge: 0.1 } },
  { effect: 'mono', on: 'background', opacity: 0.6 },
];
const CORRECTIONS = [
  {
    kind: 'stroke',
    mode: 'add',
    radius: 0.03,
    softness: 0.6,
    points: [
      { x: 0.1, y: 0.2 },
      { x: 0.3, y: 0.1, pressure: 0.4 },
    ],
  },
  { kind: 'pick', mode: 'remove', x: 0.8, y: 0.62 },
  { kind: 'shift', amount: 0.5 },
  { kind: 'feather', radius: 0.003 },
];

// What the page exports and what the command makes of the recipe that the page saved: each looks at the photo itself, the
// page through the server, and both have to come to the same pixels.
describe('the studio and the command', () => {
  let studio: TestStudio;
  let folder = '';
  let photo: PhotoFile;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'focal-pixels-'));
    const { buffer } = await readSmall('sample1.jpg');
    photo = { name: 'photo.png', mimeType: 'image/png', buffer: await sharp(buffer).png().toBuffer() };
    await writeFile(join(folder, photo.name), photo.buffer);
    // Homes of their own: neither finds what the other, or an older analyser, has kept.
    studio = await startStudio({ home: join(folder, 'server') });
  });
  afterAll(async () => {
    await studio?.close();
    await rm(folder, { recursive: true, force: true });
  });
  afterEach(() => studio.closePages());

  const openLook = (page: Page, recipe: object) =>
    page.setInputFiles('#open-look', {
      name: 'look.json',
      mimeType: 'application/json',
      buffer: Buffer.from(JSON.stringify({ format: 'focal-recipe', version: 1, ...recipe })),
    });

  async function render(recipe: Buffer): Promise<Buffer> {
    await writeFile(join(folder, 'look.json'), recipe);
    const args = [
      COMMAND,
      'render',
      photo.name,
      '--recipe',
      'look.json',
      '-o',
      'out.png',
      '--force',
      '--device',
      'cpu',
    ];
    const child = spawn(process.execPath, args, {
      cwd: folder,
      env: { ...process.env, FOCAL_HOME: join(folder, 'command') },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    expect(await once(child, 'close')).toEqual([0, null]);
    return readFile(join(folder, 'out.png'));
  }

  async function compare(here: Buffer, there: Buffer): Promise<{ size: readonly number[]; most: number }> {
    const [a, b] = await Promise.all(
      [here, there].map((file) => sharp(file).ensureAlpha().raw().toBuffer({ resolveWithObject: true })),
    );
    if (a === undefined || b === undefined) throw new Error('There are no two files.');
    expect([a.info.width, a.info.height]).toEqual([b.info.width, b.info.height]);
    let most = 0;
    for (let i = 0; i < a.data.length; i++) most = Math.max(most, Math.abs((a.data[i] ?? 0) - (b.data[i] ?? 0)));
    return { size: [a.info.width, a.info.height], most };
  }

  it.each([
    ['several steps on faces, one person and the whole photo', { look: { steps: STEPS } }],
    ['a cut-out that was corrected by hand', { look: { steps: CUT }, edits: { corrections: CORRECTIONS } }],
  ])(
    'give the same pixels of %s',
    async (_name, recipe) => {
      const page = await studio.show('server');
      const before = await openPhotos(page, photo);
      await openLook(page, recipe);
      await page.getByText('The look was opened.').waitFor();
      // The steps ask who is there.
      await page.locator('.scene-count').waitFor({ timeout: 120_000 });
      await expect.poll(() => page.locator('.step-note').count(), { timeout: 30_000 }).toBe(0);
      expect(await awaitRest(page)).not.toBe(before);
      const { bytes } = await download(page, () => page.getByRole('button', { name: 'Save look' }).click());
      const [exported, rendered] = [await exportPhoto(page), await render(bytes)];
      const { most } = await compare(exported, rendered);
      expect(most).toBeLessThanOrEqual(2);
      // And it is not the photo as it was.
      const untouched = await sharp(photo.buffer).ensureAlpha().png().toBuffer();
      const { data: was } = await sharp(untouched).raw().toBuffer({ resolveWithObject: true });
      const { data: is } = await sharp(exported).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
      expect(Buffer.compare(was, is)).not.toBe(0);
    },
    240_000,
  );
});
