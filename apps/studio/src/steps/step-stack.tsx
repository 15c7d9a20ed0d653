import { useShallow } from 'zustand/react/shallow';
import { listLeftOut } from '../engine/left-out.ts';
import type { StudioState } from '../state/store.ts';
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
        <p key={sentence} className="step-note">
          {sentence} That correction by hand is left out.
        </p>
      ))}
      <StepsStatus />
      {steps.length === 0 && <p className="panel-lead">Nothing is done to the photo yet.</p>}
      <button type="button" className="button add-step" onClick={() => openDialog('add-step')}>
        <Icon name="plus" size={16} />
        Add a step
      </button>
    </>
  );
}

/** Says once for all steps what waits and what is left out. */
function StepsStatus() {
  const waitCount = useStudio(countWaiting);
  const state = useStudio(
    useShallow(({ effects, history, stepNotes, missed }) => ({ effects, history, stepNotes, missed })),
  );
  const waiting = waitCount === 1 ? 'One step waits' : `${waitCount} steps wait`;
  const sentences = [
    ...(waitCount > 0 ? [`${waiting} until it is known who and what is in the photo.`] : []),
    ...listLeftOut(state).map(({ title, reason }) => `Left out: ${title}. ${reason}`),
  ];
  return (
    <p className="visually-hidden" role="status">
      {sentences.join(' ')}
    </p>
  );
}

function countWaiting({ history, stepNotes }: StudioState): number {
  return history.present.steps.filter(({ id, enabled }) => enabled && (stepNotes[id]?.missing.length ?? 0) > 0).length;
}
