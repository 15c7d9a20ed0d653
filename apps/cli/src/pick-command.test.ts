import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pickSchema } from '@focal/core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readLines, runFocal, samplePhoto } from './fixtures/run-focal.ts';
import { fractions } from './option-values.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'focal-pick-'));
  await sharp(samplePhoto(1)).resize(640).jpeg().toFile(join(folder, 'photo.jpg'));
  const grey = { width: 160, height: 120, channels: 3, background: '#b4b4b4' } as const;
  await sharp({ create: grey }).png().toFile(join(folder, 'wall.png'));
  // Builds what is out of date, and says so: no part of what is tested.
  await run('--version');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const run = (...args: string[]) => runFocal(args, { folder, env: { FOCAL_HOME: join(folder, 'home') } });

describe('focal pick', () => {
  it('cuts out the person at the point and says who that is', async () => {
    const { code, stdout, stderr } = await run('pick', 'photo.jpg', '--at', '80%,49%');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.toString()).toMatch(
      /^photo\.jpg {2}person-\d, \d+ % sure, at \d+ %, \d+ % {2}\d+ × \d+ %\n {2}→ photo-pick\.png\n$/,
    );
    const { data, info } = await sharp(join(folder, 'photo-pick.png')).raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height, info.channels]).toEqual([640, 427, 4]);
    const alpha = (x: number, y: number) => data[4 * (Math.floor(y * 427) * 640 + Math.floor(x * 640)) + 3];
    expect(alpha(0.8, 0.49)).toBeGreaterThan(240);
    expect([alpha(0.25, 0.4), alpha(0.5, 0.55)]).toEqual([0, 0]);
  });

  it('writes the mask, tells the pick as JSON, and goes on where nothing stands out', async () => {
    const args = ['wall.png', 'photo.jpg', '--at', '0.8,0.49', '--mask-only', '--json', '-o', 'out/'];
    const { code, stdout } = await run('pick', ...args);
    const [wall, photo, summary] = readLines(stdout);
    expect(code).toBe(1);
    expect(wall).toMatchObject({
      ok: false,
      error: { code: 'not-found', message: expect.stringContaining('0.8, 0.49') },
    });
    expect(pickSchema.parse(photo?.pick)).toMatchObject({
      basis: 'subject',
      subject: { kind: 'person' },
      point: { x: 0.8, y: 0.49 },
    });
    expect(photo?.output).toBe(join(folder, 'out', 'photo.png'));
    expect(summary).toMatchObject({ done: 1, failed: 1 });
    const { channels } = await sharp(join(folder, 'out', 'photo.png')).stats();
    expect([channels.length, channels[0]?.min, channels[0]?.max]).toEqual([1, 0, 255]);
  });

  it.each([
    [['photo.jpg'], "required option '--at <point>' not specified"],
    [['photo.jpg', '--at', '4,0.5'], 'Expected two fractions from 0 to 1'],
    [['photo.jpg', '--at', '0.5'], 'such as 0.4,0.6'],
    [['--at', '0.5,0.5'], 'missing required argument'],
  ])('refuses %j', async (args, message) => {
    const { code, stderr } = await run('pick', ...args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});

it.each([
  ['0.4,0.6', { x: 0.4, y: 0.6 }],
  [' 40% , .6 ', { x: 0.4, y: 0.6 }],
  ['0,1', { x: 0, y: 1 }],
  ['100%,100%', { x: 1, y: 1 }],
])('reads the point %j', (text, point) => expect(fractions(text)).toEqual(point));

it.each(['', '0.4', '0.4;0.6', '-0.1,0.5', '1.01,0', '101%,0', '0.4,0.6,0.8', 'a,b'])('refuses the point %j', (text) =>
  expect(() => fractions(text)).toThrow('Expected two fractions'),
);
