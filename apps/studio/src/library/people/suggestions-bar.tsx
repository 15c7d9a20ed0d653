import { useEffect, useState } from 'react';
import { toKeyName } from '../../help/shortcuts.ts';
import { Icon } from '../../ui/icons.tsx';
import type { Suggestion } from '../api/types.ts';
import { isTaken } from '../keys/is-taken.ts';
import { useLibrary, useLibraryEngine } from '../ui/library-context.tsx';
import { Cover, countFaces, FacePicture } from './face-picture.tsx';

/** What Focal is not sure of, one question after the other: Y, N and S answer it. */
export function SuggestionsBar() {
  const engine = useLibraryEngine();
  const round = useLibrary((state) => state.peopleRound);
  const [questions, setQuestions] = useState<readonly Suggestion[]>([]);
  const [skipped, setSkipped] = useState<ReadonlySet<string>>(new Set());
  const [isBusy, setBusy] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again when who is who changed
  useEffect(() => {
    let isOver = false;
    // Without questions the page is whole all the same.
    engine.api.people.suggest().then(
      (found) => !isOver && setQuestions(found),
      () => undefined,
    );
    return () => {
      isOver = true;
    };
  }, [engine, round]);
  const question = questions.find((each) => !skipped.has(keyOf(each)));
  const skip = () => question !== undefined && setSkipped(new Set([...skipped, keyOf(question)]));
  const answer = async (isSo: boolean) => {
    if (question === undefined || isBusy) return;
    setBusy(true);
    setQuestions(questions.filter((each) => each !== question));
    await engine.actOnPeople(describe(question, isSo), () => engine.api.people.answer(question, isSo));
    setBusy(false);
  };
  useEffect(() => {
    if (question === undefined) return;
    const onKeyDown = (event: KeyboardEvent) => {
      const run = { y: () => void answer(true), n: () => void answer(false), s: skip }[toKeyName(event)];
      if (run === undefined || event.defaultPrevented || isTaken(event)) return;
      event.preventDefault();
      run();
    };
    // Before the keys of the page, of which S is one.
    addEventListener('keydown', onKeyDown, true);
    return () => removeEventListener('keydown', onKeyDown, true);
  });
  if (question === undefined) return null;
  const left = questions.filter((each) => !skipped.has(keyOf(each))).length;
  return (
    <section className="suggestion" aria-label="Question">
      <span className="suggestion-faces">
        {question.kind === 'same-person' ? (
          <>
            <Cover person={question.people[0]} />
            <Cover person={question.people[1]} />
          </>
        ) : (
          <>
            <FacePicture key={question.face.version} id={question.face.id} version={question.face.version} />
            <Cover person={question.person} />
          </>
        )}
      </span>
      <span className="suggestion-text">
        <strong>{ask(question)}</strong>
        <span>{left === 1 ? 'One question' : `${left} questions`}: each answer makes the others better.</span>
      </span>
      <span className="suggestion-answers">
        <button
          type="button"
          className="button primary"
          title="Yes (Y)"
          disabled={isBusy}
          onClick={() => void answer(true)}
        >
          <Icon name="check" />
          Yes
        </button>
        <button type="button" className="button" title="No (N)" disabled={isBusy} onClick={() => void answer(false)}>
          <Icon name="close" />
          No
        </button>
        <button type="button" className="button quiet" title="Skip (S)" onClick={skip}>
          Skip
        </button>
      </span>
    </section>
  );
}

function keyOf(each: Suggestion): string {
  return each.kind === 'same-person'
    ? `people ${each.people.map(({ id }) => id).join(' ')}`
    : `face ${each.face.id} ${each.person.id}`;
}

function ask(each: Suggestion): string {
  if (each.kind === 'is-person') {
    return each.person.name === '' ? 'Is this the same person?' : `Is this ${each.person.name}?`;
  }
  const [one, other] = each.people;
  if (one.name !== '' && other.name !== '') return `Are ${one.name} and ${other.name} one person?`;
  return one.name === ''
    ? `Are these one person? (${countFaces(one.faces)} and ${countFaces(other.faces)})`
    : `Is this ${one.name}, too? (${countFaces(other.faces)})`;
}

function describe(each: Suggestion, isSo: boolean): string {
  if (each.kind === 'is-person') {
    return `${isSo ? 'It is' : 'It is not'} ${each.person.name === '' ? 'the same person' : each.person.name}.`;
  }
  return isSo ? 'One person.' : 'Two people.';
}
