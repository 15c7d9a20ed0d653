import type { Box, FocusDetection } from '@focal/core';

/** The demo's picture is laid out on this grid, whatever size it is drawn at. */
export const DEMO_SIZE = { width: 1280, height: 720 } as const;
export const DEMO_FRAMES_A_SECOND = 30;

/** A figure of the demo at a moment: middle of its feet or basket, and how it stands, on the grid. */
export interface DemoFigure {
  readonly label: 'walker' | 'balloon' | 'van';
  readonly x: number;
  readonly y: number;
  /** 1 to the right, -1 to the left. */
  readonly heading: 1 | -1;
  /** Where it is in its gait, in turns. */
  readonly phase: number;
}

const [WALKER_SECONDS, VAN_SECONDS, BALLOON_SECONDS] = [22, 17, 64];
/** Around each figure's point, on the grid. */
const EXTENTS = {
  walker: { left: 62, right: 62, up: 330, down: 10 },
  balloon: { left: 92, right: 92, up: 262, down: 6 },
  van: { left: 150, right: 150, up: 132, down: 12 },
} as const;

/** Where the demo's figures are, from the one farthest away to the nearest. They go on for ever. */
export function placeFigures(timeMs: number): readonly DemoFigure[] {
  const seconds = timeMs / 1000;
  const drift = toAndFro(seconds / BALLOON_SECONDS + 0.31);
  const walk = toAndFro(seconds / WALKER_SECONDS + 0.14);
  const drive = (seconds / VAN_SECONDS + 0.45) % 1;
  return [
    {
      label: 'balloon',
      x: 190 + 900 * drift.share,
      y: 330 + 22 * Math.sin(seconds * 0.5),
      heading: drift.heading,
      phase: 0,
    },
    { label: 'van', x: -220 + 1720 * drive, y: 506, heading: 1, phase: (seconds * 1.4) % 1 },
    { label: 'walker', x: 230 + 800 * walk.share, y: 668, heading: walk.heading, phase: (seconds * 0.95) % 1 },
  ];
}

/** The figures as a detector would give them, in fractions of the frame; only those that are in sight. */
export function detectFigures(timeMs: number, isMirrored: boolean): readonly FocusDetection[] {
  return placeFigures(timeMs).flatMap(({ label, x, y }) => {
    const { left, right, up, down } = EXTENTS[label];
    const box: Box = {
      x: (x - left) / DEMO_SIZE.width,
      y: (y - up) / DEMO_SIZE.height,
      width: (left + right) / DEMO_SIZE.width,
      height: (up + down) / DEMO_SIZE.height,
    };
    const isInSight = box.x + box.width / 2 > 0 && box.x + box.width / 2 < 1;
    return isInSight ? [{ label, box: isMirrored ? mirrorBox(box) : box }] : [];
  });
}

/** The box in the picture with left and right swapped. */
export function mirrorBox(box: Box): Box {
  return { ...box, x: 1 - box.x - box.width };
}

/** Back and forth between 0 and 1, slowing down at the ends. */
function toAndFro(turns: number): { readonly share: number; readonly heading: 1 | -1 } {
  const turn = turns - Math.floor(turns);
  return { share: (1 - Math.cos(turn * 2 * Math.PI)) / 2, heading: turn < 0.5 ? 1 : -1 };
}
