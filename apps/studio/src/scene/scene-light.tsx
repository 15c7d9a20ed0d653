import type { Box, RegionMatte } from '@focal/core';
import { type CSSProperties, useLayoutEffect, useRef } from 'react';
import { useStudio } from '../ui/context.tsx';

/** What the pointer is on in the list, lit up in the photo: everything else falls dark. Lies over the photo's frame. */
export function SceneLight() {
  const litId = useStudio((state) => state.litId);
  const scene = useStudio((state) => (state.scene.phase === 'ready' ? state.scene.scene : undefined));
  const pick = useStudio((state) => state.picks.find(({ id }) => id === litId)?.pick);
  if (litId === undefined) return null;
  const subject = pick ?? scene?.subjects?.subjects.find(({ id }) => id === litId);
  const face = scene?.faces?.faces.find(({ id }) => id === litId);
  const place = scene?.possibleFaces?.places.find(({ id }) => id === litId);
  const box = subject?.box ?? face?.box ?? place?.box;
  if (box === undefined) return null;
  return (
    <div className="scene-light" data-lit={litId}>
      {subject !== undefined && <MatteLight region={subject.matte} />}
      {subject === undefined && <div className="scene-shade" style={{ clipPath: holeOf(box) }} />}
      <div className="scene-frame" style={toStyle(box)} />
    </div>
  );
}

/** A veil over the whole photo with the matte cut out. */
function MatteLight({ region }: { readonly region: RegionMatte }) {
  const ref = useRef<HTMLCanvasElement>(null);
  const { box, matte } = region;
  useLayoutEffect(() => {
    const context = ref.current?.getContext('2d');
    if (context === null || context === undefined) return;
    const image = new ImageData(matte.width, matte.height);
    for (let i = 0; i < matte.data.length; i++) image.data[i * 4 + 3] = 255 - (matte.data[i] as number);
    context.putImageData(image, 0, 0);
  }, [matte]);
  return (
    <>
      <canvas ref={ref} className="scene-shade" width={matte.width} height={matte.height} style={toStyle(box)} />
      <div className="scene-shade" style={{ clipPath: holeOf(box) }} />
    </>
  );
}

function toStyle({ x, y, width, height }: Box): CSSProperties {
  return { left: `${x * 100}%`, top: `${y * 100}%`, width: `${width * 100}%`, height: `${height * 100}%` };
}

/** All of the frame but the box. */
function holeOf({ x, y, width, height }: Box): string {
  const [left, top, right, bottom] = [x, y, x + width, y + height].map((value) => `${value * 100}%`);
  return `polygon(evenodd, 0 0, 100% 0, 100% 100%, 0 100%, 0 0, ${left} ${top}, ${right} ${top}, ${right} ${bottom}, ${left} ${bottom}, ${left} ${top})`;
}
