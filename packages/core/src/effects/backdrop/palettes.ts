/** Colours that go together, dark to light or around the circle, by the mood they make. sRGB. */
export const palettes = {
  sunset: ['#3a1c5a', '#b83a6b', '#ff8a5c', '#ffd99a'],
  ocean: ['#0b2545', '#13698f', '#4cb8c4', '#d8f3f0'],
  forest: ['#12261c', '#2f5d3a', '#7fa650', '#e6efc2'],
  calm: ['#3f6b7a', '#7aa9ad', '#b9d5cf', '#eef3ea'],
  pastel: ['#f3c6d3', '#c9d8ff', '#cdeedd', '#fff1c4'],
  party: ['#3b1b6d', '#ff3d81', '#ffc53d', '#2ad4d4'],
  night: ['#080c1f', '#1d2a5c', '#7a6be0', '#ffc966'],
  winter: ['#6f9cc7', '#a9cbe6', '#dcebf7', '#ffffff'],
  gold: ['#2a1608', '#7a4315', '#e0993f', '#ffe8b8'],
  earth: ['#8a6a4d', '#c2a27e', '#e2d0b5', '#f6eee1'],
  rainbow: ['#e9435a', '#ff9a4d', '#ffe066', '#5fc98b', '#4f9fe6', '#8d62d9'],
  mono: ['#2b2d31', '#6d7178', '#b4b8be', '#f2f3f5'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type PaletteName = keyof typeof palettes;

export const PALETTE_NAMES = Object.keys(palettes) as [PaletteName, ...PaletteName[]];
