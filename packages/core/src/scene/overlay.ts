import { createPicture, type Picture } from '../picture/picture.ts';
import { resizeMatte } from '../picture/resize.ts';
import { type Box, clampBox, type Point } from './geometry.ts';
import { GLYPH_HEIGHT, GLYPH_WIDTH, isGlyphSet } from './glyphs.ts';
import type { DetectedObject, RegionMatte, Scene, Subject } from './scene.ts';

type Rgb = readonly [red: number, green: number, blue: number];

/** Far from each other in hue, and all light enough for black letters. */
const COLOURS: readonly Rgb[] = [
  [255, 159, 10],
  [64, 200, 255],
  [94, 222, 128],
  [255, 122, 180],
  [255, 214, 10],
  [172, 142, 255],
  [99, 230, 226],
  [255, 129, 112],
  [196, 226, 84],
  [226, 172, 255],
];
const FACE_COLOUR: Rgb = [255, 255, 255];
const BLACK: Rgb = [0, 0, 0];
/** How much of a subject's colour lies over it. */
const TINT = 0.38;

/**
 * The picture with what the scene holds drawn onto it: mattes in colours, boxes with labels and scores, faces with
 * their points. Opaque where something is drawn. The scene must be of this picture.
 */
export function drawOverlay(picture: Picture, scene: Scene): Picture {
  const { width, height, colorSpace } = picture;
  const out = createPicture(width, height, { data: Uint8Array.from(picture.data), colorSpace });
  const stroke = Math.max(1, Math.round(Math.max(width, height) / 600));
  const canvas = createCanvas(out, stroke);
  const subjects = scene.subjects?.subjects ?? [];
  const labelled: readonly (Subject | DetectedObject)[] = scene.subjects?.subjects ?? scene.objects?.objects ?? [];
  for (const [i, subject] of subjects.entries()) canvas.tint(subject.matte, colourOf(i));
  for (const [i, each] of labelled.entries()) canvas.frame(each.box, colourOf(i));
  for (const face of scene.faces?.faces ?? []) {
    canvas.frame(face.box, FACE_COLOUR);
    for (const point of Object.values(face.points)) canvas.dot(point, FACE_COLOUR);
  }
  if (scene.saliency !== undefined) {
    canvas.dot(scene.saliency.focalPoint, BLACK, 4);
    canvas.dot(scene.saliency.focalPoint, FACE_COLOUR, 3);
  }
  for (const [i, each] of labelled.entries()) {
    const name = 'id' in each ? each.id : each.label;
    canvas.label(each.box, `${name} ${Math.round(each.score * 100)}%`, colourOf(i));
  }
  for (const face of scene.faces?.faces ?? []) {
    const smile = face.expression === undefined ? '' : ` smile ${Math.round(face.expression.smile * 100)}%`;
    canvas.label(face.box, `${face.id}${smile}`, FACE_COLOUR);
  }
  return out;
}

function colourOf(index: number): Rgb {
  return COLOURS[index % COLOURS.length] ?? FACE_COLOUR;
}

/** Draws onto the picture itself. */
function createCanvas({ width, height, data }: Picture, stroke: number) {
  function blend(x: number, y: number, [red, green, blue]: Rgb, share: number): void {
    const at = (y * width + x) * 4;
    // Onto clear pixels, what is drawn counts alone.
    const under = ((data[at + 3] as number) / 255) * (1 - share);
    const alpha = share + under;
    if (alpha === 0) return;
    data[at] = (red * share + (data[at] as number) * under) / alpha + 0.5;
    data[at + 1] = (green * share + (data[at + 1] as number) * under) / alpha + 0.5;
    data[at + 2] = (blue * share + (data[at + 2] as number) * under) / alpha + 0.5;
    data[at + 3] = alpha * 255 + 0.5;
  }

  /** A rectangle in whole pixels, cut to the picture. */
  function fill(left: number, top: number, right: number, bottom: number, colour: Rgb, share = 1): void {
    for (let y = Math.max(0, top); y < Math.min(height, bottom); y++) {
      for (let x = Math.max(0, left); x < Math.min(width, right); x++) blend(x, y, colour, share);
    }
  }

  function toPixels(box: Box): readonly [left: number, top: number, right: number, bottom: number] {
    const inside = clampBox(box);
    const left = Math.round(inside.x * width);
    const top = Math.round(inside.y * height);
    return [left, top, Math.round((inside.x + inside.width) * width), Math.round((inside.y + inside.height) * height)];
  }

  return {
    /** The colour over what the matte holds, and a line where it ends. */
    tint({ box, matte }: RegionMatte, colour: Rgb): void {
      const [left, top, right, bottom] = toPixels(box);
      if (right <= left || bottom <= top) return;
      const full = resizeMatte(matte, right - left, bottom - top);
      const isIn = (x: number, y: number): boolean =>
        x >= 0 && y >= 0 && x < full.width && y < full.height && (full.data[y * full.width + x] as number) >= 128;
      for (let y = 0; y < full.height; y++) {
        for (let x = 0; x < full.width; x++) {
          const alpha = (full.data[y * full.width + x] as number) / 255;
          if (alpha === 0) continue;
          const isEdge =
            isIn(x, y) && !(isIn(x - stroke, y) && isIn(x + stroke, y) && isIn(x, y - stroke) && isIn(x, y + stroke));
          blend(left + x, top + y, colour, isEdge ? 0.9 : alpha * TINT);
        }
      }
    },
    frame(box: Box, colour: Rgb): void {
      const [left, top, right, bottom] = toPixels(box);
      fill(left, top, right, top + stroke, colour);
      fill(left, bottom - stroke, right, bottom, colour);
      fill(left, top + stroke, left + stroke, bottom - stroke, colour);
      fill(right - stroke, top + stroke, right, bottom - stroke, colour);
    },
    dot({ x, y }: Point, colour: Rgb, size = 1.5): void {
      const radius = Math.max(1, stroke * size);
      const [cx, cy] = [x * width, y * height];
      for (let py = Math.floor(cy - radius); py <= cy + radius; py++) {
        for (let px = Math.floor(cx - radius); px <= cx + radius; px++) {
          if (px < 0 || py < 0 || px >= width || py >= height) continue;
          if ((px + 0.5 - cx) ** 2 + (py + 0.5 - cy) ** 2 <= radius ** 2) blend(px, py, colour, 1);
        }
      }
    },
    /** Black letters on the colour, over the box's upper left corner; inside the box where there is no room above. */
    label(box: Box, text: string, colour: Rgb): void {
      const scale = Math.max(1, Math.round(Math.max(width, height) / 700));
      const lineHeight = (GLYPH_HEIGHT + 4) * scale;
      const [boxLeft, boxTop] = toPixels(box);
      const textWidth = (text.length * (GLYPH_WIDTH + 1) + 3) * scale;
      const left = Math.max(0, Math.min(boxLeft, width - textWidth));
      const top = boxTop >= lineHeight ? boxTop - lineHeight : boxTop;
      fill(left, top, left + textWidth, top + lineHeight, colour);
      for (const [i, character] of Array.from(text).entries()) {
        for (let row = 0; row < GLYPH_HEIGHT; row++) {
          for (let column = 0; column < GLYPH_WIDTH; column++) {
            if (!isGlyphSet(character, column, row)) continue;
            const x = left + (2 + i * (GLYPH_WIDTH + 1) + column) * scale;
            const y = top + (2 + row) * scale;
            fill(x, y, x + scale, y + scale, BLACK);
          }
        }
      }
    },
  };
}
