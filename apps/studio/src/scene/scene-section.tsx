import type { Face, Scene, Subject } from '@focal/core';
import { useEffect, useRef } from 'react';
import { SCENE_COST } from '../place/models.ts';
import { useEngine, useStudio, useStudioParts } from '../ui/context.tsx';
import { Icon } from '../ui/icons.tsx';
import { KnownToggle } from './known-toggle.tsx';

/** Who and what is in the photo, one by one. Looked for when it is first opened. */
export function SceneSection() {
  const engine = useEngine();
  const state = useStudio((each) => each.scene);
  const photoId = useStudio((each) => each.photo?.id);
  const light = useStudio((each) => each.light);
  const openFor = useStudio((each) => each.sceneOpenFor);
  const { store } = useStudioParts();
  const isOpen = openFor !== undefined && openFor === photoId;
  const toggle = () => {
    light(undefined);
    store.setState({ sceneOpenFor: isOpen ? undefined : photoId, pickNote: undefined });
    if (!isOpen) void engine.findScene();
  };
  return (
    <section className="scene-section" aria-labelledby="scene-title">
      <button type="button" className="scene-toggle" id="scene-title" aria-expanded={isOpen} onClick={toggle}>
        <span>In this photo</span>
        {state.phase === 'ready' && <span className="scene-count">{summarise(state.scene)}</span>}
        <Icon name="chevron" size={16} />
      </button>
      {isOpen && (
        <div className="scene-body" aria-live="polite" aria-busy={state.phase === 'looking'}>
          {state.phase === 'unasked' && (
            <button type="button" className="button quiet" onClick={() => void engine.findScene()}>
              Look for people and things
            </button>
          )}
          {state.phase === 'asking' && <Cost />}
          {state.phase === 'looking' && (
            <div className="scene-looking">
              <p className="scene-note">{state.label} …</p>
              <button type="button" className="button quiet" onClick={() => engine.cancelScene()}>
                Stop
              </button>
            </div>
          )}
          {state.phase === 'failed' && (
            <>
              <p className="scene-note">{state.text}</p>
              <button type="button" className="button quiet" onClick={() => void engine.findScene()}>
                Try again
              </button>
            </>
          )}
          {state.phase === 'ready' && <SceneList scene={state.scene} />}
          <Picks />
        </div>
      )}
    </section>
  );
}

function SceneList({ scene }: { readonly scene: Scene }) {
  const subjects = scene.subjects?.subjects ?? [];
  const faces = scene.faces?.faces ?? [];
  const owned = new Set(subjects.flatMap(({ faceIds }) => faceIds));
  const nameOf = createNames(scene);
  if (subjects.length === 0 && faces.length === 0) {
    return <p className="scene-note">No people, faces or things that Focal knows.</p>;
  }
  return (
    <ul className="scene-list">
      {subjects.map((subject) => (
        <SubjectItem
          key={subject.id}
          subject={subject}
          faces={faces.filter(({ id }) => subject.faceIds.includes(id))}
          nameOf={nameOf}
        />
      ))}
      {faces
        .filter(({ id }) => !owned.has(id))
        .map((face) => (
          <li key={face.id} className="scene-line">
            <SceneRow id={face.id} name={nameOf(face.id)} detail={describe(face)} />
            <KnownToggle face={face} name={nameOf(face.id)} />
          </li>
        ))}
    </ul>
  );
}

