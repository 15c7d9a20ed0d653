import { useRef, useState } from 'react';
import { Icon } from '../../ui/icons.tsx';
import { originalPreviewUrl, originalUrl, previewUrl, shownPictureUrl, thumbnailUrl } from '../api/api.ts';
import type { AssetDetails, AssetSummary, Box, Size } from '../api/types.ts';
import { describeAsset } from '../ui/format.ts';
import { DrawFace } from './draw-face.tsx';
import { FoundBoxes } from './found-boxes.tsx';
import { isWhole, toShownSize } from './shown-size.ts';
import { useZoom, type Zoom } from './use-zoom.ts';

/** Formats that browsers show themselves; of others the preview is all there is. */
const SHOWN_FORMATS = new Set(['jpeg', 'png', 'webp', 'avif', 'gif']);

/** One photo: first the small picture, then a preview, and the file itself once it is looked at closely. */
export function PhotoStage(props: {
  readonly asset: AssetSummary;
  readonly details: AssetDetails | undefined;
  /** Why its file is not there, where it is not. */
  readonly missing: string | undefined;
  /** The original, also where a version stands in its place. */
  readonly isOriginal: boolean;
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
  const { asset, details, missing, isOriginal, boxes, litLabel, drawing, onSwipe, onZoom } = props;
  const ref = useRef<HTMLDivElement>(null);
  const version = isOriginal ? undefined : asset.shown;
  const size = version === undefined ? asset : toShownSize(asset);
  const zoom = useZoom(ref, size, asset.id, onSwipe);
  onZoom(zoom);
  const [preview, setPreview] = useState<'loading' | 'there' | 'failed'>('loading');
  const { view, isFit, swipe } = zoom;
  const isLarge = view !== undefined && view.scale * globalThis.devicePixelRatio > 1.2 * previewScale(size);
  const isKnown = details !== undefined && SHOWN_FORMATS.has(details.format) && missing === undefined;
  const isClose = isLarge && (version !== undefined || isKnown);
  const closeUrl = version === undefined ? originalUrl(asset.id) : shownPictureUrl(asset.id, version.versionId);
  // Below what is transparent it would show through.
  const hasThumbnail = asset.isIndexed && !isOriginal && (version === undefined || preview !== 'there');
  // Of what is damaged nothing can be made: it need not be tried to be told.
  const isDamaged = version === undefined && !asset.isIndexed && details?.problem !== undefined;
  const hasPlaceholder = asset.placeholder !== undefined && !isOriginal;
  const isUnseen = preview === 'loading' && !hasThumbnail && !hasPlaceholder && !isDamaged;
  const isInPlace = version === undefined || isWhole(asset);
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
            width: size.width * view.scale,
            height: size.height * view.scale,
            ...(asset.placeholder !== undefined &&
              version === undefined && {
                backgroundImage: `url("data:image/webp;base64,${asset.placeholder}")`,
              }),
          }}
        >
          {hasThumbnail && <img src={thumbnailUrl(asset)} alt="" draggable={false} />}
          {!isDamaged && (
            <img
              src={isOriginal ? originalPreviewUrl(asset) : previewUrl(asset)}
              alt=""
              draggable={false}
              data-state={preview}
              onLoad={() => setPreview('there')}
              onError={() => setPreview('failed')}
            />
          )}
          {isClose && <img src={closeUrl} alt="" draggable={false} />}
          {details !== undefined && isInPlace && <FoundBoxes details={details} shows={boxes} litLabel={litLabel} />}
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
      {preview === 'loading' && version !== undefined && version.size === undefined ? (
        <div className="draw-hint" data-floating role="status">
          Rendering this version …
        </div>
      ) : (
        isUnseen && (
          <div className="stage-wait" role="status">
            Loading …
          </div>
        )
      )}
      {(preview === 'failed' || isDamaged) && (
        <div className="stage-problem" role="alert" data-alone={isDamaged || undefined}>
          <Icon name="warning" />
          {isDamaged
            ? `This photo cannot be shown. ${details.problem}`
            : describeFailure(details, missing, version !== undefined)}
        </div>
      )}
      {missing !== undefined && preview === 'there' && (
        <div className="stage-problem" role="status">
          <Icon name="warning" />
          {missing}
        </div>
      )}
    </div>
  );
}

/** Why a picture that was asked for did not come. */
function describeFailure(details: AssetDetails | undefined, missing: string | undefined, isVersion: boolean): string {
  if (isVersion) {
    const problem = details?.versions.find(({ isCurrent }) => isCurrent)?.problem;
    return `This version cannot be shown. ${problem ?? 'Its photo may be offline.'}`;
  }
  return missing ?? 'This photo cannot be shown: its file may have gone or be damaged.';
}

/** Long side of previews, in pixels. */
const PREVIEW_PX = 1440;

/** CSS-free scale at which the preview has as many pixels as are shown. */
function previewScale({ width, height }: Size): number {
  return Math.min(1, PREVIEW_PX / Math.max(1, width, height));
}
