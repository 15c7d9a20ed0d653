import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  alphaAt,
  type Box,
  boxIou,
  createPicture,
  type FocusSight,
  type Matte,
  type Picture,
  resizePicture,
} from '@focal/core';
import {
  type CreateFollowerOptions,
  createFollower,
  type Follower,
  loadFrameDetector,
  loadModel,
  type Session,
  seeFrame,
} from '@focal/models';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createNodeModelStore } from './models/model-store.ts';
import { createOrtRuntime } from './runtime/ort-runtime.ts';

const PHOTOS = join(dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json')), 'demo');
const WIDTH = 480;
const HEIGHT = 360;

const WHOLE: Box = { x: 0, y: 0, width: 1, height: 1 };

function at(matte: Matte | undefined, x: number, y: number): number {
  return matte === undefined ? Number.NaN : alphaAt({ box: WHOLE, matte }, { x, y });
}

describe('following with the models of this machine', () => {
  let photo: Picture;
  let cacheFolder = '';
  let runtime: Awaited<ReturnType<typeof createOrtRuntime>>;
  const followers: Follower[] = [];

  beforeAll(async () => {
    const { data, info } = await sharp(join(PHOTOS, 'sample1.jpg'))
      .resize(660)
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    photo = createPicture(info.width, info.height, { data });
    cacheFolder = await mkdtemp(join(tmpdir(), 'focal-follow-'));
    runtime = await createOrtRuntime({ device: 'cpu' });
  });
  afterAll(async () => {
    await Promise.all(followers.map((follower) => follower.close()));
    await runtime?.close();
    await rm(cacheFolder, { recursive: true, force: true });
  });

  /** A frame of a camera that pans to the right by so many pixels of the photo. */
  const pan = (byPx: number): Picture =>
    resizePicture(photo, WIDTH, HEIGHT, { region: { x: byPx, y: 40, width: WIDTH, height: HEIGHT } });

  async function open(options: Partial<CreateFollowerOptions> = {}): Promise<Follower> {
    const store = createNodeModelStore({ cacheFolder });
    const follower = await createFollower({ runtime, store, quality: 'quality', ...options });
    followers.push(follower);
    return follower;
  }

  it('names what the pointer may light up, locks the person who is clicked, and carries her mask', async () => {
    const follower = await open();
    const { view, detections } = await follower.step(pan(0));
    expect(view.state).toBe('idle');
    const person = detections.find(({ label }) => label === 'person');
    expect(person).toBeDefined();
    const { x, y, width, height } = person?.box ?? WHOLE;
    const middle = { x: x + width / 2, y: y + height * 0.6 };
    let shown = await follower.lockAt(pan(0), middle);
    expect(shown?.view).toMatchObject({ state: 'locked', label: 'person' });
    for (let i = 1; i <= 8; i++) shown = await follower.step(pan(10 * i));
    expect(shown?.view.state).toBe('locked');
    const moved = { x: middle.x - 80 / WIDTH, y: middle.y };
    expect(at(shown?.matte, moved.x, moved.y)).toBeGreaterThan(200);
    expect(at(shown?.matte, 0.98, 0.03)).toBeLessThan(50);
    const box = shown?.view.box ?? WHOLE;
    expect(Math.abs(box.x + box.width / 2 - moved.x)).toBeLessThan(0.06);
    follower.release();
    const idle = await follower.step(pan(90));
    expect(idle.view.state).toBe('idle');
    expect(idle.matte).toBeUndefined();
  });

  it('locks nothing on an empty wall, and whatever stands out where one picks', async () => {
    const follower = await open({ detect: async () => ({ detections: [] }) });
    expect(await follower.lockAt(pan(0), { x: 0.04, y: 0.06 })).toBeUndefined();
    const frame = { ...pan(0), data: Uint8Array.from(pan(0).data) };
    for (let v = -24; v <= 24; v++) {
      for (let u = -24; u <= 24; u++) {
        if (u * u + v * v <= 576) frame.data.set([220, 40, 160, 255], ((60 + v) * WIDTH + 60 + u) * 4);
      }
    }
    const point = { x: 60.5 / WIDTH, y: 60.5 / HEIGHT };
    expect(await follower.lockAt(frame, point)).toBeUndefined();
    const picked = await follower.lockAt(frame, point, { pick: true });
    expect(picked?.view.state).toBe('locked');
    expect(at(picked?.matte, point.x, point.y)).toBeGreaterThan(200);
    expect(at(picked?.matte, 0.5, 0.6)).toBeLessThan(50);
  });

  it('starts over with frames of another size', async () => {
    const follower = await open();
    await follower.lock(pan(0), { x: 0.4, y: 0.3, width: 0.2, height: 0.5 }, 'person');
    const { view } = await follower.step(resizePicture(pan(0), 320, 240));
    expect(view.state).toBe('idle');
  });

  it('is told what the net makes of a frame where the frame is, without the borders around it', async () => {
    const store = createNodeModelStore({ cacheFolder });
    const session = await loadModel(runtime, store, 'centernet');
    const tall = resizePicture(photo, 300, 480);
    const [wide, high] = [await seeFrame(session, pan(0)), await seeFrame(session, tall)];
    await session.close();
    expect(wide.detections.map(({ label }) => label)).toContain('person');
    expect(wide.features).toMatchObject({ width: 32, height: 24, channels: 64, area: WHOLE });
    expect(wide.features?.values.some((value) => value !== 0)).toBe(true);
    const { features: map } = high;
    expect(map).toMatchObject({ width: 20, height: 32, area: { y: 0, height: 1 } });
    expect(map?.values).toHaveLength(20 * 32 * 64);
  });

  it('sees the same without borders as with them, in frames of any shape', async () => {
    const store = createNodeModelStore({ cacheFolder });
    const [square, free] = [await loadModel(runtime, store, 'centernet'), await loadFrameDetector(runtime, store)];
    const fed: (readonly number[])[] = [];
    const spied: Session = {
      ...free,
      run(feeds, options) {
        fed.push(...Object.values(feeds).map(({ dims }) => dims));
        return free.run(feeds, options);
      },
    };
    const region = { x: 0, y: 40, width: 640, height: 360 };
    const wide = resizePicture(photo, 640, 360, { region });
    const tall = resizePicture(photo, 260, 416, { region: { x: 230, y: 20, width: 260, height: 416 } });
    for (const frame of [wide, tall, pan(0)]) {
      const without = await seeFrame(spied, frame, { isAnySize: true });
      const { features } = without;
      const { detections } = await seeFrame(square, frame);
      const found = detections.filter(({ label, box }) => label === 'person' && box.width * box.height > 0.1);
      expect(found.length).toBeGreaterThan(0);
      for (const { label, box } of found) {
        const same = without.detections.filter((each) => each.label === label);
        expect(Math.max(...same.map((each) => boxIou(each.box, box)))).toBeGreaterThan(0.75);
      }
      expect(features?.area.x).toBeLessThanOrEqual(0);
      expect((features?.area.x ?? 0) + (features?.area.width ?? 0)).toBeGreaterThanOrEqual(1);
    }
    expect(fed).toEqual([
      [1, 288, 512, 3],
      [1, 512, 320, 3],
      [1, 384, 512, 3],
    ]);
    await Promise.all([square.close(), free.close()]);
  });

  it('does not wait for a detector elsewhere', async () => {
    let resolve: (found: FocusSight) => void = () => {};
    const promise = new Promise<FocusSight>((done) => {
      resolve = done;
    });
    const follower = await open({ detect: () => promise });
    expect((await follower.step(pan(0))).detections).toEqual([]);
    resolve({ detections: [{ box: WHOLE, label: 'person' }] });
    await promise;
    await Promise.resolve();
    expect((await follower.step(pan(0))).detections).toEqual([{ box: WHOLE, label: 'person' }]);
  });
});
