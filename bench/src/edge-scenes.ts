import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { createRandom, gaussian } from './random.ts';

/** A composite of which everything is known. */
export interface EdgeScene {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** RGBA, opaque: `alpha * foreground + (1 - alpha) * background`, rounded. */
  readonly picture: Uint8Array;
  /** Exact alpha, one byte a pixel. */
  readonly alpha: Uint8Array;
  /** RGB, right wherever alpha is above 0. */
  readonly foreground: Uint8Array;
  /** Of the picture's bytes. */
  readonly sha256: string;
}

interface Canvas {
  readonly width: number;
  readonly height: number;
  /** Premultiplied RGB 0..255 and alpha 0..1. */
  readonly color: Float32Array;
  readonly alpha: Float32Array;
}

// Base colours of hair and fur: dark to light, and two that are often close to their surroundings.
const HAIR = [
  [38, 28, 24],
  [92, 62, 40],
  [158, 116, 70],
  [214, 186, 140],
  [142, 62, 34],
  [128, 126, 124],
] as const;

/**
 * Scene `index` of the bench: a body with a soft border, textured by one photo, and some hundred strands of 0.5 to 3 px
 * before another photo as background. Seeded: the same for everyone.
 */
export async function drawEdgeScene(samples: readonly string[], index: number): Promise<EdgeScene> {
  const width = 4000;
  const height = 3000;
  const random = createRandom(7100 + index);
  const background = await cropPhoto(samples[index % 6] as string, width, height, random);
  const texture = await cropPhoto(samples[(index + 1 + Math.floor(index / 6)) % 6] as string, width, height, random);
  addGrain(background, 2, random);
  addGrain(texture, 2, random);
  const canvas: Canvas = {
    width,
    height,
    color: new Float32Array(width * height * 3),
    alpha: new Float32Array(width * height),
  };
  const body = {
    x: width * (0.4 + 0.2 * random()),
    y: height * (0.5 + 0.1 * random()),
    radiusX: 620 + 260 * random(),
    radiusY: 620 + 260 * random(),
    softPx: 1 + 24 * random() ** 2,
  };
  drawBody(canvas, body, texture);
  const base = HAIR[index % HAIR.length] as readonly [number, number, number];
  for (let strand = 0; strand < 700; strand++) drawStrand(canvas, body, base, random);
  return composite(`scene ${index + 1}`, canvas, background);
}

interface Body {
  readonly x: number;
  readonly y: number;
  readonly radiusX: number;
  readonly radiusY: number;
  readonly softPx: number;
}

/** An ellipse; alpha falls linearly over `softPx` across its border. */
function drawBody(canvas: Canvas, body: Body, texture: Uint8Array): void {
  const { width, height, color, alpha } = canvas;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const nx = (x - body.x) / body.radiusX;
      const ny = (y - body.y) / body.radiusY;
      const reach = Math.hypot(nx, ny);
      if (reach > 1.2) continue;
      // First-order distance to the ellipse.
      const slope = Math.hypot(nx / body.radiusX, ny / body.radiusY) || 1;
      const distance = ((1 - reach) * reach) / slope;
      const share = Math.min(1, Math.max(0, 0.5 + (reach < 0.5 ? body.softPx : distance) / body.softPx));
      const i = y * width + x;
      alpha[i] = share;
      for (let c = 0; c < 3; c++) color[i * 3 + c] = (texture[i * 3 + c] as number) * share;
    }
  }
}

