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
  // As players count: seconds that are over.
  const time = formatDuration(Math.floor(atMs / 1000) * 1000);
  if (onSeek === undefined) return <span className="seen-at">{time}</span>;
  return (
    <button type="button" className="seen-at" title={`Show ${what}`} onClick={() => onSeek(atMs)}>
      {time}
    </button>
  );
}
