import { allocateLocal, createPicture, runPlan } from '@focal/core';
import { expect, test } from 'vitest';
import { joinPng, planPng } from './png.ts';

const photo = createPicture(301, 97);
photo.data.forEach((_, i) => {
  photo.data[i] = i % 4 === 3 ? 255 : (i * 7919) >> 5;
});

test('memory that may hold anything may', () => {
  const used = planPng(photo, (byteLength, contents) =>
    contents === 'anything' ? new Uint8Array(byteLength).fill(0xa5).buffer : new ArrayBuffer(byteLength),
  );
  expect(joinPng(runPlan(used))).toEqual(joinPng(runPlan(planPng(photo, allocateLocal))));
});

test('one pixel that is not opaque anywhere keeps the transparency', () => {
  const kind = (png: Uint8Array) => png[25];
  expect(kind(joinPng(runPlan(planPng(photo, allocateLocal))))).toBe(2);
  for (const pixel of [0, 300, 150 * 97, 301 * 97 - 1]) {
    const data = Uint8Array.from(photo.data);
    data[pixel * 4 + 3] = 254;
    const png = joinPng(runPlan(planPng(createPicture(301, 97, { data }), allocateLocal)));
    expect(kind(png)).toBe(6);
  }
});