/** A curved hair from inside the body outwards, 0.5 to 3 px wide, thinning out, its colour drifting along it. */
function drawStrand(canvas: Canvas, body: Body, base: readonly [number, number, number], random: () => number): void {
  const angle = random() * Math.PI * 2;
  const length = 80 + 420 * random();
  const start = [
    body.x + Math.cos(angle) * body.radiusX * 0.97,
    body.y + Math.sin(angle) * body.radiusY * 0.97,
  ] as const;
  const lean = angle + (random() - 0.5) * 1.6;
  const bend = (random() - 0.5) * 2.4;
  const widthPx = 0.5 + 2.5 * random();
  const light = 0.7 + 0.6 * random();
  const drift = 0.8 + 0.5 * random();
  const steps = Math.ceil(length * 1.5);
  // Drawn into a patch of its own first (greatest coverage wins), so that a strand does not cover itself twice.
  const patch = new Map<number, number>();
  let x = start[0];
  let y = start[1];
  for (let step = 0; step < steps; step++) {
    const along = step / steps;
    const heading = lean + bend * along;
    x += (Math.cos(heading) * length) / steps;
    y += (Math.sin(heading) * length) / steps;
    stamp(canvas, patch, x, y, heading, widthPx * (1 - 0.6 * along));
  }
  for (const [i, coverage] of patch) {
    const px = i % canvas.width;
    const py = Math.floor(i / canvas.width);
    const along = Math.min(1, Math.hypot(px - start[0], py - start[1]) / length);
    const tone = light * (1 + (drift - 1) * along);
    const rest = 1 - coverage;
    for (let c = 0; c < 3; c++) {
      const value = Math.min(255, (base[c] as number) * tone);
      canvas.color[i * 3 + c] = (canvas.color[i * 3 + c] as number) * rest + value * coverage;
    }
    canvas.alpha[i] = (canvas.alpha[i] as number) * rest + coverage;
  }
}

/** Coverage of a short piece of line around a point: exact across the line to first order, for any width. */
function stamp(
  canvas: Canvas,
  patch: Map<number, number>,
  x: number,
  y: number,
  heading: number,
  widthPx: number,
): void {
  const nx = -Math.sin(heading);
  const ny = Math.cos(heading);
  const reach = Math.ceil(widthPx / 2 + 1);
  for (let py = Math.floor(y) - reach; py <= Math.floor(y) + reach; py++) {
    for (let px = Math.floor(x) - reach; px <= Math.floor(x) + reach; px++) {
      if (px < 0 || py < 0 || px >= canvas.width || py >= canvas.height) continue;
      const dx = px + 0.5 - x;
      const dy = py + 0.5 - y;
      if (Math.abs(dx * ny - dy * nx) > 0.75) continue;
      const across = Math.abs(dx * nx + dy * ny);
      const coverage = Math.max(0, Math.min(1, widthPx, widthPx / 2 + 0.5 - across));
      if (coverage <= 0) continue;
      const i = py * canvas.width + px;
      if (coverage > (patch.get(i) ?? 0)) patch.set(i, coverage);
    }
  }
}

function composite(name: string, canvas: Canvas, background: Uint8Array): EdgeScene {
  const { width, height } = canvas;
  const picture = new Uint8Array(width * height * 4).fill(255);
  const alpha = new Uint8Array(width * height);
  const foreground = new Uint8Array(width * height * 3);
  for (let i = 0; i < alpha.length; i++) {
    const share = canvas.alpha[i] as number;
    const byte = Math.round(share * 255);
    alpha[i] = byte;
    for (let c = 0; c < 3; c++) {
      const own = share > 0 ? Math.round((canvas.color[i * 3 + c] as number) / share) : 0;
      foreground[i * 3 + c] = own;
      picture[i * 4 + c] = Math.round((own * byte + (background[i * 3 + c] as number) * (255 - byte)) / 255);
    }
  }
  const sha256 = createHash('sha256').update(picture).digest('hex');
  return { name, width, height, picture, alpha, foreground, sha256 };
}

async function cropPhoto(path: string, width: number, height: number, random: () => number): Promise<Uint8Array> {
  const size = await sharp(path).metadata();
  const share = 0.75 + 0.25 * random();
  const cropWidth = Math.floor(Math.min(size.width, (size.height * 4) / 3) * share);
  const cropHeight = Math.floor((cropWidth * 3) / 4);
  return sharp(path)
    .extract({
      left: Math.floor(random() * (size.width - cropWidth)),
      top: Math.floor(random() * (size.height - cropHeight)),
      width: cropWidth,
      height: cropHeight,
    })
    .resize(width, height, { fit: 'fill', kernel: 'lanczos3' })
    .removeAlpha()
    .raw()
    .toBuffer();
}

function addGrain(samples: Uint8Array, sigma: number, random: () => number): void {
  for (let i = 0; i < samples.length; i++) {
    const value = Math.round((samples[i] as number) + sigma * gaussian(random));
    samples[i] = value < 0 ? 0 : value > 255 ? 255 : value;
  }
}
