import { ProblemCard, ProgressCard } from '../stage/status-cards.tsx';
import type { Place } from '../state/types.ts';
import { useStudio } from '../ui/context.tsx';
import { Icon, Mark } from '../ui/icons.tsx';

/** What stands there before the first photo. */
export function EmptyState({ onPick }: { readonly onPick: () => void }) {
  const openDialog = useStudio((state) => state.openDialog);
  const place = useStudio((state) => state.place);
  const progress = useStudio((state) => state.progress);
  return (
    <div className="empty">
      <div className="empty-art" aria-hidden="true">
        <span className="bokeh b1" />
        <span className="bokeh b2" />
        <span className="bokeh b3" />
        <span className="bokeh b4" />
        <span className="bokeh b5" />
        <Mark size={132} />
      </div>
      <h1>Open a photo</h1>
      <p className="empty-lead">Drop one anywhere, paste it, or choose it from your files.</p>
      <div className="empty-actions">
        <button type="button" className="button primary large" onClick={onPick}>
          <Icon name="open" />
          Choose a photo
        </button>
        <button type="button" className="button large" onClick={() => openDialog('camera')}>
          <Icon name="camera" />
          Take one
        </button>
      </div>
      <p className="empty-note">{describePrivacy(place)}</p>
      {progress !== undefined && <ProgressCard />}
      <ProblemCard />
    </div>
  );
}

/** Where the photo goes: true also where the page came from another machine. */
function describePrivacy(place: Place): string {
  if (place === 'browser') return 'Your photo stays in this browser: nothing is sent anywhere.';
  const isHere = /^(localhost|.*\.localhost|127\..*|\[::1\])$/.test(location.hostname);
  if (isHere) return 'Your photo stays on this machine: the Focal server runs right here.';
  return `Your photo goes to your Focal server at ${location.hostname} and nowhere else.`;
}
