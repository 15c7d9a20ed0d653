import { type CSSProperties, useLayoutEffect, useRef } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { SelectionCanvas } from '../refine/selection-canvas.tsx';
import { useBrush } from '../refine/use-brush.ts';
import { PickMarks } from '../scene/pick-marks.tsx';
import { SceneLight } from '../scene/scene-light.tsx';
import { usePick } from '../scene/use-pick.ts';
import { isVeiled } from '../state/store.ts';
import type { Rendered } from '../state/types.ts';
import { useStudio, useStudioParts } from '../ui/context.tsx';
import { ChosenFrames } from './chosen-frames.tsx';
import { Divider } from './divider.tsx';
import { ProblemCard, ProgressCard } from './status-cards.tsx';
import { useChoose } from './use-choose.ts';
import { useGestures } from './use-gestures.ts';
import { VeilNote } from './veil.tsx';
import { getShownView } from './view-actions.ts';
import { isOfOtherShape, type Size } from './viewport.ts';
import { ZoomBar } from './zoom-bar.tsx';

/** The canvas: the photo before and after, zoom and pan, the divider, and what is under way. */
export function Stage() {
  const { store } = useStudioParts();
  const ref = useRef<HTMLDivElement>(null);
  const photo = useStudio((state) => state.photo);
  const divider = useStudio((state) => state.divider);
  const isHolding = useStudio((state) => state.isHoldingBefore);
  const original = useStudio((state) => state.original);
  const result = useStudio((state) => state.result);
  const cropped = useStudio((state) => state.croppedOriginal);
  const phase = useStudio((state) => state.phase);
  // What is lit up may lie in what the effect takes away.
  const isLit = useStudio((state) => state.litId !== undefined);
  const stage = useStudio((state) => state.stage);
  const shown = useStudio(useShallow(getShownView));
  const isBusy = useStudio((state) => state.progress !== undefined);
  const isFresh = useStudio((state) => state.isFresh);
  const isForPicks = useStudio((state) => state.photo !== undefined && state.sceneOpenFor === state.photo.id);

  const isChoosing = useStudio((state) => state.isChoosing);
  const isHidden = useStudio(isVeiled) && !isHolding;

  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const measure = () => {
      const { width, height } = element.getBoundingClientRect();
      const before = store.getState().stage;
      if (before.width !== width || before.height !== height) store.setState({ stage: { width, height } });
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [store]);
  const refining = useStudio((state) => state.refining);
  const ring = useRef<HTMLDivElement>(null);
  // Before what moves the photo, which asks whether a pointer paints.
  const isPainting = useBrush(ref, ring);
  const { isPanning } = useGestures(ref, isPainting);
  usePick(ref);
  useChoose(ref);

  if (photo === undefined || shown === undefined) return <div className="stage" ref={ref} />;
  const width = photo.width * shown.scale;
  const height = photo.height * shown.scale;
  const showsResult =
    result !== undefined && !isHolding && !isLit && (refining === undefined || refining.view === 'result');
  const isDivided = divider !== undefined && refining === undefined;
  const cut = divider === undefined ? 0 : ((divider * stage.width - shown.x) / width) * 100;
  // A crop is compared with the same part of the photo, in its place.
  const isCropped = result !== undefined && isOfOtherShape(result, photo);
  const place = result === undefined ? undefined : fitInto(result, photo);
  const inCrop = isCropped && place !== undefined ? ((cut - place.left) / place.width) * 100 : cut;
  const frame: CSSProperties = { width, height, transform: `translate(${shown.x}px, ${shown.y}px)` };
  return (
    <div
      className="stage"
      ref={ref}
      data-panning={isPanning || undefined}
      data-picks={isForPicks || undefined}
      data-choosing={isChoosing || undefined}
      data-refining={refining?.tool}
      // A photo larger than the stage can be moved with the arrow keys.
      tabIndex={0}
      role="group"
      aria-busy={!isFresh}
      aria-label={`Photo ${photo.name}, ${photo.width} by ${photo.height} pixels`}
    >
      <div className="frame" style={frame} data-scan={(phase === 'analysing' && isBusy) || undefined}>
        <PictureCanvas rendered={original} className="before" label="Photo as it was" />
        {place !== undefined && (
          <div
            className="after"
            data-cropped={isCropped || undefined}
            style={{
              visibility: showsResult ? 'visible' : 'hidden',
              clipPath: isDivided && !isCropped ? cutOff(cut) : undefined,
            }}
          >
            {isCropped && isDivided && (
              <div className="after-picture" style={toStyle(place)}>
                <PictureCanvas rendered={cropped} className="before-crop" label="The same part as it was" />
              </div>
            )}
            <div
              className="after-picture"
              style={{ ...toStyle(place), clipPath: isDivided && isCropped ? cutOff(inCrop) : undefined }}
            >
              <PictureCanvas rendered={result} className="result" label="Photo with the effect" />
            </div>
          </div>
        )}
        {isHidden && <div className="veil" />}
        {refining !== undefined && <SelectionCanvas />}
        <SceneLight />
        <ChosenFrames />
        <PickMarks />
      </div>
      {refining !== undefined && <div className="brush-ring" ref={ring} aria-hidden="true" />}
      {divider !== undefined && result !== undefined && refining === undefined && <Divider />}
      {isHolding && <span className="tag left">Before</span>}
      <VeilNote />
      <ZoomBar />
      <ProgressCard />
      <ProblemCard />
    </div>
  );
}

interface Place {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Where the result stands in the photo's frame, in percent: a crop in its middle, in its own shape. */
function fitInto(result: Size, photo: Size): Place {
  if (!isOfOtherShape(result, photo)) return { left: 0, top: 0, width: 100, height: 100 };
  const ratio = (result.width * photo.height) / (result.height * photo.width);
  const [width, height] = ratio >= 1 ? [100, 100 / ratio] : [100 * ratio, 100];
  return { left: (100 - width) / 2, top: (100 - height) / 2, width, height };
}

function toStyle({ left, top, width, height }: Place): CSSProperties {
  return { left: `${left}%`, top: `${top}%`, width: `${width}%`, height: `${height}%` };
}

/** Hides what is left of the divider. */
function cutOff(percent: number): string {
  return `inset(0 0 0 ${Math.min(100, Math.max(0, percent))}%)`;
}

/** Shows a picture in its own size; CSS brings it to the frame's. */
function PictureCanvas({
  rendered,
  className,
  label,
}: {
  readonly rendered: Rendered | undefined;
  readonly className: string;
  readonly label: string;
}) {
  const ref = useRef<HTMLCanvasElement>(null);
  // Drawn in the same turn in which the page changes, so that nothing on it is ahead of the picture.
  useLayoutEffect(() => {
    const canvas = ref.current;
    if (canvas === null || rendered === undefined) return;
    // Setting the size clears the canvas, so it is only done where it changes.
    if (canvas.width !== rendered.width) canvas.width = rendered.width;
    if (canvas.height !== rendered.height) canvas.height = rendered.height;
    const context = canvas.getContext('2d', { colorSpace: rendered.colorSpace });
    if (context === null) return;
    const { data, width, height, colorSpace } = rendered;
    context.putImageData(new ImageData(data, width, height, { colorSpace }), 0, 0);
    canvas.dataset.frame = String(Number(canvas.dataset.frame ?? 0) + 1);
    canvas.dataset.ms = rendered.ms.toFixed(1);
  }, [rendered]);
  return <canvas ref={ref} className={className} role="img" aria-label={label} />;
}
