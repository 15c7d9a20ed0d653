import { DEMO_SIZE } from './demo-scene.ts';

type Context = OffscreenCanvasRenderingContext2D;

const { width: WIDTH, height: HEIGHT } = DEMO_SIZE;
const HORIZON = 400;
const KERB = 520;

/** A park at dusk: sky, hills, houses with lit windows, trees, a road, grass, and a string of lamps. */
export function drawBackdrop(context: Context): void {
  drawSky(context);
  drawHills(context);
  drawHouses(context);
  drawTrees(context);
  drawGround(context);
  drawLamps(context);
}

function drawSky(context: Context): void {
  const sky = context.createLinearGradient(0, 0, 0, HORIZON);
  for (const [at, color] of [
    [0, '#27406b'],
    [0.5, '#7a7fa6'],
    [0.8, '#eeb48a'],
    [1, '#f8d9a6'],
  ] as const) {
    sky.addColorStop(at, color);
  }
  context.fillStyle = sky;
  context.fillRect(0, 0, WIDTH, HORIZON + 10);
  for (let i = 0; i < 9; i++) {
    const [x, y, size] = [random(i, 1) * WIDTH, 40 + random(i, 2) * 230, 50 + random(i, 3) * 120];
    context.fillStyle = `rgb(255 226 200 / ${0.1 + random(i, 4) * 0.16})`;
    for (let k = 0; k < 5; k++) disc(context, x + (k - 2) * size * 0.5, y + random(i, 10 + k) * 12, size * 0.34, 0.42);
  }
}

function drawHills(context: Context): void {
  for (const [base, height, color, seed] of [
    [HORIZON - 10, 84, '#6f7392', 3],
    [HORIZON + 6, 48, '#51607a', 8],
  ] as const) {
    context.fillStyle = color;
    context.beginPath();
    context.moveTo(0, HORIZON + 20);
    for (let x = 0; x <= WIDTH; x += 8) {
      const wave = Math.sin(x / (130 + seed * 12) + seed) + 0.5 * Math.sin(x / (57 + seed * 3) + seed * 2);
      context.lineTo(x, base - height * (0.55 + 0.3 * wave));
    }
    context.lineTo(WIDTH, HORIZON + 20);
    context.fill();
  }
}

function drawHouses(context: Context): void {
  const walls = ['#8a5a4a', '#a3785a', '#6c5667', '#927f6a', '#5d6478', '#a0695b'];
  for (let i = 0, x = -20; x < WIDTH; i++) {
    const width = 70 + random(i, 21) * 70;
    const height = 62 + random(i, 22) * 84;
    const top = HORIZON + 22 - height;
    context.fillStyle = walls[i % walls.length] as string;
    context.fillRect(x, top, width, height);
    context.fillStyle = '#3c3442';
    context.beginPath();
    context.moveTo(x - 6, top);
    context.lineTo(x + width / 2, top - 30);
    context.lineTo(x + width + 6, top);
    context.fill();
    for (let row = 0; row < Math.floor(height / 30); row++) {
      for (let column = 0; column < Math.floor(width / 26); column++) {
        const isLit = random(i * 31 + row, 40 + column) > 0.42;
        context.fillStyle = isLit ? '#ffd98c' : '#39384a';
        context.fillRect(x + 9 + column * 26, top + 9 + row * 30, 11, 15);
      }
    }
    x += width + 4 + random(i, 23) * 24;
  }
}

function drawTrees(context: Context): void {
  for (let i = 0; i < 11; i++) {
    const x = 20 + i * 124 + random(i, 51) * 70;
    const size = 34 + random(i, 52) * 26;
    context.fillStyle = '#3d2f2b';
    context.fillRect(x - 5, HORIZON - 10, 10, 56);
    for (let k = 0; k < 26; k++) {
      const [dx, dy] = [random(i * 40 + k, 53) - 0.5, random(i * 40 + k, 54) - 0.5];
      const light = 26 + 26 * (0.5 - dy) + random(k, 55) * 10;
      context.fillStyle = `hsl(${92 + random(i, 56) * 46} 32% ${light * 0.8}%)`;
      disc(context, x + dx * size * 1.9, HORIZON - 36 + dy * size * 1.7, size * 0.36);
    }
  }
}

function drawGround(context: Context): void {
  context.fillStyle = '#50683f';
  context.fillRect(0, HORIZON + 20, WIDTH, 60);
  context.fillStyle = '#55565f';
  context.fillRect(0, HORIZON + 66, WIDTH, KERB - HORIZON - 66);
  context.fillStyle = '#d8d2c0';
  for (let x = 20; x < WIDTH; x += 110) context.fillRect(x, HORIZON + 91, 56, 5);
  context.fillStyle = '#b3aa9c';
  context.fillRect(0, KERB, WIDTH, 12);
  const grass = context.createLinearGradient(0, KERB, 0, HEIGHT);
  grass.addColorStop(0, '#6f8a45');
  grass.addColorStop(1, '#466233');
  context.fillStyle = grass;
  context.fillRect(0, KERB + 12, WIDTH, HEIGHT - KERB);
  for (let i = 0; i < 1500; i++) {
    const near = random(i, 61) ** 1.4;
    const [x, y] = [random(i, 62) * WIDTH, KERB + 14 + near * (HEIGHT - KERB)];
    context.strokeStyle = `hsl(${76 + random(i, 63) * 40} 44% ${24 + random(i, 64) * 30}%)`;
    context.lineWidth = 1 + near * 2.2;
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(x + (random(i, 65) - 0.5) * 10, y - 5 - near * 17);
    context.stroke();
  }
  for (let i = 0; i < 130; i++) {
    const near = random(i, 71);
    context.fillStyle = ['#f6f1e4', '#f4cf57', '#df7f9d', '#b9a6ea'][i % 4] as string;
    disc(context, random(i, 72) * WIDTH, KERB + 18 + near * (HEIGHT - KERB - 20), 1.6 + near * 3.4);
  }
}

function drawLamps(context: Context): void {
  context.strokeStyle = '#2b2b35';
  context.lineWidth = 2;
  context.beginPath();
  for (let x = 0; x <= WIDTH; x += 8) context.lineTo(x, lampHeight(x));
  context.stroke();
  for (let x = 24, i = 0; x < WIDTH; x += 58, i++) {
    context.fillStyle = ['#fff1bd', '#ffc46b', '#ff9f7a', '#fff1bd', '#a8e6d9'][i % 5] as string;
    disc(context, x, lampHeight(x) + 8, 5.5);
  }
}

/** The string of lamps hangs through between three poles. */
function lampHeight(x: number): number {
  const between = (x % 440) / 440;
  return 236 + 150 * between * (1 - between);
}

export function disc(context: Context, x: number, y: number, radius: number, flatness = 1): void {
  context.beginPath();
  context.ellipse(x, y, radius, radius * flatness, 0, 0, 2 * Math.PI);
  context.fill();
}

/** Numbers 0..1 that look like chance, the same each time. */
function random(index: number, seed: number): number {
  let hash = Math.imul(index + 17, 374761393) ^ Math.imul(seed + 5, 668265263);
  hash = Math.imul(hash ^ (hash >>> 13), 1274126177);
  hash = Math.imul(hash ^ (hash >>> 16), 2246822519);
  return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32;
}
