import { useStudio } from '../ui/context.tsx';
import { Icon } from '../ui/icons.tsx';
import { StepCard } from './step-card.tsx';
import { useStepDrag } from './use-step-drag.ts';

/** What is done to the photo, from the first step to the last; one of them is open. */
export function StepStack() {
  const steps = useStudio((state) => state.history.present.steps);
  const missed = useStudio((state) => state.missed);
  const openDialog = useStudio((state) => state.openDialog);
  const { list, draggedId, startDrag } = useStepDrag();
  return (
    <>
      <ol className="steps" aria-label="Steps" ref={list}>
        {steps.map((step, index) => (
          <StepCard
            key={step.id}
            step={step}
            index={index}
            count={steps.length}
            isDragged={draggedId === step.id}
            onDrag={(event) => startDrag(step.id, event)}
          />
        ))}
      </ol>
      {missed.map((sentence) => (
        <p key={sentence} className="step-note" role="status">
          {sentence} That correction by hand is left out.
        </p>
      ))}
      {steps.length === 0 && <p className="panel-lead">Nothing is done to the photo yet.</p>}
      <button type="button" className="button add-step" onClick={() => openDialog('add-step')}>
        <Icon name="plus" size={16} />
        Add a step
      </button>
    </>
  );
}
