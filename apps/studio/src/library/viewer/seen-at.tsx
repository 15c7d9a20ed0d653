import { formatDuration } from '../ui/format.ts';

/** When something is seen in a video: a button that shows that frame. */
export function SeenAt({
  atMs,
  what,
  onSeek,
}: {
  readonly atMs: number;
  readonly what: string;
  readonly onSeek: ((atMs: number) => void) | undefined;
}) {
  if (onSeek === undefined) return <span className="seen-at">{formatDuration(atMs)}</span>;
  return (
    <button type="button" className="seen-at" title={`Show ${what}`} onClick={() => onSeek(atMs)}>
      {formatDuration(atMs)}
    </button>
  );
}
