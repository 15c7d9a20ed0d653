import { findEdge } from '../state/refine-actions.ts';
import { useStudio } from '../ui/context.tsx';
import { Icon } from '../ui/icons.tsx';

/** Opens the tools for correcting the edge of whom the open step acts on, where it goes by one. */
export function RefineButton() {
  const on = useStudio(findEdge);
  const count = useStudio((state) => state.history.present.corrections.filter((each) => each.on === on).length);
  const canStart = useStudio((state) => state.matte !== undefined);
  const startRefining = useStudio((state) => state.startRefining);
  if (on === undefined) return null;
  return (
    <div className="refine-entry">
      <button
        type="button"
        className="button small"
        disabled={!canStart}
        title="Refine edges (M)"
        onClick={startRefining}
      >
        <Icon name="brush" size={15} />
        Refine edges
      </button>
      {count > 0 && <span className="refine-count">{count === 1 ? '1 correction' : `${count} corrections`}</span>}
    </div>
  );
}
