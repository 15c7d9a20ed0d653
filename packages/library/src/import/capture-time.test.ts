import { describe, expect, test } from 'vitest';
import { toCaptureTime } from './capture-time.ts';

const none = { capture: {}, name: 'photo.jpg', modifiedMs: Date.UTC(2024, 0, 2, 3, 4, 5) };

describe('toCaptureTime', () => {
  test("takes the camera's clock with the offset it tells", () => {
    const capture = { takenLocal: '2023-07-14T23:30:05', offsetMinutes: -210 };
    expect(toCaptureTime({ ...none, capture })).toEqual({
      takenAt: '2023-07-14T23:30:05-03:30',
      source: 'exif',
      sortTime: Date.UTC(2023, 6, 14, 23, 30, 5),
      month: 202307,
    });
  });

  test('finds the offset by the satellites, where the two clocks are whole quarters of an hour apart', () => {
    const takenLocal = '2023-07-14T18:30:05';
    const at = (gpsTimeMs: number) => toCaptureTime({ ...none, capture: { takenLocal, gpsTimeMs } }).takenAt;
    expect(at(Date.UTC(2023, 6, 14, 16, 29, 50))).toBe('2023-07-14T18:30:05+02:00');
    expect(at(Date.UTC(2023, 6, 14, 12, 45, 0))).toBe('2023-07-14T18:30:05+05:45');
    expect(at(Date.UTC(2023, 6, 14, 16, 23, 0))).toBe('2023-07-14T18:30:05');
    expect(at(Date.UTC(2023, 6, 20, 16, 30, 0))).toBe('2023-07-14T18:30:05');
  });

  test('stays with the clock of the place where the offset is unknown', () => {
    expect(toCaptureTime({ ...none, capture: { takenLocal: '2023-12-31T23:59:59.5' } })).toMatchObject({
      takenAt: '2023-12-31T23:59:59.500',
      month: 202312,
    });
  });

  test('takes the sidecar where the file tells nothing, and its time as a clock by which to find the offset', () => {
    const sidecar = { takenMs: Date.UTC(2019, 6, 14, 10, 26, 40) };
    expect(toCaptureTime({ ...none, sidecar })).toMatchObject({
      takenAt: '2019-07-14T10:26:40+00:00',
      source: 'sidecar',
    });
    const capture = { takenLocal: '2019-07-14T12:26:40' };
    expect(toCaptureTime({ ...none, capture, sidecar }).takenAt).toBe('2019-07-14T12:26:40+02:00');
  });

  test.each([
    ['IMG_20230714_183005.jpg', '2023-07-14T18:30:05'],
    ['PXL_20230714_163005123.jpg', '2023-07-14T16:30:05'],
    ['2023-07-14 18.30.05.jpg', '2023-07-14T18:30:05'],
    ['Screenshot_2023-07-14-18-30-05.png', '2023-07-14T18:30:05'],
    ['IMG-20230714-WA0001.jpg', '2023-07-14T12:00:00'],
  ])('reads the name %s', (name, takenAt) => {
    expect(toCaptureTime({ ...none, name })).toMatchObject({ takenAt, source: 'name' });
  });

  test.each(['IMG_20231399_183005.jpg', '12345678901234.jpg', 'holiday 2023.jpg'])('takes no date from %s', (name) => {
    expect(toCaptureTime({ ...none, name })).toEqual({
      takenAt: null,
      source: null,
      sortTime: none.modifiedMs,
      month: 202401,
    });
  });
});
