import type { PaletteName } from '../palettes.ts';
import { confetti } from './confetti.ts';
import { lights } from './lights.ts';
import { mesh } from './mesh.ts';
import { paper } from './paper.ts';
import type { Pattern } from './pattern.ts';
import { rainbow } from './rainbow.ts';
import { snow } from './snow.ts';
import { waves } from './waves.ts';

/**
 * Every pattern there is, with the palette that suits it best and the cells along the longer side that it needs. A new one is its own file and one line here.
 */
export const patterns = {
  lights: { draw: lights, palette: 'night', cells: 1280 },
  mesh: { draw: mesh, palette: 'sunset', cells: 320 },
  waves: { draw: waves, palette: 'ocean', cells: 1600 },
  paper: { draw: paper, palette: 'earth', cells: 1600 },
  snow: { draw: snow, palette: 'winter', cells: 1600 },
  confetti: { draw: confetti, palette: 'party', cells: 1600 },
  rainbow: { draw: rainbow, palette: 'rainbow', cells: 800 },
} as const satisfies Readonly<
  Record<string, { readonly draw: Pattern; readonly palette: PaletteName; readonly cells: number }>
>;

export type PatternName = keyof typeof patterns;

export const PATTERN_NAMES = Object.keys(patterns) as [PatternName, ...PatternName[]];
