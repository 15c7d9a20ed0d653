import { useEffect, useRef, useState } from 'react';
import { type MapSize, type MapView, worldPx } from './mercator.ts';
import { type Outlines, readOutlines, WORLD_UNITS } from './outlines.ts';

/** Coasts and borders below the photos; drawn here, nothing is asked of anybody else. */
export function MapCanvas({
  view,
  size,
  theme,
}: {
  readonly view: MapView;
  readonly size: MapSize;
  readonly theme: string;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [outlines, setOutlines] = useState<Outlines | undefined>(undefined);
  const [isDark, setDark] = useState(() => matchMedia('(prefers-color-scheme: dark)').matches);
  useEffect(() => {
    let isThere = true;
    // Without outlines photos still stand where they were taken.
    void readOutlines().then(
      (read) => isThere && setOutlines(read),
      () => undefined,
    );
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    const onScheme = () => setDark(scheme.matches);
    scheme.addEventListener('change', onScheme);
    return () => {
      isThere = false;
      scheme.removeEventListener('change', onScheme);
    };
  }, []);
  useEffect(() => {
    const target = canvas.current;
    if (target === null || outlines === undefined) return undefined;
    const frame = requestAnimationFrame(() => draw(target, outlines, view, size));
    return () => cancelAnimationFrame(frame);
    // Colours come with the theme.
  }, [outlines, view, size, theme, isDark]);
  return <canvas ref={canvas} className="map-canvas" aria-hidden="true" />;
}

function draw(canvas: HTMLCanvasElement, { land, borders }: Outlines, view: MapView, size: MapSize): void {
  const ratio = globalThis.devicePixelRatio;
  const [width, height] = [Math.round(size.width * ratio), Math.round(size.height * ratio)];
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const context = canvas.getContext('2d');
  if (context === null) return;
  const style = getComputedStyle(canvas);
  const colorOf = (name: string): string => style.getPropertyValue(name).trim();
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.fillStyle = colorOf('--map-sea');
  context.fillRect(0, 0, width, height);
  const px = worldPx(view.zoom) * ratio;
  const scale = px / WORLD_UNITS;
  const half = width / 2 / px;
  // The earth goes on at the date line, and some of its land lies across it.
  for (let copy = Math.floor(view.x - half) - 1; copy <= Math.floor(view.x + half) + 1; copy++) {
    context.setTransform(scale, 0, 0, scale, width / 2 + (copy - view.x) * px, height / 2 - view.y * px);
    context.fillStyle = colorOf('--map-land');
    context.fill(land, 'evenodd');
    context.lineJoin = 'round';
    context.lineWidth = ratio / scale;
    context.strokeStyle = colorOf('--map-coast');
    context.stroke(land);
    context.strokeStyle = colorOf('--map-border');
    context.stroke(borders);
  }
}
