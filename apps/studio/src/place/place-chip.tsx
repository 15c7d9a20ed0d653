import { useStudio } from '../ui/context.tsx';
import { Icon } from '../ui/icons.tsx';
import { nameModels } from './models.ts';

/** Where the work happens, always in sight; opens the choice. */
export function PlaceChip() {
  const place = useStudio((state) => state.place);
  const serverIsUp = useStudio((state) => state.serverIsUp);
  const openDialog = useStudio((state) => state.openDialog);
  const isLost = place === 'server' && serverIsUp === false;
  const label = place === 'browser' ? 'This browser' : isLost ? 'Server not reached' : 'Focal server';
  return (
    <button
      type="button"
      className="chip place"
      data-state={isLost ? 'lost' : 'fine'}
      title="Where the work happens"
      aria-label={`Where the work happens: ${label}. Change`}
      onClick={() => openDialog('place')}
    >
      <Icon name={place === 'browser' ? 'browser' : 'server'} size={16} />
      <span className="chip-label">{label}</span>
      <Icon name="chevron" size={14} />
    </button>
  );
}

/** Which model made the matte of the open photo, where, and how long it took. */
export function MatteNote() {
  const matte = useStudio((state) => state.matte);
  const openDialog = useStudio((state) => state.openDialog);
  // Its room is there from the start, so that the photo does not move when it fills.
  if (matte === undefined) return <div className="matte-note" aria-hidden="true" data-empty />;
  const where = matte.place === 'server' ? 'Focal server' : 'this browser';
  const seconds = matte.ms < 950 ? `${(matte.ms / 1000).toFixed(1)} s` : `${Math.round(matte.ms / 100) / 10} s`;
  return (
    <div className="matte-note">
      <span className="matte-text">
        Subject found by <strong>{nameModels(matte.models)}</strong>
        <span className="matte-where">
          , {where} ({matte.device}), {seconds}
        </span>
      </span>
      {matte.notice !== undefined && (
        <button type="button" className="notice-button" title={matte.notice} onClick={() => openDialog('place')}>
          <Icon name="warning" size={14} />
          People only
        </button>
      )}
    </div>
  );
}
