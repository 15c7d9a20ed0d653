import { memo } from 'react';
import { Icon } from '../../ui/icons.tsx';
import { thumbnailUrl } from '../api/api.ts';
import type { AssetSummary } from '../api/types.ts';
import { describeAsset, formatDuration } from '../ui/format.ts';
import { Thumbnail } from './thumbnail.tsx';

export interface TileProps {
  readonly asset: AssetSummary;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly isSelected: boolean;
  readonly isFocused: boolean;
  /** Whether its thumbnail may be asked for; else it is being made. */
  readonly isReady: boolean;
}

/** One photo or video of the grid; what is done with it is up to the grid. */
export const Tile = memo(function Tile(props: TileProps) {
  const { asset, x, y, width, height, isSelected, isFocused, isReady } = props;
  const { placeholder, focalPoint = { x: 0.5, y: 0.5 } } = asset;
  return (
    <div
      className="tile"
      role="option"
      id={`asset-${asset.id}`}
      data-id={asset.id}
      data-focused={isFocused || undefined}
      aria-selected={isSelected}
      aria-label={describeAsset(asset)}
      style={{ transform: `translate(${x}px, ${y}px)`, width, height }}
    >
      <div
        className="tile-picture"
        style={
          // What a version leaves transparent shows nothing of the original.
          placeholder === undefined || asset.shown !== undefined
            ? undefined
            : { backgroundImage: `url("data:image/webp;base64,${placeholder}")` }
        }
      >
        {isReady && (
          <Thumbnail
            key={asset.version}
            src={thumbnailUrl(asset)}
            position={`${focalPoint.x * 100}% ${focalPoint.y * 100}%`}
          />
        )}
      </div>
      <span className="tile-check" data-check>
        <Icon name="check" size={14} />
      </span>
      {asset.isFavourite && (
        <span className="tile-mark">
          <Icon name="heart-full" size={16} />
        </span>
      )}
      {asset.shown !== undefined && (
        <span className="tile-edited" title="Edited: the original is kept">
          <Icon name="brush" size={14} />
        </span>
      )}
      {asset.kind === 'video' && (
        <span className="tile-duration">
          <Icon name="play" size={12} />
          {formatDuration(asset.durationMs ?? 0)}
        </span>
      )}
    </div>
  );
});
