import { useShallow } from 'zustand/react/shallow';
import { listLeftOut } from '../engine/left-out.ts';
import { useStudio } from '../ui/context.tsx';
import { Icon } from '../ui/icons.tsx';

/** What of its look the photo on the screen does not get, said before it is saved. */
export function LeftOutNote() {
  const name = useStudio((state) => state.photo?.name);
  const state = useStudio(
    useShallow(({ effects, history, stepNotes, missed }) => ({ effects, history, stepNotes, missed })),
  );
  const leftOut = listLeftOut(state);
  if (leftOut.length === 0) return null;
  return (
    <div className="dialog-notice left-out" role="note">
      <Icon name="warning" />
      <div>
        <p>“{name}” is saved without:</p>
        <ul>
          {leftOut.map(({ title, reason }) => (
            <li key={`${title} ${reason}`}>
              <strong>{title}</strong>: {reason}
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}
