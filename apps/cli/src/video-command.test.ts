import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { drawPan, makeClip } from '@focal/testing/video';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collect, runFocal, samplePhoto, startFocal } from './fixtures/run-focal.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'focal-cli-video-'));
  const timestamps = Array.from({ length: 12 }, (_, i) => i / 10);
  const draw = await drawPan(samplePhoto(5), 12);
  await makeClip({ path: at('people.mp4'), width: 320, height: 240, timestamps, draw, audio: 'aac' });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const at = (name: string): string => join(folder, name);
const json = (stdout: Buffer): Record<string, unknown> => JSON.parse(stdout.toString()) as Record<string, unknown>;

/** What is stored before the index, which has the time of writing in it. */
async function frames(name: string): Promise<Buffer> {
  const bytes = await readFile(at(name));
  return bytes.subarray(0, bytes.lastIndexOf('moov') - 4);
}

describe('focal video', () => {
  it('tells what there is to do', async () => {
    const { code, stdout } = await runFocal(['video', '--help']);
    expect(code).toBe(0);
    for (const name of ['info', 'background', 'anonymize', 'focus']) expect(stdout.toString()).toContain(`  ${name} `);
    expect((await runFocal(['video'])).code).toBe(2);
    expect((await runFocal(['video', 'sharpen', 'a.mp4'])).code).toBe(2);
  });

  it('tells what a video is, in words and as JSON', async () => {
    const told = await runFocal(['video', 'info', 'people.mp4'], { folder });
    expect(told.stdout.toString()).toContain('Picture: 320 × 240, avc');
    expect(told.stdout.toString()).toContain('Frames: 12, 10.00 a second');
    const { code, stdout } = await runFocal(['video', 'info', 'people.mp4', '--json'], { folder });
    expect(code).toBe(0);
    expect(json(stdout)).toMatchObject({
      type: 'video',
      container: 'MP4',
      video: { frames: 12 },
      audio: [{ codec: 'aac' }],
    });
  });

  it('writes a result beside the video, and prints its path alone in a pipe', async () => {
    const { code, stdout, stderr } = await runFocal(['video', 'background', 'people.mp4'], { folder });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.toString().trim()).toBe(at('people-background.mp4'));
    const again = await runFocal(['video', 'background', 'people.mp4'], { folder });
    expect(again.code).toBe(6);
    const forced = await runFocal(['video', 'background', 'people.mp4', '--force', '--json', '--color', 'red'], {
      folder,
    });
    expect(json(forced.stdout)).toMatchObject({
      ok: true,
      frames: 12,
      broken: [],
      output: at('people-background.mp4'),
    });
  });

  it('writes frames with what is transparent', async () => {
    const args = ['video', 'background', 'people.mp4', '--transparent', '--format', 'png', '-o', 'frames'];
    expect((await runFocal(args, { folder })).code).toBe(0);
    expect(await readdir(at('frames'))).toHaveLength(13);
    expect((await runFocal([...args, '--force'], { folder })).code).toBe(6);
    expect((await runFocal([...args, '--color', 'red'], { folder })).code).toBe(2);
  });

  it('covers faces and tells of each', async () => {
    const args = ['video', 'anonymize', 'people.mp4', '-o', 'hidden.mp4', '--fast', '--style', 'solid', '--json'];
    const { code, stdout } = await runFocal(args, { folder });
    expect(code).toBe(0);
    const { faces } = json(stdout) as { faces: { tracks: unknown[]; coveredFrames: number; weakest: unknown[] } };
    expect(faces.tracks.length).toBeGreaterThan(0);
    expect(faces.coveredFrames).toBe(12);
    expect((await runFocal(['video', 'anonymize', 'people.mp4', '--threshold', '2'], { folder })).code).toBe(2);
  });

  it('keeps a subject in focus, and again from the timeline that it saved', async () => {
    const effort = ['--effort', 'fast', '--json'];
    const first = await runFocal(
      ['video', 'focus', 'people.mp4', '--at', '0.5,0.5@0.2', '-o', 'a.mp4', '--save-timeline', 'a.json', ...effort],
      { folder },
    );
    expect(first.code).toBe(0);
    expect(json(first.stdout)).toMatchObject({ focus: { locks: [{ at: 0.2, found: true }] } });
    expect(JSON.parse(await readFile(at('a.json'), 'utf8'))).toMatchObject({ format: 'focal-timeline', version: 1 });
    const again = ['video', 'focus', 'people.mp4', '--timeline', 'a.json', ...effort, '-o'];
    expect((await runFocal([...again, 'b.mp4'], { folder })).code).toBe(0);
    expect((await frames('b.mp4')).equals(await frames('a.mp4'))).toBe(true);
    expect((await runFocal([...again, 'c.mp4', '--radius', '0.05'], { folder })).code).toBe(0);
    expect((await frames('c.mp4')).equals(await frames('a.mp4'))).toBe(false);
    expect((await runFocal(['video', 'focus', 'people.mp4'], { folder })).code).toBe(2);
    await writeFile(at('bad.json'), '{"format":"focal-timeline","version":1,"keyframes":[{"t":0}]}');
    expect((await runFocal(['video', 'focus', 'people.mp4', '--timeline', 'bad.json'], { folder })).code).toBe(2);
  });

  it('ends with the code of what is wrong', async () => {
    await writeFile(at('text.mp4'), 'this is a text and no video at all, whatever its name says');
    expect((await runFocal(['video', 'info', 'none.mp4'], { folder })).code).toBe(3);
    expect((await runFocal(['video', 'background', 'text.mp4'], { folder })).code).toBe(4);
    expect((await runFocal(['video', 'background', 'people.mp4', '-o', 'people.mp4', '-f'], { folder })).code).toBe(2);
    expect((await runFocal(['video', 'background', 'people.mp4', '-o', 'none/out.mp4'], { folder })).code).toBe(3);
    expect((await runFocal(['video', 'background', 'people.mp4', '-o', 'out.avi'], { folder })).code).toBe(2);
    expect((await runFocal(['video', 'background', '-'], { folder })).code).toBe(2);
  });

  it('leaves nothing behind after Ctrl-C', async () => {
    const timestamps = Array.from({ length: 300 }, (_, i) => i / 10);
    await makeClip({ path: at('long.mp4'), width: 640, height: 480, timestamps });
    const before = (await readdir(folder)).sort();
    const child = startFocal(['video', 'background', 'long.mp4', '-o', 'stopped.mp4'], { folder });
    const ended = collect(child);
    const isBegun = async (): Promise<boolean> => (await readdir(folder)).some((name) => name.endsWith('.part'));
    while (child.exitCode === null && !(await isBegun())) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill('SIGINT');
    if (child.exitCode === null) await once(child, 'exit');
    expect((await ended).code).toBe(130);
    expect((await readdir(folder)).sort()).toEqual(before);
  });
});
