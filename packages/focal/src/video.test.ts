import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { drawPan, makeClip } from '@focal/testing/video';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFocal } from './create-focal.ts';
import type { Focal } from './types.ts';

let folder = '';
let focal: Focal;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'focal-video-'));
  focal = await createFocal();
});
afterAll(async () => {
  await focal.close();
  await rm(folder, { recursive: true, force: true });
});

const at = (name: string): string => join(folder, name);

function samplePhoto(number: number): string {
  const manifest = createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json');
  return join(dirname(manifest), 'demo', `sample${number}.jpg`);
}

const times = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i / 10);

describe('focal.video', () => {
  it('tells what a video is', async () => {
    await makeClip({ path: at('info.mp4'), width: 64, height: 96, rotation: 90, audio: 'aac', timestamps: times(12) });
    const facts = await focal.video.info(at('info.mp4'));
    expect(facts).toMatchObject({
      container: 'MP4',
      video: { codec: 'avc', width: 96, height: 64, rotation: 90, frames: 12, canDecode: true },
      audio: [{ codec: 'aac', channels: 1, sampleRate: 48_000 }],
    });
    expect(facts.duration).toBeCloseTo(1.2, 1);
  });

  it('puts another background behind people, and keeps sound, frames and times', async () => {
    const draw = await drawPan(samplePhoto(5), 12);
    await makeClip({ path: at('people.mp4'), width: 320, height: 240, timestamps: times(12), audio: 'aac', draw });
    const shares: number[] = [];
    const report = await focal.video.background(
      at('people.mp4'),
      { path: at('green.mp4') },
      { params: { color: '#00ff00' }, onProgress: ({ done }) => shares.push(done) },
    );
    expect(report).toMatchObject({ frames: 12, width: 320, height: 240, broken: [], warnings: [], format: 'mp4' });
    expect(shares.at(-1)).toBe(1);
    expect([...shares].sort((a, b) => a - b)).toEqual(shares);
    const facts = await focal.video.info(at('green.mp4'));
    expect(facts.video.frames).toBe(12);
    expect(facts.audio).toMatchObject([{ codec: 'aac' }]);
    // The ground is green, people are not.
    await focal.video.background(
      at('people.mp4'),
      { path: at('frames'), format: 'png' },
      { params: { color: '#00ff00' } },
    );
    const names = (await readdir(at('frames'))).sort();
    expect(names).toHaveLength(13);
    expect(await readFile(at('frames/timestamps.txt'), 'utf8')).toContain('# timestamp format v2\n0.000000\n');
    const { picture } = await focal.decode(at('frames/000006.png'));
    let green = 0;
    for (let i = 0; i < picture.data.length; i += 4) {
      if (picture.data[i] === 0 && picture.data[i + 1] === 255 && picture.data[i + 2] === 0) green++;
    }
    const share = green / (picture.width * picture.height);
    expect(share).toBeGreaterThan(0.1);
    expect(share).toBeLessThan(0.9);
  });

  it('leaves transparency where nothing stands behind, and refuses it in MP4', async () => {
    const report = await focal.video.background(at('people.mp4'), { path: at('clear.webm') }, { transparent: true });
    expect(report.format).toBe('webm');
    expect((await focal.video.info(at('clear.webm'))).video.mayBeTransparent).toBe(true);
    const covered = await focal.video.anonymize(
      at('clear.webm'),
      { path: at('still-clear.webm') },
      { params: { fast: true } },
    );
    expect(covered.frames).toBe(12);
    expect((await focal.video.info(at('still-clear.webm'))).video.mayBeTransparent).toBe(true);
    const inMp4 = focal.video.background(at('people.mp4'), { path: at('clear.mp4') }, { transparent: true });
    await expect(inMp4).rejects.toMatchObject({ code: 'invalid-argument' });
    expect(await readdir(folder)).not.toContain('clear.mp4');
  });

  it('never writes over the video, nor over a file that is there without being told', async () => {
    const before = await readFile(at('people.mp4'));
    const same = focal.video.background(at('people.mp4'), {
      path: at('../') + join(folder.split('/').at(-1) ?? '', 'people.mp4'),
      force: true,
    });
    await expect(same).rejects.toMatchObject({ code: 'invalid-argument' });
    await writeFile(at('there.mp4'), 'old');
    const there = focal.video.background(at('people.mp4'), { path: at('there.mp4') });
    await expect(there).rejects.toMatchObject({ code: 'exists' });
    expect(await readFile(at('there.mp4'), 'utf8')).toBe('old');
    expect((await readFile(at('people.mp4'))).equals(before)).toBe(true);
  });

  it('leaves nothing behind when it is stopped, and works again afterwards', async () => {
    await makeClip({ path: at('long.mp4'), width: 320, height: 240, timestamps: times(120) });
    const before = (await readdir(folder)).sort();
    const controller = new AbortController();
    const stopped = focal.video.background(
      at('long.mp4'),
      { path: at('stopped.mp4') },
      { signal: controller.signal, onProgress: ({ frames }) => frames > 5 && controller.abort() },
    );
    await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
    expect((await readdir(folder)).sort()).toEqual(before);
    const again = await focal.video.background(at('people.mp4'), { path: at('again.mp4') });
    expect(again.frames).toBe(12);
  });

  it('renders what is there of a damaged video, and says what is missing', async () => {
    await makeClip({
      path: at('damaged.mp4'),
      width: 160,
      height: 120,
      timestamps: times(60),
      indexFirst: true,
      keyFrameInterval: 0.5,
    });
    const bytes = await readFile(at('damaged.mp4'));
    await writeFile(at('damaged.mp4'), bytes.subarray(0, Math.round(bytes.length * 0.6)));
    const report = await focal.video.background(at('damaged.mp4'), { path: at('saved.mp4') });
    expect(report.frames).toBeGreaterThan(15);
    expect(report.frames).toBeLessThan(60);
    expect(report.broken).toMatchObject([{ message: expect.any(String) }]);
    expect((await focal.video.info(at('saved.mp4'))).video.frames).toBe(report.frames);
  });

  it('covers faces on every frame, and tells how surely it found them', async () => {
    const draw = await drawPan(samplePhoto(4), 16);
    await makeClip({ path: at('faces.mp4'), width: 480, height: 320, timestamps: times(16), draw });
    const report = await focal.video.anonymize(
      at('faces.mp4'),
      { path: at('hidden.mp4') },
      { params: { style: 'solid' } },
    );
    expect(report.faces.tracks.length).toBeGreaterThan(0);
    expect(report.faces.coveredFrames).toBe(16);
    // Another look at what is left, by single frames.
    await focal.video.background(at('faces.mp4'), { path: at('seen'), format: 'png' }, { params: { blur: 0.003 } });
    await focal.video.anonymize(at('faces.mp4'), { path: at('unseen'), format: 'png' }, { params: { style: 'solid' } });
    let [seen, left] = [0, 0];
    for (const frame of ['000001', '000006', '000011', '000016']) {
      seen += (await focal.analyseFile(at(`seen/${frame}.png`), ['faces'])).scene.faces?.faces.length ?? 0;
      left += (await focal.analyseFile(at(`unseen/${frame}.png`), ['faces'])).scene.faces?.faces.length ?? 0;
    }
    expect(seen).toBeGreaterThan(3);
    expect(left).toBe(0);
  });

  it('keeps in focus what a timeline locks, and fails where it locks nothing', async () => {
    const timeline = { format: 'focal-timeline', version: 1, keyframes: [{ t: 0.2, lock: { x: 0.5, y: 0.5 } }] };
    const report = await focal.video.focus(at('people.mp4'), { path: at('focus.mp4') }, { timeline, effort: 'fast' });
    expect(report.focus.locks).toMatchObject([{ at: 0.2, found: true }]);
    expect(report.focus.lockedFrames).toBeGreaterThan(4);
    const late = { ...timeline, keyframes: [{ t: 99, lock: { x: 0.5, y: 0.5 } }] };
    const nothing = focal.video.focus(at('people.mp4'), { path: at('nothing.mp4') }, { timeline: late });
    await expect(nothing).rejects.toMatchObject({ code: 'not-found' });
    const wrong = focal.video.focus(at('people.mp4'), { path: at('nothing.mp4') }, { timeline: { keyframes: [] } });
    await expect(wrong).rejects.toMatchObject({ code: 'invalid-argument' });
    expect(await readdir(folder)).not.toContain('nothing.mp4');
  });
});
