import { type CSSProperties, useState } from 'react';
import { Icon } from '../../ui/icons.tsx';
import { originalUrl, previewUrl } from '../api/api.ts';
import type { AssetDetails, AssetSummary } from '../api/types.ts';
import { describeAsset, formatDuration } from '../ui/format.ts';
import { FoundBoxes } from './found-boxes.tsx';

/** A frame is shown while the time is as near as that to it. */
const NEAR_MS = 60;

/** A video with the browser's own controls; where it stands still at a frame that was looked at, what is seen there. */
export function VideoStage({
  asset,
  details,
  litLabel,
  missing,
  onEnded,
}: {
  readonly asset: AssetSummary;
  readonly details: AssetDetails | undefined;
  /** What the pointer is on in the facts. */
  readonly litLabel: string | undefined;
  /** Why its file is not there, where it is not. */
  readonly missing: string | undefined;
  readonly onEnded: () => void;
}) {
  const [problem, setProblem] = useState<string | undefined>(undefined);
  /** In milliseconds; undefined while it plays. */
  const [stillAt, setStillAt] = useState<number | undefined>(undefined);
  const look = ({ paused, currentTime }: HTMLVideoElement) => setStillAt(paused ? currentTime * 1000 : undefined);
  const isHere = ({ atMs }: { readonly atMs?: number }): boolean =>
    atMs !== undefined && stillAt !== undefined && Math.abs(atMs - stillAt) < NEAR_MS;
  return (
    <div className="video-stage">
      {problem !== undefined || missing !== undefined ? (
        <>
          <img src={previewUrl(asset)} alt={describeAsset(asset)} />
          <div className="stage-problem" role="alert">
            <Icon name="warning" />
            {missing ?? (
              <>
                {problem}
                <a className="link-button" href={originalUrl(asset.id)} download>
                  Save the file
                </a>
              </>
            )}
          </div>
        </>
      ) : (
        <>
          {/* biome-ignore lint/a11y/useMediaCaption: videos of users have none */}
          <video
            src={originalUrl(asset.id)}
            poster={previewUrl(asset)}
            controls
            autoPlay
            playsInline
            aria-label={describeAsset(asset)}
            onEnded={onEnded}
            onPlay={() => setStillAt(undefined)}
            onPause={(event) => look(event.currentTarget)}
            onSeeking={() => setStillAt(undefined)}
            onSeeked={(event) => look(event.currentTarget)}
            onError={(event) => setProblem(describeProblem(event.currentTarget))}
          />
          {details !== undefined && (
            <div className="video-found" style={{ '--aspect': asset.width / asset.height } as CSSProperties}>
              <FoundBoxes
                details={{ things: details.things.filter(isHere), faces: details.faces.filter(isHere) }}
                shows="all"
                litLabel={litLabel}
              />
            </div>
          )}
        </>
      )}
    </div>
  );
}

/** What played for a while is of a kind that the browser knows. */
function describeProblem({ currentTime, readyState }: HTMLVideoElement): string {
  if (currentTime === 0 && readyState < HTMLMediaElement.HAVE_CURRENT_DATA) {
    return 'This browser does not play this video.';
  }
  return `The video cannot be read after ${formatDuration(Math.floor(currentTime) * 1000)}: its file may be cut off.`;
}
