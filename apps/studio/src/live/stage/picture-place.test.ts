import { describe, expect, it } from 'vitest';
import { placePicture, toPicturePoint } from './picture-place.ts';

describe('placePicture', () => {
  it('leaves bars at the sides of a tall picture, and above and below a wide one', () => {
    expect(placePicture({ width: 400, height: 200 }, { width: 90, height: 160 })).toEqual({
      left: 143.75,
      top: 0,
      width: 112.5,
      height: 200,
    });
    expect(placePicture({ width: 400, height: 400 }, { width: 1600, height: 800 })).toEqual({
      left: 0,
      top: 100,
      width: 400,
      height: 200,
    });
  });

  it('takes the smallest and the largest pictures', () => {
    expect(placePicture({ width: 300, height: 200 }, { width: 1, height: 1 }).width).toBe(200);
    expect(placePicture({ width: 300, height: 200 }, { width: 7680, height: 4320 }).width).toBeCloseTo(300);
  });
});

describe('toPicturePoint', () => {
  const picture = { left: 100, top: 50, width: 200, height: 100 };

  it('gives fractions of the picture', () => {
    expect(toPicturePoint({ clientX: 150, clientY: 125 }, picture)).toEqual({ x: 0.25, y: 0.75 });
  });

  it('gives nothing on the bars around it', () => {
    expect(toPicturePoint({ clientX: 99, clientY: 60 }, picture)).toBeUndefined();
    expect(toPicturePoint({ clientX: 150, clientY: 150 }, picture)).toBeUndefined();
    expect(toPicturePoint({ clientX: 0, clientY: 0 }, { left: 0, top: 0, width: 0, height: 0 })).toBeUndefined();
  });
});
