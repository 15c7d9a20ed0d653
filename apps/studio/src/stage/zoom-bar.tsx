import { useStudio, useStudioParts } from '../ui/context.tsx';
import { Icon } from '../ui/icons.tsx';
import { fitStage, getShownView, zoomStage, zoomToActual } from './view-actions.ts';

/** Zoom in steps, fit and 100 %, the divider, and holding for the photo as it was. */
export function ZoomBar() {
  const { store } = useStudioParts();
  const isFit = useStudio((state) => state.view === undefined);
  const percent = useStudio((state) => Math.round((getShownView(state)?.scale ?? 1) * devicePixelRatio * 100));
  const hasResult = useStudio((state) => state.result !== undefined);
  const hasDivider = useStudio((state) => state.divider !== undefined);
  const isRefining = useStudio((state) => state.refining !== undefined);
  const toggleDivider = useStudio((state) => state.toggleDivider);
  const hold = (isHoldingBefore: boolean) => store.setState({ isHoldingBefore });
  return (
    <div className="zoom-bar" data-floating role="toolbar" aria-label="View">
      <button
        type="button"
        className="icon-button"
        title="Zoom out (−)"
        aria-label="Zoom out"
        onClick={() => zoomStage(store, 1 / 1.25)}
      >
        <Icon name="minus" />
      </button>
      <button
        type="button"
        className="zoom-value"
        title="Actual pixels (Z)"
        aria-label={`Zoom ${percent} percent. Show actual pixels`}
        onClick={() => zoomToActual(store)}
      >
        {percent}&thinsp;%
      </button>
      <button
        type="button"
        className="icon-button"
        title="Zoom in (+)"
        aria-label="Zoom in"
        onClick={() => zoomStage(store, 1.25)}
      >
        <Icon name="plus" />
      </button>
      <button
        type="button"
        className="icon-button"
        title="Fit (0)"
        aria-label="Fit the photo"
        aria-pressed={isFit}
        onClick={() => fitStage(store)}
      >
        <Icon name="fit" />
      </button>
      <span className="bar-line" />
      <button
        type="button"
        className="icon-button"
        title="Before and after side by side (C)"
        aria-label="Before and after side by side"
        aria-pressed={hasDivider && !isRefining}
        disabled={!hasResult || isRefining}
        onClick={toggleDivider}
      >
        <Icon name="compare" />
      </button>
      <button
        type="button"
        className="icon-button"
        title="Hold to see the photo as it was (B)"
        aria-label="Hold to see the photo as it was"
        disabled={!hasResult}
        onPointerDown={() => hold(true)}
        onPointerUp={() => hold(false)}
        onPointerLeave={() => hold(false)}
        onPointerCancel={() => hold(false)}
        onContextMenu={(event) => event.preventDefault()}
        onKeyDown={(event) => {
          if (event.key === ' ' || event.key === 'Enter') hold(true);
        }}
        onKeyUp={() => hold(false)}
        onBlur={() => hold(false)}
      >
        <Icon name="eye" />
      </button>
    </div>
  );
}
