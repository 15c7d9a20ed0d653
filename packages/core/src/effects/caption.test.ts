import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runPlan } from '../async/plan.ts';
import { allocateLocal, createPicture, type Picture } from '../picture/picture.ts';
import { createRecipe } from '../recipe/recipe.ts';
import { planRecipe } from '../recipe/render.ts';
import { resolveRecipe } from '../recipe/resolve.ts';
import type { Box } from '../scene/geometry.ts';
import type { Scene } from '../scene/scene.ts';
import { VERB } from '../text/outline.ts';
import type { LayOutText } from './effect.ts';

/** A layout whose letters are blocks: half a size wide, and as high as capitals are. */
const layOutBlocks: LayOutText = (text, { sizePx, maxWidthPx, lineHeight = 1.3 }) => {
  const perLine = Math.max(1, Math.floor(maxWidthPx / (sizePx / 2)));
  const lines = Array.from({ length: Math.ceil(text.length / perLine) }, (_, i) =>
    text.slice(i * perLine, (i + 1) * perLine),
  );
  const height = sizePx * lineHeight;
  const verbs: number[] = [];
  const points: number[] = [];
  for (const [row, line] of lines.entries()) {
    for (const [column, letter] of line.split('').entries()) {
      if (letter === ' ') continue;
      const [x, y, w, h] = [(column * sizePx) / 2, row * height + sizePx * 0.3, sizePx * 0.4, sizePx * 0.7];
      verbs.push(VERB.move, VERB.line, VERB.line, VERB.line, VERB.close);
      points.push(x, y, x + w, y, x + w, y + h, x, y + h);
    }
  }
  const width = Math.max(...lines.map((line) => (line.length * sizePx) / 2));
  return {
    width,
    height: height * lines.length,
    lines: lines.map((line, row) => ({
      text: line,
      direction: 'ltr' as const,
      x: 0,
      y: row * height,
      width: (line.length * sizePx) / 2,
      height,
      baseline: row * height + sizePx,
    })),
    outline: { verbs: Uint8Array.from(verbs), points: Float32Array.from(points) },
    isCut: false,
  };
};

function grey(width: number, height: number): Picture {
  const picture = createPicture(width, height);
  picture.data.fill(120);
  for (let i = 3; i < picture.data.length; i += 4) picture.data[i] = 255;
  return picture;
}

function sceneOf({ width, height }: Picture, boxes: readonly Box[] = []): Scene {
  const at = { x: 0.5, y: 0.5 };
  const points = { rightEye: at, leftEye: at, nose: at, mouthRight: at, mouthLeft: at };
  const quality = { overall: 1, size: 1, sharpness: 1, pose: 1 };
  const faces = boxes.map((box, i) => ({ id: `face-${i + 1}`, box, score: 1, points, rollDegrees: 0, quality }));
  return { version: 1, width, height, facts: ['faces'], faces: { faces, provenance: { models: [] } } };
}

function write(picture: Picture, params: Readonly<Record<string, unknown>>, boxes: readonly Box[] = []): Picture {
  const scene = sceneOf(picture, boxes);
  const { steps } = resolveRecipe(createRecipe([{ effect: 'caption', params }]), picture, scene, {
    layOut: layOutBlocks,
  });
  return runPlan(planRecipe({ picture, scene, steps, pictures: {}, allocate: allocateLocal }));
}

/** The box of all pixels that changed. */
function changed(
  before: Picture,
  after: Picture,
): { x: number; y: number; right: number; bottom: number; count: number } {
  const box = { x: before.width, y: before.height, right: 0, bottom: 0, count: 0 };
  for (let y = 0, i = 0; y < before.height; y++) {
    for (let x = 0; x < before.width; x++, i += 4) {
      if ([0, 1, 2].every((c) => before.data[i + c] === after.data[i + c])) continue;
      box.x = Math.min(box.x, x);
      box.y = Math.min(box.y, y);
      box.right = Math.max(box.right, x + 1);
      box.bottom = Math.max(box.bottom, y + 1);
      box.count += 1;
    }
  }
  return box;
}

