import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { planFillOutline, runPlan, type TextBlock } from '@focal/core';
import { writeBoxFont } from '@focal/testing';
import { openSourcePage, type SourcePage } from '@focal/testing/pages';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTextEngine, TEXT_FILES } from './index.ts';

const read = (name: string): Uint8Array => new Uint8Array(readFileSync(createRequire(import.meta.url).resolve(name)));

const PAGE = `<!doctype html><script type="module">
import { planFillOutline, runPlan } from '@focal/core';
import { createTextEngine } from '@focal/text';
const read = async (path) => new Uint8Array(await (await fetch(path)).arrayBuffer());
const digest = async (data) => {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', data));
  return [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('');
};
const engine = await createTextEngine(await read('/harfbuzz'));
const layouts = {};
for (const name of ['regular', 'bold']) {
  const fonts = [{ name, data: await read('/' + name) }, { name: 'Boxes', data: await read('/boxes') }];
  layouts[name] = engine.createLayout(fonts);
}
globalThis.draw = async (font, text, options, size) => {
  const block = layouts[font].layOut(text, options);
  const matte = runPlan(planFillOutline(block.outline, size));
  return {
    lines: JSON.stringify(block.lines),
    outline: await digest(block.outline.points),
    matte: await digest(matte.data),
  };
};
</script>`;

function sha256(data: Uint8Array | Float32Array): string {
  return createHash('sha256').update(data).digest('hex');
}

describe('Node and Chromium', () => {
  let layOut: (font: string, text: string, options: { sizePx: number; maxWidthPx: number }) => TextBlock;
  let opened: SourcePage;
  let page: Page;

  beforeAll(async () => {
    const fonts = {
      regular: read(TEXT_FILES.regular),
      bold: read(TEXT_FILES.bold),
      boxes: writeBoxFont('אבגדהו 東京都'),
    };
    const engine = await createTextEngine(read(TEXT_FILES.harfbuzz));
    layOut = (font, text, options) => {
      const data = font === 'bold' ? fonts.bold : fonts.regular;
      using layout = engine.createLayout([
        { name: font, data },
        { name: 'Boxes', data: fonts.boxes },
      ]);
      return layout.layOut(text, options);
    };
    const files = new Map<string, Uint8Array>([
      ['/harfbuzz', read(TEXT_FILES.harfbuzz)],
      ...Object.entries(fonts).map(([name, data]) => [`/${name}`, data] as const),
    ]);
    opened = await openSourcePage({ html: PAGE, files, ready: 'draw' });
    page = opened.page;
  });

  afterAll(() => opened?.close());

  it.each([
    ['regular', 'Žluťoučký kůň — AV To office, Đặng', { sizePx: 37.3, maxWidthPx: 300, align: 'center' }],
    ['bold', 'Ξεσκεπάζω την ψυχοφθόρα\nСъешь ещё этих мягких булок', { sizePx: 24, maxWidthPx: 260, align: 'end' }],
    ['regular', 'The quick brown fox jumps over the lazy dog', { sizePx: 8, maxWidthPx: 100, maxLines: 2 }],
    ['bold', 'Ág&', { sizePx: 400, maxWidthPx: 1000 }],
    ['regular', 'Focal אבג 12 דהו, 東京都東京', { sizePx: 30, maxWidthPx: 150 }],
  ])('give the same outlines and the same bytes of %s: %s', async (font, text, options) => {
    const block = layOut(font, text, options);
    const size = { width: Math.ceil(block.width) + 9, height: Math.ceil(block.height) + 9, x: 4.25, y: 4.5 };
    const matte = runPlan(planFillOutline(block.outline, size));
    expect(matte.data.some((value) => value > 127)).toBe(true);
    const there = await page.evaluate<{ lines: string; outline: string; matte: string }>(
      `draw(${[font, text, options, size].map((it) => JSON.stringify(it)).join(', ')})`,
    );
    expect(there.lines).toBe(JSON.stringify(block.lines));
    expect(there.outline).toBe(sha256(block.outline.points));
    expect(there.matte).toBe(sha256(matte.data as Uint8Array));
  });
});
