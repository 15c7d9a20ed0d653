import { useState } from 'react';
import { Icon } from '../../ui/icons.tsx';
import { originalUrl, previewUrl } from '../api/api.ts';
import type { AssetSummary } from '../api/types.ts';
import { describeAsset } from '../ui/format.ts';

/** A video with the browser's own controls. */
export function VideoStage({
  asset,
  missing,
  onEnded,
}: {
  readonly asset: AssetSummary;
  /** Why its file is not there, where it is not. */
  readonly missing: string | undefined;
  readonly onEnded: () => void;
}) {
  const [isBroken, setBroken] = useState(false);
  return (
    <div className="video-stage">
      {isBroken || missing !== undefined ? (
        <>
          <img src={previewUrl(asset)} alt={describeAsset(asset)} />
          <div className="stage-problem" role="alert">
            <Icon name="warning" />
            {missing ?? (
              <>
                This browser does not play this video.
                <a className="link-button" href={originalUrl(asset.id)} download>
                  Save the file
                </a>
              </>
            )}
          </div>
        </>
      ) : (
        // biome-ignore lint/a11y/useMediaCaption: videos of users have none
        <video
          src={originalUrl(asset.id)}
          poster={previewUrl(asset)}
          controls
          autoPlay
          playsInline
          aria-label={describeAsset(asset)}
          onEnded={onEnded}
          onError={() => setBroken(true)}
        />
      )}
    </div>
  );
}
