import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundsOf, fitMap, panMap, settle, toBoxChip, toDegrees, toScreen, toWorld, zoomMap } from './mercator.ts';

const size = { width: 800, height: 600 };
const longitude = fc.double({ min: -179.9, max: 179.9, noNaN: true });
const latitude = fc.double({ min: -80, max: 80, noNaN: true });
const view = fc
  .tuple(longitude, latitude, fc.double({ min: 2, max: 14, noNaN: true }))
  .map(([x, y, zoom]) => settle({ ...toWorld(x, y), zoom }, size));

describe('the map after Mercator', () => {
  it('gives degrees back', () => {
    fc.assert(
      fc.property(longitude, latitude, (x, y) => {
        const degrees = toDegrees(toWorld(x, y));
        expect(degrees.longitude).toBeCloseTo(x, 9);
        expect(degrees.latitude).toBeCloseTo(y, 9);
      }),
    );
  });

  it('keeps what is under the pointer there while it zooms', () => {
    fc.assert(
      fc.property(view, fc.double({ min: -1, max: 1, noNaN: true }), (from, by) => {
        const at = { x: 200, y: 330 };
        const inside = { ...from, y: 0.5 };
        const next = zoomMap(inside, size, by, at);
        // At the ends of the earth it cannot.
        fc.pre(from.zoom > 4);
        const under = { x: inside.x + (at.x - 400) / (256 * 2 ** inside.zoom), y: 0.5 + 30 / (256 * 2 ** inside.zoom) };
        const now = toScreen(next, size, under);
        expect(now.x).toBeCloseTo(at.x, 3);
        expect(now.y).toBeCloseTo(at.y, 3);
      }),
    );
  });

  it('moves with the pointer and never leaves the earth', () => {
    fc.assert(
      fc.property(
        view,
        fc.integer({ min: -5000, max: 5000 }),
        fc.integer({ min: -50_000, max: 50_000 }),
        (from, dx, dy) => {
          const { x, y, zoom } = panMap(from, size, dx, dy);
          expect(zoom).toBe(from.zoom);
          expect(x).toBeGreaterThanOrEqual(0);
          expect(x).toBeLessThan(1);
          const half = 300 / (256 * 2 ** zoom);
          expect(y).toBeGreaterThanOrEqual(half - 1e-9);
          expect(y).toBeLessThanOrEqual(1 - half + 1e-9);
        },
      ),
    );
    const from = { ...toWorld(8.5, 47.4), zoom: 6 };
    expect(toScreen(panMap(from, size, 30, -20), size, from)).toEqual({
      x: expect.closeTo(430, 6),
      y: expect.closeTo(280, 6),
    });
  });

  it('shows all that it is fitted to', () => {
    fc.assert(
      fc.property(longitude, longitude, latitude, latitude, (a, b, c, d) => {
        const all = { south: Math.min(c, d), west: Math.min(a, b), north: Math.max(c, d), east: Math.max(a, b) };
        fc.pre(all.east - all.west < 300);
        const shown = boundsOf(fitMap(all, size), size, 0.001);
        expect(shown.south).toBeLessThanOrEqual(all.south + 1e-6);
        expect(shown.north).toBeGreaterThanOrEqual(all.north - 1e-6);
      }),
    );
  });

  it('shows enough of the earth around a single place to tell where it is', () => {
    const { west, east } = boundsOf(fitMap({ south: 37.3, west: -121.9, north: 37.3, east: -121.9 }, size), size, 0);
    expect(east - west).toBeGreaterThan(10);
  });

  it('goes across the date line', () => {
    const pacific = settle({ ...toWorld(179, -17), zoom: 6 }, size);
    const { west, east } = boundsOf(pacific, size);
    expect(west).toBeGreaterThan(170);
    expect(east).toBeLessThan(-170);
    expect(toScreen(pacific, size, toWorld(-179, -17)).x).toBeGreaterThan(400);
  });

  it('is searched by a box that holds what lies on its edges', () => {
    expect(toBoxChip({ south: 47.12345, west: 8.1, north: 47.2, east: 8.33339 })).toBe('box:47.1234,8.1,47.2,8.3334');
    expect(toBoxChip({ south: 1, west: 2, north: 1, east: 2 })).toBe('box:1,2,1.0001,2');
    expect(toBoxChip({ south: -90, west: -180, north: 90, east: 180 })).toBe('box:-90,-180,90,180');
  });
});
