import { useRef, useState } from 'react';
import { Icon } from '../../ui/icons.tsx';
import { originalUrl, previewUrl, thumbnailUrl } from '../api/api.ts';
import type { AssetDetails, AssetSummary, Box } from '../api/types.ts';
import { describeAsset } from '../ui/format.ts';
import { DrawFace } from './draw-face.tsx';
import { FoundBoxes } from './found-boxes.tsx';
import { useZoom, type Zoom } from './use-zoom.ts';

/** Formats that browsers show themselves; of others the preview is all there is. */
const SHOWN_FORMATS = new Set(['jpeg', 'png', 'webp', 'avif', 'gif']);

/** One photo: first the small picture, then a preview, and the file itself once it is looked at closely. */
export function PhotoStage(props: {
  readonly asset: AssetSummary;
  readonly details: AssetDetails | undefined;
  /** Of faces and things: none, all, or what the pointer is on. */
  readonly boxes: 'hover' | 'all';
  /** A thing that is pointed at elsewhere. */
  readonly litLabel: string | undefined;
  /** Given while a face is drawn. */
  readonly drawing?: { readonly onDone: (box: Box) => void; readonly onCancel: () => void } | undefined;
  readonly onSwipe: (by: 1 | -1) => void;
  /** Told of how to zoom. */
  readonly onZoom: (zoom: Zoom) => void;
}) {
  const { asset, details, boxes, litLabel, drawing, onSwipe, onZoom } = props;
  const ref = useRef<HTMLDivElement>(null);
  const zoom = useZoom(ref, asset, asset.id, onSwipe);
  onZoom(zoom);
  const [preview, setPreview] = useState<'loading' | 'there' | 'failed'>('loading');
  const { view, isFit, swipe } = zoom;
  const isLarge = view !== undefined && view.scale * globalThis.devicePixelRatio > 1.2 * previewScale(asset);
  const isClose = isLarge && details !== undefined && SHOWN_FORMATS.has(details.format);
  return (
    <div
      ref={ref}
      className="photo-stage"
      data-panning={zoom.isPanning || undefined}
      data-zoomed={!isFit || undefined}
      role="img"
      aria-label={describeAsset(asset)}
    >
      {view !== undefined && (
        <div
          className="photo-frame"
          style={{
            transform: `translate(${view.x + swipe}px, ${view.y}px)`,
            width: asset.width * view.scale,
            height: asset.height * view.scale,
            ...(asset.placeholder !== undefined && {
              backgroundImage: `url("data:image/webp;base64,${asset.placeholder}")`,
            }),
          }}
        >
          {asset.isIndexed && <img src={thumbnailUrl(asset)} alt="" draggable={false} />}
          <img
            src={previewUrl(asset)}
            alt=""
            draggable={false}
            data-state={preview}
            onLoad={() => setPreview('there')}
            onError={() => setPreview('failed')}
          />
          {isClose && <img src={originalUrl(asset.id)} alt="" draggable={false} />}
          {details !== undefined && <FoundBoxes details={details} shows={boxes} litLabel={litLabel} />}
          {drawing !== undefined && <DrawFace aspect={asset.width / asset.height} {...drawing} />}
        </div>
      )}
      {drawing !== undefined && (
        <div className="draw-hint" data-floating role="status">
          Draw a box around the face
          <button type="button" className="button" onClick={drawing.onCancel}>
            Cancel
          </button>
        </div>
      )}
      {preview === 'failed' && (
        <div className="stage-problem" role="alert">
          <Icon name="warning" />
          {details?.places.some(({ isOnline }) => isOnline) === false
            ? 'Its folder is offline: only the small picture is here.'
            : 'This photo cannot be shown: its file may have gone or be damaged.'}
        </div>
      )}
    </div>
  );
}

/** Long side of previews, in pixels. */
const PREVIEW_PX = 1440;

/** CSS-free scale at which the preview has as many pixels as are shown. */
function previewScale({ width, height }: AssetSummary): number {
  return Math.min(1, PREVIEW_PX / Math.max(1, width, height));
}
