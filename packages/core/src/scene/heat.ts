import type { Matte } from '../picture/matte.ts';
import { createPicture, type Picture } from '../picture/picture.ts';
import { resizeMatte } from '../picture/resize.ts';
import type { SaliencyFact } from './scene.ts';

type Rgb = readonly [red: number, green: number, blue: number];

/** From no evidence to the strongest: light grows all the way, so that it is read without colours too. */
const HEAT: readonly Rgb[] = [
  [20, 11, 52],
  [104, 24, 110],
  [186, 54, 85],
  [241, 112, 32],
  [250, 193, 39],
  [252, 255, 200],
];
/** How much of the photo is left where there is no evidence, and how much the strongest heat covers. */
const LEAST_COVER = 0.45;
const MOST_COVER = 0.8;

/** The evidence in the photo's size: 0..255, the strongest at about 255. */
export function toFullMap({ map }: SaliencyFact, width: number, height: number): Matte {
  return resizeMatte(map, width, height);
}

/**
 * The picture in grey with the evidence over it as heat, from violet by orange to a light yellow. Alpha is kept. The
 * fact must be of this picture.
 */
export function drawHeat(picture: Picture, fact: SaliencyFact): Picture {
  const { width, height, colorSpace, data } = picture;
  const out = createPicture(width, height, { colorSpace });
  const evidence = toFullMap(fact, width, height).data;
  const colours = createHeatTable();
  for (let i = 0; i < evidence.length; i++) {
    const at = i * 4;
    const heat = evidence[i] as number;
    const share = LEAST_COVER + ((MOST_COVER - LEAST_COVER) * heat) / 255;
    const grey = 0.2126 * (data[at] as number) + 0.7152 * (data[at + 1] as number) + 0.0722 * (data[at + 2] as number);
    for (let channel = 0; channel < 3; channel++) {
      out.data[at + channel] = grey * (1 - share) + (colours[heat * 3 + channel] as number) * share + 0.5;
    }
    out.data[at + 3] = data[at + 3] as number;
  }
  return out;
}

/** 256 colours, three bytes each. */
function createHeatTable(): Uint8Array {
  const table = new Uint8Array(256 * 3);
  for (let heat = 0; heat < 256; heat++) {
    const place = (heat / 255) * (HEAT.length - 1);
    const index = Math.min(HEAT.length - 2, Math.floor(place));
    const [from, to] = [HEAT[index] as Rgb, HEAT[index + 1] as Rgb];
    for (let channel = 0; channel < 3; channel++) {
      const start = from[channel] as number;
      table[heat * 3 + channel] = start + ((to[channel] as number) - start) * (place - index) + 0.5;
    }
  }
  return table;
}
