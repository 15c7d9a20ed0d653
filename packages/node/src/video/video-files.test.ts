import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPicture, type Picture } from '@focal/core';
import { discCentre, drawDisc, makeClip } from '@focal/testing/video';
import {
  type BrokenPart,
  createVideoWriter,
  openVideo,
  type VideoCut,
  type VideoFormat,
  type VideoFrame,
} from '@focal/video';
import { FilePathSource, FilePathTarget } from 'mediabunny';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registerCodecs } from './register.ts';
import { openVideoFile } from './run-video.ts';

let folder = '';
beforeAll(async () => {
  registerCodecs();
  folder = await mkdtemp(join(tmpdir(), 'focal-video-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const at = (name: string): string => join(folder, name);
/** Frames of very different lengths, at times that no simple clock has. */
const UNEVEN = [0, 0.04, 0.1, 0.3334, 0.35, 0.9, 0.9667, 1.5];

async function readAll(path: string, broken?: BrokenPart[]): Promise<readonly VideoFrame[]> {
  const file = await openVideoFile(path);
  const frames: VideoFrame[] = [];
  for await (const frame of file.frames(broken && { onBroken: (part) => broken.push(part) })) frames.push(frame);
  file.close();
  return frames;
}

async function findCut(path: string): Promise<VideoCut | undefined> {
  const file = await openVideoFile(path);
  const cut = await file.cut();
  file.close();
  return cut;
}

/** Where the red of a frame lies. */
function redCentre({ width, height, data }: Picture): { x: number; y: number; share: number } {
  let [x, y, count] = [0, 0, 0];
  for (let i = 0; i < width * height; i++) {
    if ((data[i * 4] ?? 0) - (data[i * 4 + 1] ?? 0) < 60) continue;
    x += (i % width) + 0.5;
    y += Math.floor(i / width) + 0.5;
    count++;
  }
  return { x: x / count, y: y / count, share: count / (width * height) };
}

async function rewrite(from: string, to: string, format: VideoFormat, change?: (picture: Picture) => Picture) {
  const file = await openVideoFile(from);
  const frames: VideoFrame[] = [];
  for await (const frame of file.frames()) frames.push(frame);
  const first = frames[0]?.picture as Picture;
  const hasAlpha = change !== undefined;
  const writer = await createVideoWriter({
    target: new FilePathTarget(to),
    format,
    width: first.width,
    height: first.height,
    hasAlpha,
    audio: file.audio,
  });
  for (const { picture, timestamp, duration } of frames) {
    await writer.add(change?.(picture) ?? picture, timestamp, duration);
  }
  await writer.finish();
  file.close();
  return writer;
}

describe('a video that is read and written', () => {
  it('keeps the time and length of each frame, however unevenly they come', async () => {
    await makeClip({ path: at('uneven.mp4'), timestamps: UNEVEN });
    await rewrite(at('uneven.mp4'), at('uneven-again.mp4'), 'mp4');
    const [before, after] = [await readAll(at('uneven.mp4')), await readAll(at('uneven-again.mp4'))];
    expect(before.map(({ timestamp }) => timestamp)).toHaveLength(UNEVEN.length);
    const lengths = (frames: readonly VideoFrame[]) => frames.slice(0, -1).map(({ duration }) => duration.toFixed(4));
    // But for the last frame's, which is a guess where frames are stored in another order than shown.
    expect(lengths(after)).toEqual(lengths(before));
    for (const [i, frame] of after.entries()) {
      // To a tick of the container's clock, 1/57600 s.
      expect(Math.abs(frame.timestamp - (UNEVEN[i] ?? 0))).toBeLessThan(2e-5);
    }
    const file = await openVideoFile(at('uneven-again.mp4'));
    expect((await file.facts()).video).toMatchObject({ codec: 'avc', frames: UNEVEN.length, variableFrameRate: true });
    file.close();
  });

  it('keeps what begins before the start or later, as far as the container can', async () => {
    const timestamps = [-0.25, -0.05, 0.1, 0.4];
    await makeClip({ path: at('early.mp4'), timestamps });
    expect((await readAll(at('early.mp4'))).map(({ timestamp }) => timestamp.toFixed(2))).toEqual([
      '-0.05',
      '0.10',
      '0.40',
    ]);
    for (const [name, first] of [
      ['early-again.mp4', '-0.05'],
      ['early.webm', '0.00'],
    ] as const) {
      await rewrite(at('early.mp4'), at(name), name.endsWith('webm') ? 'webm' : 'mp4');
      expect((await readAll(at(name))).map(({ timestamp }) => timestamp.toFixed(2))).toEqual([first, '0.10', '0.40']);
    }
    await makeClip({ path: at('late.mp4'), timestamps: [2, 2.5] });
    await rewrite(at('late.mp4'), at('late-again.mp4'), 'mp4');
    expect((await readAll(at('late-again.mp4'))).map(({ timestamp }) => timestamp.toFixed(2))).toEqual([
      '2.00',
      '2.50',
    ]);
  });

  it('keeps what is seen where it is, in its colours', async () => {
    await makeClip({ path: at('disc.mp4'), width: 160, height: 120 });
    await rewrite(at('disc.mp4'), at('disc-again.mp4'), 'mp4');
    const frames = await readAll(at('disc-again.mp4'));
    expect(frames).toHaveLength(10);
    for (const { index, picture } of frames) {
      const [found, drawn] = [redCentre(picture), discCentre(index, 160, 120)];
      expect(Math.hypot(found.x - drawn.x, found.y - drawn.y)).toBeLessThan(1.5);
      const original = drawDisc(index, 160, 120);
      const middle = (Math.round(drawn.y) * 160 + Math.round(drawn.x)) * 4;
      for (const place of [middle, (10 * 160 + 150) * 4]) {
        for (let c = 0; c < 3; c++) {
          expect(Math.abs((picture.data[place + c] ?? 0) - (original[place + c] ?? 0))).toBeLessThan(10);
        }
      }
    }
  });

  it('copies sound packet for packet where the container takes it', async () => {
    await makeClip({ path: at('sound.mp4'), audio: 'aac' });
    const writer = await rewrite(at('sound.mp4'), at('sound-again.mp4'), 'mp4');
    expect(writer.warnings).toEqual([]);
    const [before, after] = [await readPackets(at('sound.mp4')), await readPackets(at('sound-again.mp4'))];
    expect(before.length).toBeGreaterThan(30);
    expect(after).toEqual(before);
  });

  it('encodes sound anew where it does not, and says so', async () => {
    await makeClip({ path: at('sound2.mp4'), audio: 'aac' });
    const writer = await rewrite(at('sound2.mp4'), at('sound.webm'), 'webm');
    expect(writer.warnings).toEqual(['The audio was encoded anew, from aac to opus.']);
    const file = await openVideoFile(at('sound.webm'));
    const { audio, duration } = await file.facts();
    expect(audio).toMatchObject([{ codec: 'opus', channels: 1, sampleRate: 48_000 }]);
    expect(Math.abs(duration - 1)).toBeLessThan(0.1);
    file.close();
  });

  it.each([90, 180, 270] as const)('turns a video that is stored turned by %i°', async (rotation) => {
    await makeClip({ path: at(`turned-${rotation}.mp4`), width: 96, height: 64, rotation });
    const file = await openVideoFile(at(`turned-${rotation}.mp4`));
    const { video } = await file.facts();
    const isAcross = rotation !== 180;
    expect(video).toMatchObject({ rotation, width: isAcross ? 64 : 96, height: isAcross ? 96 : 64 });
    file.close();
    const [first] = await readAll(at(`turned-${rotation}.mp4`));
    const { x, y } = redCentre(first?.picture as Picture);
    // The disc is in the left half of the stored frame.
    const stored = discCentre(0, 96, 64);
    const wanted = {
      90: [64 - stored.y, stored.x],
      180: [96 - stored.x, 64 - stored.y],
      270: [stored.y, 96 - stored.x],
    };
    const [wantedX = 0, wantedY = 0] = wanted[rotation];
    expect(Math.hypot(x - wantedX, y - wantedY)).toBeLessThan(1.5);
    await rewrite(at(`turned-${rotation}.mp4`), at('upright.mp4'), 'mp4');
    const again = await openVideoFile(at('upright.mp4'));
    expect((await again.facts()).video.rotation).toBe(0);
    again.close();
  });

  it.each(['webm', 'mov'] as const)('keeps transparency in %s', async (format) => {
    await makeClip({ path: at('opaque.mp4'), width: 96, height: 64 });
    await rewrite(at('opaque.mp4'), at(`clear.${format}`), format, ({ width, height, data }) => {
      const half = Uint8Array.from(data);
      for (let y = 0; y < height; y++) for (let x = 0; x < width / 2; x++) half[(y * width + x) * 4 + 3] = 0;
      return createPicture(width, height, { data: half });
    });
    const frames = await readAll(at(`clear.${format}`));
    expect(frames).toHaveLength(10);
    for (const { picture } of frames) {
      expect(picture.data[(32 * 96 + 12) * 4 + 3]).toBeLessThan(8);
      expect(picture.data[(32 * 96 + 84) * 4 + 3]).toBeGreaterThan(247);
    }
  });

  it.each([
    [1, 1],
    [2, 1],
    [33, 17],
    [7, 64],
  ])('writes frames of %i×%i, larger by a pixel where sides have to be even', async (width, height) => {
    for (const format of ['mp4', 'webm', 'mov'] as const) {
      const writer = await createVideoWriter({
        target: new FilePathTarget(at(`odd.${format}`)),
        format,
        width,
        height,
      });
      const picture = createPicture(width, height, { data: drawDisc(0, width, height) });
      for (let i = 0; i < 3; i++) await writer.add(picture, i / 10, 0.1);
      await writer.finish();
      const frames = await readAll(at(`odd.${format}`));
      expect(frames).toHaveLength(3);
      const even = (side: number): number => (format === 'mov' ? side : side + (side % 2));
      expect(frames[0]?.picture).toMatchObject({ width: even(width), height: even(height) });
    }
  });
});

async function readPackets(path: string): Promise<readonly object[]> {
  const { EncodedPacketSink } = await import('mediabunny');
  const file = await openVideo(new FilePathSource(path));
  const packets: object[] = [];
  for (const track of file.audio) {
    for await (const { data, timestamp, duration } of new EncodedPacketSink(track).packets()) {
      packets.push({
        bytes: Buffer.from(data).toString('base64'),
        timestamp: timestamp.toFixed(5),
        duration: duration.toFixed(5),
      });
    }
  }
  file.close();
  return packets;
}

describe('a broken video', () => {
  it('is read as far as it goes, and says where it broke', async () => {
    const path = at('cut.mp4');
    await makeClip({ path, width: 320, height: 240, timestamps: times(40), indexFirst: true });
    const whole = (await readFile(path)).length;
    await truncate(path, Math.round(whole * 0.6));
    const broken: BrokenPart[] = [];
    const frames = await readAll(path, broken);
    expect(frames.length).toBeGreaterThan(8);
    expect(frames.length).toBeLessThan(40);
    expect(broken).toHaveLength(1);
    expect(broken[0]?.until).toBeUndefined();
    expect(broken[0]?.after).toBeCloseTo(frames.at(-1)?.timestamp ?? 0, 5);
  });

  it('throws where nobody takes note of what is missing', async () => {
    await expect(readAll(at('cut.mp4'))).rejects.toMatchObject({ code: 'corrupt-input' });
  });

  it.each([
    ['cut-long.mp4', 'mp4'],
    ['cut-long.webm', 'webm'],
  ])('of %s is found where it ends, without decoding', async (name) => {
    const path = at(name);
    await makeClip({ path, width: 320, height: 240, timestamps: times(40), indexFirst: true, audio: 'opus' });
    expect(await findCut(path)).toBeUndefined();
    const whole = (await readFile(path)).length;
    await truncate(path, Math.round(whole * 0.6));
    const frames = await readAll(path, []);
    const cut = await findCut(path);
    expect(Math.abs((cut?.after ?? 0) - (frames.at(-1)?.timestamp ?? 0))).toBeLessThan(0.25);
    expect(Math.abs((cut?.end ?? 0) - 4)).toBeLessThan(0.25);
  });

  it('goes on after a part that is damaged', async () => {
    const path = at('damaged.mp4');
    await makeClip({ path, width: 320, height: 240, timestamps: times(60), indexFirst: true, keyFrameInterval: 0.5 });
    const bytes = await readFile(path);
    bytes.fill(0xff, Math.round(bytes.length * 0.45), Math.round(bytes.length * 0.55));
    await writeFile(path, bytes);
    const broken: BrokenPart[] = [];
    const frames = await readAll(path, broken);
    // Either the decoder mends it, or what is damaged is left out; the end is there in any case.
    expect(frames.at(-1)?.timestamp).toBeGreaterThan(5);
    expect(frames.length).toBeGreaterThan(25);
    for (const part of broken) expect(part.until ?? 0).toBeGreaterThan(part.after);
  });

  it('goes on after a damaged frame of ProRes', async () => {
    await makeClip({ path: at('whole.mp4'), width: 96, height: 64 });
    const path = at('damaged.mov');
    await rewrite(at('whole.mp4'), path, 'mov');
    const bytes = await readFile(path);
    const marks = [...bytes.toString('latin1').matchAll(/icpf/g)].map(({ index }) => index);
    expect(marks).toHaveLength(10);
    bytes.fill(0xff, (marks[4] ?? 0) - 4, (marks[4] ?? 0) + 40);
    await writeFile(path, bytes);
    const broken: BrokenPart[] = [];
    const frames = await readAll(path, broken);
    expect(frames).toHaveLength(9);
    expect(broken).toEqual([expect.objectContaining({ after: frames[3]?.timestamp, until: frames[4]?.timestamp })]);
  });

  it('says that the index is missing of an MP4 that was cut short before it', async () => {
    const path = at('headless.mp4');
    await makeClip({ path });
    const { length } = await readFile(path);
    await truncate(path, Math.round(length / 2));
    await expect(openVideoFile(path)).rejects.toMatchObject({ code: 'corrupt-input' });
  });

  it('is named by its codec where that is unknown, with what can be done', async () => {
    const path = at('unknown.mp4');
    await makeClip({ path });
    const bytes = await readFile(path);
    bytes.write('zzz1', bytes.lastIndexOf('avc1'), 'latin1');
    await writeFile(path, bytes);
    const file = await openVideoFile(path);
    expect((await file.facts()).video).toMatchObject({ codec: 'zzz1', canDecode: false, frames: 10 });
    await expect(file.frames().next()).rejects.toMatchObject({
      code: 'unsupported-format',
      message: expect.stringContaining('zzz1'),
      hint: expect.stringContaining('ffmpeg'),
    });
    file.close();
  });

  it('is told apart from what is no video', async () => {
    await writeFile(at('text.mp4'), 'no video at all, but a text that is long enough to be looked at');
    await writeFile(at('empty.mp4'), '');
    await expect(openVideoFile(at('text.mp4'))).rejects.toMatchObject({ code: 'unsupported-format' });
    await expect(openVideoFile(at('empty.mp4'))).rejects.toMatchObject({ code: 'corrupt-input' });
    await expect(openVideoFile(at('none.mp4'))).rejects.toMatchObject({ code: 'not-found' });
    await expect(openVideoFile(folder)).rejects.toMatchObject({ code: 'invalid-argument' });
  });
});

function times(count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => i / 10);
}
