import { useId, useState } from 'react';
import { Dialog } from '../../ui/dialog.tsx';
import { Icon } from '../../ui/icons.tsx';

/** Asks from when to when; both ends belong to it. */
export function DateChip({
  onChoose,
}: {
  readonly onChoose: (from: string | undefined, to: string | undefined) => void;
}) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button type="button" className="filter-chip" aria-haspopup="dialog" onClick={() => setOpen(true)}>
        <Icon name="calendar" size={14} />
        Dates
      </button>
      {isOpen && (
        <DateDialog
          onClose={() => setOpen(false)}
          onChoose={(first, last) => {
            setOpen(false);
            onChoose(first, last);
          }}
        />
      )}
    </>
  );
}

function DateDialog({
  onClose,
  onChoose,
}: {
  readonly onClose: () => void;
  readonly onChoose: (from: string | undefined, to: string | undefined) => void;
}) {
  const id = useId();
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const isWrong = from !== '' && to !== '' && from > to;
  return (
    <Dialog title="From when to when" onClose={onClose}>
      <form
        className="date-form"
        onSubmit={(event) => {
          event.preventDefault();
          onChoose(from === '' ? undefined : from, to === '' ? undefined : to);
        }}
      >
        <label htmlFor={`${id}-from`}>From</label>
        <input
          id={`${id}-from`}
          className="text-input"
          type="date"
          value={from}
          onChange={(event) => setFrom(event.currentTarget.value)}
        />
        <label htmlFor={`${id}-to`}>To</label>
        <input
          id={`${id}-to`}
          className="text-input"
          type="date"
          value={to}
          onChange={(event) => setTo(event.currentTarget.value)}
        />
        {isWrong && (
          <p className="form-problem" role="alert">
            The first day comes after the last one.
          </p>
        )}
        <button type="submit" className="button primary" disabled={isWrong || (from === '' && to === '')}>
          Show these
        </button>
      </form>
    </Dialog>
  );
}
