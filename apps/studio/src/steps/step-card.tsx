import { type KeyboardEvent, type PointerEvent, useId } from 'react';
import { HIDES } from '../engine/checker.ts';
import { AssetControl } from '../panel/asset-control.tsx';
import { Control } from '../panel/control.tsx';
import { FontControl } from '../panel/font-control.tsx';
import { RefineButton } from '../refine/refine-button.tsx';
import { Cost } from '../scene/scene-section.tsx';
import { findEffect, getParams, hides } from '../state/look-actions.ts';
import type { EffectInfo, ParameterInfo, Params, Step, StepNote } from '../state/types.ts';
import { useEngine, useStudio } from '../ui/context.tsx';
import { Icon } from '../ui/icons.tsx';
import { HidingReport } from './hiding-report.tsx';
import { StepOpacity } from './step-opacity.tsx';
import { StepTarget } from './step-target.tsx';
import { createTargetNames } from './target-names.ts';

/** One step: its name, whether it is on, and its controls while it is open. */
export function StepCard({
  step,
  index,
  count,
  isDragged,
  onDrag,
}: {
  readonly step: Step;
  readonly index: number;
  readonly count: number;
  readonly isDragged: boolean;
  readonly onDrag: (event: PointerEvent) => void;
}) {
  const effect = useStudio((state) => findEffect(state, step));
  const isOpen = useStudio((state) => state.openStepId === step.id);
  const note = useStudio((state) => state.stepNotes[step.id]);
  const waits = note !== undefined && note.missing.length > 0;
  const scene = useStudio((state) => (state.scene.phase === 'ready' ? state.scene.scene : undefined));
  const openStep = useStudio((state) => state.openStep);
  const toggleStep = useStudio((state) => state.toggleStep);
  const moveStep = useStudio((state) => state.moveStep);
  const bodyId = useId();
  if (effect === undefined) return null;
  const target = effect.on === undefined ? '' : createTargetNames(scene)(step.on ?? effect.on);
  const onKeyDown = (event: KeyboardEvent) => {
    const to = event.key === 'ArrowUp' ? index - 1 : event.key === 'ArrowDown' ? index + 1 : undefined;
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    moveStep(step.id, to);
    const handle = event.currentTarget;
    // Moved in the document it may lose the focus.
    if (handle instanceof HTMLElement) requestAnimationFrame(() => handle.focus());
  };
  return (
    <li
      className="step"
      data-step={step.id}
      data-open={isOpen || undefined}
      data-off={!step.enabled || undefined}
      data-dragged={isDragged || undefined}
    >
      <div className="step-head">
        {count > 1 && (
          <button
            type="button"
            className="step-handle"
            title="Drag to another place, or use the arrow keys"
            aria-label={`Move ${effect.title}, step ${index + 1} of ${count}`}
            onPointerDown={onDrag}
            onKeyDown={onKeyDown}
          >
            <Icon name="grip" size={16} />
          </button>
        )}
        <button
          type="button"
          className="step-title"
          aria-expanded={isOpen}
          aria-controls={bodyId}
          onClick={() => openStep(isOpen ? undefined : step.id)}
        >
          <span className="step-name">{effect.title}</span>
          {!isOpen && <span className="step-summary">{step.enabled ? target : 'off'}</span>}
          {note !== undefined && step.enabled && !waits && <Icon name="warning" size={15} />}
        </button>
        <button
          type="button"
          className="icon-button small"
          aria-pressed={step.enabled}
          title={step.enabled ? 'Switch off' : 'Switch on'}
          aria-label={`${effect.title} is ${step.enabled ? 'on' : 'off'}`}
          onClick={() => toggleStep(step.id)}
        >
          <Icon name={step.enabled ? 'eye' : 'eye-off'} size={17} />
        </button>
      </div>
      {note !== undefined && step.enabled && <Note note={note} isOpen={isOpen} />}
      {isOpen && (
        <div className="step-body" id={bodyId}>
          <StepBody step={step} effect={effect} />
        </div>
      )}
    </li>
  );
}

/** Why the step does nothing yet, and how it would. */
function Note({ note, isOpen }: { readonly note: StepNote; readonly isOpen: boolean }) {
  const engine = useEngine();
  const { phase } = useStudio((state) => state.scene);
  if (note.missing.length === 0) return <p className="step-note">{note.reason} This step is left out.</p>;
  return (
    <div className="step-note" data-waits>
      <p>
        {phase === 'looking' && <span className="step-spinner" aria-hidden="true" />}
        {phase === 'looking' ? note.reason : 'Waits until it is known who and what is in the photo.'}
      </p>
      {isOpen && phase === 'asking' && <Cost />}
      {isOpen && (phase === 'unasked' || phase === 'failed') && (
        <button type="button" className="button small" onClick={() => void engine.findScene()}>
          Look for them
        </button>
      )}
    </div>
  );
}

function StepBody({ step, effect }: { readonly step: Step; readonly effect: EffectInfo }) {
  const resetAll = useStudio((state) => state.resetAll);
  const removeStep = useStudio((state) => state.removeStep);
  const duplicateStep = useStudio((state) => state.duplicateStep);
  const params = getParams(effect, step);
  const [asset] = effect.assets;
  return (
    <>
      <p className="panel-lead">
        {effect.description}
        {hides(effect) && ' It is done before all other steps.'}
        {effect.order === 'last' && ' It is done after all other steps.'}
      </p>
      <div className="controls">
        {effect.parameters
          .filter((parameter) => isShown(parameter, params))
          .map((parameter) => (
            <div className="control-group" key={`${step.id} ${parameter.name}`}>
              <Control parameter={parameter} value={params[parameter.name] ?? parameter.default} />
              {asset !== undefined && isPictureChoice(parameter) && params[parameter.name] === 'picture' && (
                <AssetControl asset={asset} />
              )}
            </div>
          ))}
        {effect.writes === true && <FontControl />}
        {effect.on !== undefined && <StepTarget step={step} initial={effect.on} />}
        <RefineButton />
        {!hides(effect) && <StepOpacity step={step} />}
        {step.effect === HIDES && <HidingReport step={step} />}
      </div>
      <div className="step-foot">
        <button
          type="button"
          className="button quiet small"
          disabled={Object.keys(step.params).length === 0}
          onClick={resetAll}
        >
          <Icon name="reset" size={15} />
          Reset all
        </button>
        <span className="spacer" />
        <button
          type="button"
          className="icon-button small"
          title="Duplicate"
          aria-label={`Duplicate ${effect.title}`}
          onClick={() => duplicateStep(step.id)}
        >
          <Icon name="copy" size={16} />
        </button>
        <button
          type="button"
          className="icon-button small"
          title="Delete"
          aria-label={`Delete ${effect.title}`}
          onClick={() => removeStep(step.id)}
        >
          <Icon name="trash" size={16} />
        </button>
      </div>
    </>
  );
}

/** Whether a control makes sense with the other values. */
function isShown({ when }: ParameterInfo, params: Params): boolean {
  if (when === undefined) return true;
  const value = params[when.parameter];
  return value !== undefined && when.is.includes(value);
}

/** Whether a parameter is the one that asks for the effect's further picture. */
function isPictureChoice(parameter: ParameterInfo): boolean {
  return parameter.type === 'enum' && parameter.values.includes('picture');
}
