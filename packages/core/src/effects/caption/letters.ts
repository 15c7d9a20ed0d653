import type { Pass, Plan } from '../../async/plan.ts';
import { NO_DISTANCE, squaredDistances } from '../../filters/distance.ts';
import { triangleBlur } from '../../filters/triangle.ts';
import { createMatte, type Matte } from '../../picture/matte.ts';
import { type Allocate, uncleared } from '../../picture/picture.ts';
import { planFillOutline } from '../../text/raster.ts';
import type { TextBlock } from '../../text/text-layout.ts';

/** What is drawn around letters, so that they can be read on anything. */
export type Halo = 'none' | 'outline' | 'shadow';

/** Letters and what is around them, in mattes of one size. */
export interface Letters {
  readonly letters: Matte;
  readonly halo: Matte | undefined;
  /** Room around the block in the mattes, px. */
  readonly pad: number;
}

/** Width of an outline, and half-width of a shadow's blur, as shares of the font's size. */
const OUTLINE = 0.07;
const SHADOW = 0.2;
const HALF = 128;

/** The block's letters as coverage, with room around them for the halo. */
export function planLetters(block: TextBlock, sizePx: number, halo: Halo, allocate: Allocate): Plan<Letters> {
  const pad = Math.ceil(sizePx * 0.6) + 2;
  const width = Math.max(1, Math.ceil(block.width)) + 2 * pad;
  const height = Math.max(1, Math.ceil(block.height)) + 2 * pad;
  const filled = planFillOutline(block.outline, { width, height, x: pad, y: pad, allocate });
  const letters = filled.result;
  if (halo === 'none') return { passes: filled.passes, result: { letters, halo: undefined, pad } };
  const around = createMatte(width, height, { allocate: uncleared(allocate) });
  const passes =
    halo === 'outline' ? planOutline(letters, sizePx, around) : planShadow(letters, sizePx, around, allocate);
  return { passes: [...filled.passes, ...passes], result: { letters, halo: around, pad } };
}

function planOutline(letters: Matte, sizePx: number, result: Matte): readonly Pass[] {
  return [{ name: 'halo', rows: 1, run: () => drawOutline(letters, sizePx, result) }];
}

function drawOutline(letters: Matte, sizePx: number, result: Matte): void {
  const { width, height, data } = letters;
  const mask = Uint8Array.from(data, (value) => (value >= HALF ? 1 : 0));
  const squared = squaredDistances(mask, width, height);
  const reach = Math.max(1, sizePx * OUTLINE);
  for (let i = 0; i < data.length; i++) {
    const far = squared[i] as number;
    const share = far === NO_DISTANCE ? 0 : Math.min(1, Math.max(0, reach + 0.5 - Math.sqrt(far)));
    result.data[i] = Math.max(data[i] as number, Math.round(255 * share));
  }
}

/** Nearly a bell; what is thin is made to be seen. */
function planShadow(letters: Matte, sizePx: number, result: Matte, allocate: Allocate): readonly Pass[] {
  const { width, height } = letters;
  const scratch = createMatte(width, height, { allocate: uncleared(allocate) });
  const strengthen: Pass = {
    name: 'halo',
    rows: height,
    run(from, to) {
      const { data } = result;
      for (let i = from * width; i < to * width; i++) data[i] = Math.min(255, Math.round((data[i] as number) * 1.6));
    },
  };
  return [...triangleBlur({ source: letters, scratch, result }, Math.max(2, sizePx * SHADOW)), strengthen];
}