function SubjectItem({
  subject: { id, score },
  faces,
  nameOf,
}: {
  readonly subject: Subject;
  readonly faces: readonly Face[];
  readonly nameOf: (id: string) => string;
}) {
  const [face, ...others] = faces;
  return (
    <li>
      <div className="scene-line">
        <SceneRow id={id} name={nameOf(id)} detail={`${Math.round(score * 100)} % sure`} />
        {face !== undefined && others.length === 0 && <KnownToggle face={face} name={nameOf(id)} />}
      </div>
      {faces.length > 0 && (
        <ul>
          {faces.map((each) => (
            <li key={each.id} className="scene-line">
              <SceneRow id={each.id} name="Face" detail={describe(each)} />
              {others.length > 0 && <KnownToggle face={each} name={nameOf(each.id)} />}
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

/** What it takes to look in this browser, said before anything is loaded. */
export function Cost() {
  const engine = useEngine();
  return (
    <div className="scene-asking">
      <p className="scene-note">Finding people, faces and things in this browser {SCENE_COST}.</p>
      <div className="scene-answers">
        <button type="button" className="button small primary" onClick={() => void engine.findScene('agreed')}>
          Load and look
        </button>
        <button type="button" className="button small" onClick={() => engine.cancelScene()}>
          Not now
        </button>
      </div>
    </div>
  );
}

/** What was picked beside all that, and how to pick. */
function Picks() {
  const engine = useEngine();
  const picks = useStudio((each) => each.picks);
  const isPicking = useStudio((each) => each.picking !== undefined);
  const note = useStudio((each) => each.pickNote);
  const hint = matchMedia('(pointer: coarse)').matches ? 'Tap' : 'Click';
  return (
    <>
      {picks.length > 0 && (
        <ul className="scene-list" aria-label="Picked">
          {picks.map(({ id, pick }) => (
            <li key={id} className="scene-line">
              <SceneRow
                id={id}
                name={`Picked ${id.replace('picked-', '')}`}
                detail={pick.basis === 'matte' ? 'part of the subject' : 'grown from your point'}
              />
              <button
                type="button"
                className="icon-button small"
                aria-label={`Take picked ${id.replace('picked-', '')} off the list`}
                onClick={() => engine.forgetPick(id)}
              >
                <Icon name="close" size={14} />
              </button>
            </li>
          ))}
        </ul>
      )}
      <p className="scene-note" role="status">
        {isPicking ? 'Picking …' : (note ?? `${hint} anything in the photo to pick it out.`)}
      </p>
    </>
  );
}

/** Lights its subject or face up in the photo: under the pointer, with the focus of the keyboard, or by a tap. */
export function SceneRow({
  id,
  name,
  detail,
}: {
  readonly id: string;
  readonly name: string;
  readonly detail: string;
}) {
  const isLit = useStudio((each) => each.litId === id);
  const light = useStudio((each) => each.light);
  const ref = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (isLit) ref.current?.scrollIntoView({ block: 'nearest' });
  }, [isLit]);
  return (
    <button
      ref={ref}
      type="button"
      className="scene-row"
      aria-pressed={isLit}
      onPointerEnter={(event) => event.pointerType === 'mouse' && light(id)}
      onPointerLeave={(event) => event.pointerType === 'mouse' && light(undefined)}
      onFocus={(event) => event.currentTarget.matches(':focus-visible') && light(id)}
      onBlur={() => light(undefined)}
      onKeyDown={(event) => event.key === 'Escape' && light(undefined)}
      onClick={() => light(isLit ? undefined : id)}
    >
      <span>{name}</span>
      <span className="scene-detail">{detail}</span>
    </button>
  );
}

/** Ids such as `wine-glass-2` as people say them: with a number only where there are several of a kind. */
function createNames({ subjects, faces }: Scene): (id: string) => string {
  const ids = [...(subjects?.subjects ?? []), ...(faces?.faces ?? [])].map(({ id }) => id);
  const kindOf = (id: string) => id.replace(/-\d+$/, '');
  return (id) => {
    const kind = kindOf(id);
    const name = `${kind.charAt(0).toUpperCase()}${kind.slice(1).replaceAll('-', ' ')}`;
    return ids.filter((other) => kindOf(other) === kind).length > 1 ? `${name} ${id.slice(kind.length + 1)}` : name;
  };
}

function describe({ expression }: Face): string {
  if (expression === undefined) return '';
  const { smile } = expression;
  if (smile >= 0.8) return 'smiling broadly';
  if (smile >= 0.5) return 'smiling';
  return smile >= 0.25 ? 'hardly smiling' : 'not smiling';
}

function summarise(scene: Scene): string {
  const subjects = scene.subjects?.subjects ?? [];
  const people = subjects.filter(({ kind }) => kind === 'person').length;
  const things = subjects.length - people;
  const parts = [
    ...(people > 0 ? [people === 1 ? '1 person' : `${people} people`] : []),
    ...(things > 0 ? [things === 1 ? '1 thing' : `${things} things`] : []),
  ];
  return parts.join(', ') || (scene.faces?.faces.length ? '' : 'nothing found');
}
