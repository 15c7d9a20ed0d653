import { useStudio } from '../ui/context.tsx';
import { Dialog } from '../ui/dialog.tsx';

/** All that can be done to a photo, each with what it does. */
export function AddStepDialog() {
  const effects = useStudio((state) => state.effects);
  const addStep = useStudio((state) => state.addStep);
  const openDialog = useStudio((state) => state.openDialog);
  const close = () => openDialog(undefined);
  return (
    <Dialog title="Add a step" onClose={close}>
      <ul className="effect-list">
        {effects.map(({ name, title, description }) => (
          <li key={name}>
            <button
              type="button"
              className="effect-choice"
              onClick={() => {
                addStep(name);
                close();
              }}
            >
              <strong>{title}</strong>
              <span>{description}</span>
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
