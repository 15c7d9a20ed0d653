import { type Box, createPicture } from '@focal/core';
import { expect, test } from 'vitest';
import { type PersonView, type PoseSight, viewPerson } from './person-evidence.ts';
import { createPoseSights } from './pose-sights.ts';

const FRAME = createPicture(64, 64);
const view = (box: Box) => viewPerson(FRAME, box);
const BOX: Box = { x: 0.2, y: 0.2, width: 0.2, height: 0.4 };
const AREA: Box = { x: 0.1, y: 0.1, width: 0.4, height: 0.6 };

function drawSight(share: number, isSure = false): PoseSight {
  return { shares: { area: AREA, width: 2, height: 2, values: new Float32Array(4).fill(share) }, isSure };
}

/** Looks that are answered when they are told to. */
function createLooks() {
  const asked: { readonly box: Box; readonly answer: (sight: PoseSight) => Promise<void>; fail(): Promise<void> }[] =
    [];
  const look = ({ box }: PersonView) =>
    new Promise<PoseSight>((resolve, reject) => {
      const settled = () => new Promise<void>((done) => setTimeout(done));
      asked.push({
        box,
        answer: (sight) => {
          resolve(sight);
          return settled();
        },
        fail: () => {
          reject(new Error('no pose'));
          return settled();
        },
      });
    });
  return { asked, look };
}

/** With what was seen of the first frame. */
async function begin(looks: ReturnType<typeof createLooks>) {
  const sights = createPoseSights({ look: looks.look, isAside: true });
  const first = await sights.next(view(BOX));
  await looks.asked[0]?.answer(drawSight(0.25));
  await sights.next(view(BOX));
  return { sights, first };
}

test('nothing waits: at first the person may be anywhere in the box', async () => {
  const { first } = await begin(createLooks());
  expect(first).toMatchObject({ isSure: false, isLate: true });
  expect(first.shares.area).toEqual(BOX);
  expect(Math.min(...first.shares.values)).toBe(1);
});

test('frames go on while it looks, with what was seen before, which moves and grows with the box', async () => {
  const looks = createLooks();
  const { sights } = await begin(looks);
  const grown = { x: 0.4, y: 0.3, width: 0.4, height: 0.4 };
  const late = await sights.next(view(grown));
  expect(late.isLate).toBe(true);
  expect(late.shares.values[0]).toBe(0.25);
  const { area } = late.shares;
  expect([area.x, area.y, area.width, area.height].map((value) => Math.round(value * 1e6) / 1e6)).toEqual([
    0.2, 0.2, 0.8, 0.6,
  ]);

  await sights.next(view(grown));
  expect(looks.asked.map(({ box }) => box)).toEqual([BOX, grown]);
  await looks.asked[1]?.answer(drawSight(0.75));
  const newer = await sights.next(view(grown));
  expect(newer.shares.values[0]).toBe(0.75);
  expect(newer.shares.area.width).toBeCloseTo(AREA.width);
  expect(looks.asked).toHaveLength(2);
  await sights.next(view(grown));
  expect(looks.asked).toHaveLength(3);
});

test('where it was sure, it rests for some frames, and goes on with what it saw', async () => {
  const looks = createLooks();
  const sights = createPoseSights({ look: looks.look, isAside: true });
  await sights.next(view(BOX));
  await looks.asked[0]?.answer(drawSight(0.25, true));
  const shares: number[] = [];
  const asked: number[] = [];
  for (let frame = 0; frame < 5; frame++) {
    shares.push((await sights.next(view(BOX))).shares.values[0] ?? Number.NaN);
    asked.push(looks.asked.length);
  }
  expect(shares).toEqual([0.25, 0.25, 0.25, 0.25, 0.25]);
  expect(asked).toEqual([1, 1, 1, 1, 2]);

  await looks.asked[1]?.answer(drawSight(0.5, true));
  await sights.next(view(BOX));
  sights.restart();
  await sights.next(view(BOX));
  expect(looks.asked).toHaveLength(3);
});

test('another person is looked at anew, whatever was under way', async () => {
  const looks = createLooks();
  const { sights } = await begin(looks);
  await sights.next(view(BOX));
  sights.restart();
  const next = sights.next(view(BOX));
  await looks.asked[1]?.answer(drawSight(0.1));
  expect((await next).isSure).toBe(false);
  expect((await sights.next(view(BOX))).isSure).toBe(false);
  await looks.asked[2]?.answer(drawSight(0.9));
  expect((await sights.next(view(BOX))).shares.values[0]).toBeCloseTo(0.9);
});

test('what went wrong aside is thrown with the frame after, and then it looks again', async () => {
  const looks = createLooks();
  const { sights } = await begin(looks);
  await sights.next(view(BOX));
  await looks.asked[1]?.fail();
  await expect(sights.next(view(BOX))).rejects.toThrow('no pose');
  expect((await sights.next(view(BOX))).isLate).toBe(true);
  expect(looks.asked).toHaveLength(3);
});

test('without a place aside each frame is looked at', async () => {
  const sights = createPoseSights({ look: async () => drawSight(0.5), isAside: false });
  expect(await sights.next(view(BOX))).toEqual(drawSight(0.5));
  expect(await sights.next(view(BOX))).toEqual(drawSight(0.5));
});
