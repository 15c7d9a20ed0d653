/** A bar from 0 to 1; it moves to and fro where the share is not known. */
export function ProgressBar({ label, done }: { readonly label: string; readonly done: number | undefined }) {
  const known = done === undefined ? {} : { 'aria-valuenow': Math.round(done * 100) };
  return (
    <div className="progress" role="progressbar" aria-label={label} aria-valuemin={0} aria-valuemax={100} {...known}>
      <span
        className={done === undefined ? 'progress-fill unknown' : 'progress-fill'}
        style={done === undefined ? undefined : { transform: `scaleX(${done})` }}
      />
    </div>
  );
}