describe('caption', () => {
  it('writes in the asked colour at the bottom, and leaves the rest as it was', () => {
    const picture = grey(300, 200);
    const after = write(picture, { text: 'HELLO', color: '#ff0000', style: 'plain', place: 'bottom' });
    const box = changed(picture, after);
    expect(box.y).toBeGreaterThan(150);
    expect(box.bottom).toBeLessThanOrEqual(200);
    expect(Math.abs((box.x + box.right) / 2 - 150)).toBeLessThan(4);
    const reds = Array.from({ length: 300 * 200 }, (_, i) => i * 4).filter(
      (i) => after.data[i] === 255 && after.data[i + 1] === 0 && after.data[i + 2] === 0,
    );
    expect(reds.length).toBeGreaterThan(200);
  });

  it('moves out of the way of a face', () => {
    const picture = grey(300, 200);
    const face = { x: 0.05, y: 0.6, width: 0.9, height: 0.4 };
    const box = changed(picture, write(picture, { text: 'HELLO', style: 'plain', place: 'bottom' }, [face]));
    expect(box.bottom).toBeLessThan(120);
  });

  it('breaks its lines elsewhere, or becomes smaller, rather than cover a face', () => {
    const picture = grey(300, 200);
    const face = { x: 0.05, y: 0.25, width: 0.5, height: 0.5 };
    const text = 'A LONG EVENING ON THE STAIRS WITH WINE';
    const box = changed(picture, write(picture, { text, size: 0.2, style: 'plain' }, [face]));
    expect(box.count).toBeGreaterThan(0);
    const isClear = box.x >= 0.55 * 300 || box.y >= 0.75 * 200 || box.bottom <= 0.25 * 200;
    expect(isClear).toBe(true);
    const alone = changed(picture, write(picture, { text, size: 0.2, style: 'plain' }));
    expect(alone.bottom - alone.y).toBeGreaterThan(50);
  });

  it('says so where no place is clear of faces, and only there', () => {
    const picture = grey(300, 200);
    const params = { text: 'HELLO', size: 0.2 };
    const warningsFor = (face: Box) =>
      resolveRecipe(createRecipe([{ effect: 'caption', params }]), picture, sceneOf(picture, [face]), {
        layOut: layOutBlocks,
      }).warnings;
    expect(warningsFor({ x: 0, y: 0, width: 1, height: 1 })).toEqual([
      expect.stringContaining('The caption covers part of a face'),
    ]);
    expect(warningsFor({ x: 0.4, y: 0.3, width: 0.2, height: 0.3 })).toEqual([]);
  });

  it('keeps the margin that is asked for, where there is a frame', () => {
    const picture = grey(300, 200);
    const box = changed(picture, write(picture, { text: 'HELLO', style: 'plain', place: 'bottom', margin: 0.2 }));
    expect(box.bottom).toBeLessThanOrEqual(200 - 0.2 * 200 + 8);
    expect(box.bottom).toBeGreaterThan(130);
  });

  it('becomes smaller rather than cover the picture', () => {
    const picture = grey(300, 200);
    const text = 'a long story that goes on and on '.repeat(12);
    const box = changed(picture, write(picture, { text, size: 0.3, style: 'plain' }));
    expect(box.count).toBeGreaterThan(0);
    expect(box.bottom - box.y).toBeLessThanOrEqual(100);
    expect(box.right - box.x).toBeLessThanOrEqual(300 * 0.86 + 2);
  });

  it.each(['shadow', 'outline', 'banner'])('draws a %s that darkens more than the letters alone', (style) => {
    const picture = grey(300, 200);
    const plain = changed(picture, write(picture, { text: 'HELLO', style: 'plain' }));
    const drawn = write(picture, { text: 'HELLO', style });
    expect(changed(picture, drawn).count).toBeGreaterThan(plain.count * 1.1);
    expect(drawn.data.some((byte, i) => i % 4 < 3 && byte < 100)).toBe(true);
  });

  it('writes nothing without a text', () => {
    const picture = grey(40, 30);
    expect(write(picture, { text: '  ' }).data).toEqual(picture.data);
  });

  it('stays within pictures of any size, and makes clear ones opaque where it writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 60 }), (width, height) => {
        const picture = createPicture(width, height);
        const after = write(picture, { text: 'AB CD', size: 0.5, style: 'banner' });
        expect([after.width, after.height]).toEqual([width, height]);
      }),
      { numRuns: 60 },
    );
    const clear = createPicture(200, 200);
    const after = write(clear, { text: 'HELLO', style: 'plain' });
    expect(after.data.some((byte, i) => i % 4 === 3 && byte === 255)).toBe(true);
  });

  it('says that there are no fonts where there are none', () => {
    const picture = grey(20, 20);
    const recipe = createRecipe([{ effect: 'caption', params: { text: 'A' } }]);
    expect(() => resolveRecipe(recipe, picture, sceneOf(picture))).toThrow(/fonts/);
  });
});
