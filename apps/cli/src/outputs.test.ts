import { link, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { InputFile } from './inputs.ts';
import { type OutputRules, planOutputs } from './outputs.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'focal-outputs-'));
  await mkdir(join(folder, 'out'));
});

afterEach(() => rm(folder, { recursive: true }));

function input(name: string, below = '', found = false): InputFile {
  return { path: name === '-' ? '-' : join(folder, name), shown: name, folder: below, found };
}

async function plan(inputs: InputFile[], rules: Partial<OutputRules> = {}) {
  const jobs = await planOutputs(inputs, {
    suffix: 'cutout',
    lossless: true,
    several: inputs.length > 1,
    folder,
    ...rules,
  });
  return jobs.map(({ output, format }) => [output === '-' ? '-' : output.slice(folder.length + 1), format]);
}

describe('planOutputs for several results of a picture', () => {
  const variants = ['1x1', '16x9'];

  test.each<[Partial<OutputRules>, readonly string[]]>([
    [{}, ['photo-1x1.jpg', 'photo-16x9.jpg']],
    [{ format: 'webp' }, ['photo-1x1.webp', 'photo-16x9.webp']],
    [{ output: 'out/' }, [join('out', 'photo-1x1.jpg'), join('out', 'photo-16x9.jpg')]],
    [{ output: '{aspect}/{name}.png' }, [join('1x1', 'photo.png'), join('16x9', 'photo.png')]],
  ])('names them with %j', async (rules, names) => {
    const planned = await plan([input('photo.jpg')], { lossless: false, variants, several: true, ...rules });
    expect(planned.map(([name]) => name)).toEqual(names);
  });

  test('refuses one name for all', async () => {
    for (const [output, message] of [
      ['one.jpg', 'Several pictures cannot all become one.jpg'],
      ['{name}.jpg', 'Several results of photo.png would become'],
    ] as const) {
      await expect(plan([input('photo.png')], { variants, several: true, output })).rejects.toThrow(message);
    }
    await expect(plan([input('photo.jpg')], { output: '{aspect}.png' })).rejects.toThrow(
      'unknown placeholder {aspect}',
    );
  });
});

describe('planOutputs', () => {
  test.each<[string, Partial<OutputRules>, string, string]>([
    ['photo.jpg', {}, 'photo-cutout.png', 'png'],
    ['photo.jpg', { lossless: false }, 'photo-cutout.jpg', 'jpeg'],
    ['photo.webp', { lossless: false, suffix: 'bokeh' }, 'photo-bokeh.webp', 'webp'],
    ['photo.heic', { lossless: false }, 'photo-cutout.jpg', 'jpeg'],
    ['photo.gif', { lossless: false }, 'photo-cutout.png', 'png'],
    ['photo.jpg', { format: 'avif' }, 'photo-cutout.avif', 'avif'],
    ['photo.jpg', { output: 'result.webp' }, 'result.webp', 'webp'],
    ['photo.jpg', { output: 'result', format: 'tiff' }, 'result', 'tiff'],
    ['photo.jpg', { output: 'out' }, join('out', 'photo.png'), 'png'],
    ['photo.jpg', { output: 'new/' }, join('new', 'photo.png'), 'png'],
    ['photo.jpg', { output: 'new' }, join('new', 'photo.png'), 'png'],
    ['photo.jpg', { output: 'out/{name}-{effect}.{ext}' }, join('out', 'photo-cutout.png'), 'png'],
    ['photo.jpg', { output: '{name}.avif' }, 'photo.avif', 'avif'],
    ['-', {}, '-', 'png'],
    ['photo.jpg', { output: '-' }, '-', 'png'],
  ])('makes of %s with %j the file %s', async (name, rules, output, format) => {
    expect(await plan([input(name)], rules)).toEqual([[output, format]]);
  });

  test('keeps the structure of a folder', async () => {
    const inputs = [input('a.jpg', '', true), input('trip/a.jpg', 'trip', true)];
    expect(await plan(inputs, { output: 'out/' })).toEqual([
      [join('out', 'a.png'), 'png'],
      [join('out', 'trip', 'a.png'), 'png'],
    ]);
  });

  test('leaves out the results of an earlier run when they are only found', async () => {
    const inputs = [input('a-cutout.png', '', true), input('a.jpg', '', true)];
    expect(await plan(inputs)).toEqual([['a-cutout.png', 'png']]);
  });

  test('refuses two pictures that would become one file, before any work', async () => {
    await expect(plan([input('a.jpg'), input('a.webp')])).rejects.toMatchObject({
      code: 'invalid-argument',
      message: `a.jpg and a.webp would both become ${join(folder, 'a-cutout.png')}.`,
    });
  });

  test.each(['result.png', '-'])('refuses to put several pictures into %s', async (output) => {
    await expect(plan([input('a.jpg'), input('b.jpg')], { output })).rejects.toMatchObject({
      code: 'invalid-argument',
    });
  });

  test.each(['result.xyz', 'out/{name}.doc'])('refuses the unknown extension of %s', async (output) => {
    await expect(plan([input('a.jpg')], { output })).rejects.toMatchObject({ code: 'unsupported-format' });
  });

  test('names the unknown placeholder', async () => {
    await expect(plan([input('a.jpg')], { output: '{nam}.png' })).rejects.toThrow('unknown placeholder {nam}');
  });

  test('refuses to write over an input, also through a link', async () => {
    await writeFile(join(folder, 'a.png'), 'original');
    await link(join(folder, 'a.png'), join(folder, 'hard.png'));
    await symlink(join(folder, 'a.png'), join(folder, 'soft.png'));
    for (const output of ['a.png', './out/../a.png', 'hard.png', 'soft.png']) {
      await expect(plan([input('a.png')], { output })).rejects.toThrow('over the original a.png');
    }
    await expect(plan([input('b.jpg'), input('a.png')], { output: '{name}.png' })).rejects.toThrow(
      'the original a.png',
    );
  });
});
