import { type AnonymiseReport, describeVerdict, type HiddenEntry, type HiddenVerdict, type Scene } from '@focal/core';
import { CHECK_COST } from '../place/models.ts';
import { SceneRow } from '../scene/scene-section.tsx';
import type { HidingCheck, Step } from '../state/types.ts';
import { useEngine, useStudio } from '../ui/context.tsx';
import { Icon } from '../ui/icons.tsx';
import { ProgressBar } from '../ui/progress-bar.tsx';
import { createSubjectNames } from './target-names.ts';

/** Attacks the result of a step that hides somebody, when asked to, and says what is left. */
export function HidingReport({ step }: { readonly step: Step }) {
  const engine = useEngine();
  const check = useStudio((state) => state.hidingCheck);
  const isReady = useStudio(({ matte, stepNotes }) => matte !== undefined && stepNotes[step.id] === undefined);
  const scene = useStudio((state) => (state.scene.phase === 'ready' ? state.scene.scene : undefined));
  const report = check.phase === 'done' ? check.reports[step.id] : undefined;
  const press = () => {
    if (check.phase === 'checking') engine.cancelCheck();
    else void engine.checkHiding(check.phase === 'asking' ? 'agreed' : undefined);
  };
  return (
    <div className="hiding">
      <div className="hiding-status" aria-live="polite" aria-busy={check.phase === 'checking'}>
        {check.phase === 'asking' && <p className="scene-note">Checking in this browser {CHECK_COST}, once.</p>}
        {check.phase === 'checking' && (
          <>
            <p className="scene-note">{check.progress.label} …</p>
            <ProgressBar label="Checking what is left" done={check.progress.done} />
          </>
        )}
        {report !== undefined && <Report report={report} scene={scene} />}
      </div>
      <div className="hiding-buttons">
        {/* One button for all of it, so that the focus stays where it is. */}
        <button
          type="button"
          className="button small"
          disabled={!step.enabled || !isReady || scene === undefined}
          title="Looks for faces in the result, and compares each with the one that was there"
          onClick={press}
        >
          {NAMES[check.phase]}
        </button>
        {check.phase === 'asking' && (
          <button type="button" className="button small" onClick={() => engine.cancelCheck()}>
            Not now
          </button>
        )}
      </div>
    </div>
  );
}

const NAMES: Readonly<Record<HidingCheck['phase'], string>> = {
  unasked: 'Check what is left',
  asking: 'Load and check',
  checking: 'Stop',
  done: 'Check again',
};

function Report({ report, scene }: { readonly report: AnonymiseReport; readonly scene: Scene | undefined }) {
  const nameSubject = createSubjectNames(scene);
  const nameOf = (id: string) => nameSubject(id.replace(/^maybe-/, 'possible-face-'));
  const nameEntry = ({ id, personId }: HiddenEntry) =>
    personId === undefined || personId === id ? nameOf(id) : `${nameOf(id)} of ${nameOf(personId)}`;
  return (
    <>
      <p className="hiding-verdict" data-verdict={report.verdict}>
        <VerdictIcon verdict={report.verdict} />
        <span>{describeVerdict(report)}</span>
      </p>
      <ul className="hiding-list" aria-label="What is left of each">
        {report.entries.map((entry) => (
          <li key={entry.id} data-verdict={entry.verdict}>
            <VerdictIcon verdict={entry.verdict} />
            <div>
              <SceneRow id={entry.id} name={nameEntry(entry)} detail={describeEntry(entry)} />
              {entry.notes.map((note) => (
                <p key={note} className="scene-note">
                  {note}
                </p>
              ))}
            </div>
          </li>
        ))}
      </ul>
      {report.warnings.map((warning) => (
        <p key={warning} className="hiding-warning">
          <Icon name="warning" size={15} />
          <span>{warning}</span>
        </p>
      ))}
    </>
  );
}

function VerdictIcon({ verdict }: { readonly verdict: HiddenVerdict }) {
  return <Icon name={verdict === 'safe' ? 'check' : 'warning'} size={15} />;
}

/** `hidden, 3 % left`: of whom, or of a place where no face is sure, `hidden`. */
function describeEntry({ verdict, similarity }: HiddenEntry): string {
  const word = verdict === 'safe' ? 'hidden' : verdict;
  if (similarity === undefined) return word;
  return `${word}, ${Math.round(Math.min(1, Math.max(0, similarity)) * 100)} % left`;
}
