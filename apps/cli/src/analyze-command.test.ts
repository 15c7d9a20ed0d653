import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FACTS, sceneSchema } from '@focal/core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ended, runFocal, samplePhoto } from './fixtures/run-focal.ts';

const SLOW = 120_000;

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'focal-analyze-'));
  for (const number of [1, 3] as const) {
    await sharp(samplePhoto(number))
      .resize(640)
      .jpeg()
      .toFile(join(folder, `photo${number}.jpg`));
  }
  await sharp({ create: { width: 64, height: 48, channels: 3, background: '#204060' } })
    .png()
    .toFile(join(folder, 'blue.png'));
  // Builds what is out of date, and says so: no part of what is tested.
  await run('--version');
}, SLOW);
afterAll(() => rm(folder, { recursive: true, force: true }));

async function run(...args: readonly string[]): Promise<Ended & { readonly text: string }> {
  const ended = await runFocal(args, { folder, env: { FOCAL_HOME: join(folder, 'home') } });
  return { ...ended, text: ended.stdout.toString() };
}

function lines(text: string): Record<string, unknown>[] {
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('focal analyze', () => {
  it('says in words what it found, and draws it', { timeout: SLOW }, async () => {
    const facts = '--facts=objects,faces,expressions';
    const { code, text, stderr } = await run('analyze', 'photo1.jpg', facts, '--overlay', 'found.png');
    expect([code, stderr]).toEqual([0, '']);
    expect(text).toMatch(/^photo1\.jpg {2}\d+ people.*\d faces \(\d smiling\)\n {2}person/);
    expect(text).toContain('face-1');
    const drawn = await sharp(join(folder, 'found.png')).raw().toBuffer();
    const plain = await sharp(join(folder, 'photo1.jpg')).raw().toBuffer();
    expect(drawn.length).toBe(plain.length);
    // White frames of faces.
    const white = drawn.filter(
      (_, i) => i % 3 === 0 && drawn[i] === 255 && drawn[i + 1] === 255 && drawn[i + 2] === 255,
    );
    expect(white.length).toBeGreaterThan(200);
  });

  it('prints a scene a line, and knows photos that it saw', { timeout: SLOW }, async () => {
    const args = ['analyze', 'photo1.jpg', 'photo3.jpg', 'blue.png', '--facts', 'objects,faces', '--json'] as const;
    const first = await run(...args);
    expect(first.code).toBe(0);
    const files = lines(first.text).filter(({ type }) => type === 'file');
    expect(files).toHaveLength(3);
    const scenes = files.map(({ scene }) => sceneSchema.parse(scene));
    expect(scenes.map(({ facts }) => facts)).toEqual(Array.from({ length: 3 }, () => ['objects', 'faces']));
    expect(scenes[0]?.faces?.faces.length).toBeGreaterThan(1);
    expect(scenes[0]?.faces?.faces[0]).not.toHaveProperty('vector');
    expect([scenes[2]?.objects?.objects, scenes[2]?.faces?.faces]).toEqual([[], []]);

    await copyFile(join(folder, 'photo1.jpg'), join(folder, 'moved.jpg'));
    const [again] = lines((await run('analyze', 'moved.jpg', '--facts', 'objects,faces', '--json')).text);
    expect(again?.recalled).toEqual(['objects', 'faces']);
    expect(again?.scene).toEqual(files[0]?.scene);
    const [fresh] = lines((await run('analyze', 'moved.jpg', '--facts', 'objects', '--json', '--no-cache')).text);
    expect(fresh?.recalled).toEqual([]);
  });

  it('tells who only when asked, and keeps it nowhere', { timeout: SLOW }, async () => {
    const [told] = lines((await run('analyze', 'photo1.jpg', '--facts', 'faces', '--with-vectors', '--json')).text);
    const scene = sceneSchema.parse(told?.scene);
    expect(scene.facts).toEqual(['faces', 'identities']);
    expect(scene.faces?.faces[0]?.vector).toHaveLength(128);
    const [again] = lines(
      (await run('analyze', 'photo1.jpg', '--facts', 'identities', '--with-vectors', '--json')).text,
    );
    expect(again?.recalled).toEqual(['faces']);
  });

  it('goes on after a bad file and says which', { timeout: SLOW }, async () => {
    await writeFile(join(folder, 'bad.jpg'), 'text');
    const { code, text, stderr } = await run('analyze', 'bad.jpg', 'blue.png', '--facts', 'objects');
    expect(code).toBe(1);
    expect(text).toBe('blue.png  no people, things or faces found\n');
    expect(stderr).toMatch(/^bad\.jpg: .*\n[\s\S]*1 of 2 done, 1 failed\.\n$/);
  });

  it('refuses wrong uses before any work', { timeout: SLOW }, async () => {
    for (const [args, message] of [
      [['photo1.jpg', '--facts', 'mood'], 'Expected some of matte'],
      [['photo1.jpg', 'photo3.jpg', '--overlay', 'one.png'], 'Several pictures cannot all become one.png'],
      [['photo1.jpg', '--overlay', 'photo1.jpg', '--force'], 'over the original'],
      [['photo1.jpg', '--overlay', '-'], 'cannot go to standard output'],
      [['none.jpg'], 'There is no file or folder none.jpg'],
      [[], 'missing required argument'],
    ] as const) {
      const { code, stderr, text } = await run('analyze', ...args);
      expect([stderr, text, code === 0]).toEqual([expect.stringContaining(message), '', false]);
    }
  });

  it('knows all the facts that there are', async () => {
    const { text } = await run('analyze', '--help');
    expect(text.replaceAll(/\s+/g, ' ')).toContain(FACTS.join(','));
  });
});
