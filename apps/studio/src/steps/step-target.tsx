import { useId } from 'react';
import type { Step } from '../state/types.ts';
import { useEngine, useStudio, useStudioParts } from '../ui/context.tsx';
import { Icon } from '../ui/icons.tsx';
import { createSubjectNames, createTargetNames, ROLES, toChosenIds } from './target-names.ts';

const CHOSEN = 'chosen';

/** Whom the step acts on: a role that suits every photo, or people and things of this one. */
export function StepTarget({ step, initial }: { readonly step: Step; readonly initial: string }) {
  const { store } = useStudioParts();
  const engine = useEngine();
  const setOn = useStudio((state) => state.setOn);
  const sceneState = useStudio((state) => state.scene);
  const isChoosing = useStudio((state) => state.isChoosing);
  const id = useId();
  const on = step.on ?? initial;
  const chosen = toChosenIds(on);
  const scene = sceneState.phase === 'ready' ? sceneState.scene : undefined;
  const subjects = scene?.subjects?.subjects ?? [];
  const nameOf = createSubjectNames(scene);
  const isRole = ROLES.some(([role]) => role === on);
  const isOpen = isChoosing || chosen.length > 0;
  const startChoosing = () => {
    store.setState({ isChoosing: true });
    void engine.findScene();
  };
  const toggle = (subject: string) => {
    const next = chosen.includes(subject) ? chosen.filter((each) => each !== subject) : [...chosen, subject];
    setOn(next.length === 0 ? undefined : next.join(','));
  };
  return (
    <div className="control">
      <div className="control-head">
        <label className="control-title" htmlFor={id}>
          Acts on
        </label>
      </div>
      <select
        id={id}
        className="select wide"
        value={isOpen ? CHOSEN : on}
        onChange={(event) => {
          const { value } = event.currentTarget;
          if (value === CHOSEN) return startChoosing();
          store.setState({ isChoosing: false });
          setOn(value === initial ? undefined : value);
        }}
      >
        {ROLES.map(([role, name]) => (
          <option key={role} value={role}>
            {name}
          </option>
        ))}
        {!isRole && chosen.length === 0 && <option value={on}>{createTargetNames(scene)(on)}</option>}
        <option value={CHOSEN}>Chosen ones …</option>
      </select>
      {isOpen && (
        <div className="chosen">
          {subjects.length > 0 && (
            <div className="chosen-list" role="group" aria-label="Chosen ones">
              {subjects.map((subject) => (
                <button
                  key={subject.id}
                  type="button"
                  className="look"
                  aria-pressed={chosen.includes(subject.id)}
                  onPointerEnter={(event) => event.pointerType === 'mouse' && store.setState({ litId: subject.id })}
                  onPointerLeave={() => store.setState({ litId: undefined })}
                  onClick={() => toggle(subject.id)}
                >
                  {nameOf(subject.id)}
                </button>
              ))}
            </div>
          )}
          {scene === undefined && (
            <p className="scene-note">
              {describe(sceneState.phase)}{' '}
              {sceneState.phase !== 'looking' && (
                <button type="button" className="link-button" onClick={showSceneSection}>
                  Show
                </button>
              )}
            </p>
          )}
          {scene !== undefined && subjects.length === 0 && (
            <p className="scene-note">No people or things that Focal knows.</p>
          )}
          {subjects.length > 0 && (
            <button
              type="button"
              className="button small"
              aria-pressed={isChoosing}
              onClick={() => store.setState({ isChoosing: !isChoosing, litId: undefined })}
            >
              <Icon name={isChoosing ? 'check' : 'target'} size={15} />
              {isChoosing ? 'Done' : 'Choose in the photo'}
            </button>
          )}
        </div>
      )}
    </div>
  );
}

function describe(phase: string): string {
  if (phase === 'looking') return 'Looking for people and things …';
  if (phase === 'failed') return 'Looking for people and things failed.';
  if (phase === 'asking') return 'Models have to be loaded to look for people and things.';
  return 'It is not known yet who and what is in the photo.';
}

function showSceneSection(): void {
  document.getElementById('scene-title')?.scrollIntoView({ block: 'start' });
}
