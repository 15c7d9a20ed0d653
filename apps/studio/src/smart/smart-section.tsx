import { useEffect, useId, useRef, useState } from 'react';
import { describeError } from '../engine/problems.ts';
import { Cost } from '../scene/scene-section.tsx';
import { useEngine, useStudio } from '../ui/context.tsx';
import { Icon } from '../ui/icons.tsx';
import { Segments } from '../ui/segments.tsx';
import { FileChoice } from './file-choice.tsx';

/** The user's own rules, and what their file is called. */
interface OwnRules {
  readonly name: string;
  readonly raw: unknown;
}

/** What came of choosing, for the photo it was chosen for. */
interface Outcome {
  readonly photoId: number;
  readonly because?: readonly string[];
  readonly problem?: string;
}

const BY_RULES = '';

/** A look that suits what is in the photo, chosen by rules, with the reasons. Does nothing until it is asked to. */
export function SmartSection() {
  const engine = useEngine();
  const photoId = useStudio((state) => state.photo?.id);
  const hasMatte = useStudio((state) => state.matte !== undefined);
  const scene = useStudio((state) => state.scene);
  const [isOpen, setOpen] = useState(false);
  const [isChoosing, setChoosing] = useState(false);
  const [seed, setSeed] = useState(1);
  const [group, setGroup] = useState<'most-smiling' | 'all'>('most-smiling');
  const [mood, setMood] = useState(BY_RULES);
  const [moods, setMoods] = useState<readonly string[]>([]);
  const [caption, setCaption] = useState('');
  const [hasCaption, setHasCaption] = useState(true);
  const [backgrounds, setBackgrounds] = useState<readonly File[]>([]);
  const [rules, setRules] = useState<OwnRules>();
  const [outcome, setOutcome] = useState<Outcome>();
  const ids = { title: useId(), mood: useId(), caption: useId() };
  const known = outcome !== undefined && outcome.photoId === photoId ? outcome : undefined;
  const isAgain = known?.because !== undefined;

  const section = useRef<HTMLElement>(null);
  const reasons = useRef<HTMLUListElement>(null);

  useEffect(() => {
    if (!isOpen) return;
    engine.listMoods(rules?.raw).then(setMoods, () => undefined);
  }, [engine, isOpen, rules]);
  useEffect(() => {
    if (isOpen) section.current?.scrollIntoView({ block: 'nearest' });
  }, [isOpen]);
  // Other steps above it have another height.
  useEffect(() => {
    if (known !== undefined) reasons.current?.scrollIntoView({ block: 'nearest' });
  }, [known]);

  const fail = (error: unknown) => {
    if (photoId !== undefined) setOutcome({ photoId, problem: describeError(error) });
  };
  const choose = async () => {
    if (photoId === undefined) return;
    const roll = isAgain ? seed + 1 : seed;
    setChoosing(true);
    try {
      const because = await engine.chooseLook({
        seed: roll,
        group,
        backgrounds,
        ...(mood !== BY_RULES && { mood }),
        ...(!hasCaption ? { caption: '' } : caption.trim() !== '' && { caption: caption.trim() }),
        ...(rules !== undefined && { rules: rules.raw }),
      });
      if (because === undefined) return;
      setSeed(roll);
      setOutcome({ photoId, because });
    } catch (error) {
      fail(error);
    } finally {
      setChoosing(false);
    }
  };
  const takeRules = async (file: File) => {
    try {
      const raw = await engine.readRules(file);
      setRules({ name: file.name, raw });
      setMood(BY_RULES);
      setOutcome(undefined);
    } catch (error) {
      fail(error);
    }
  };

  if (photoId === undefined) return null;
  return (
    <section ref={section} className="scene-section smart-section" aria-labelledby={ids.title}>
      <button
        type="button"
        className="scene-toggle"
        id={ids.title}
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        <span>Smart look</span>
        <Icon name="chevron" size={16} />
      </button>
      {isOpen && (
        <div className="scene-body smart-body" aria-busy={isChoosing}>
          <p className="scene-note">
            Chooses background, tone, frame and caption by the expressions, people and things in the photo. Undo brings
            your steps back.
          </p>
          <div className="smart-row">
            <span>Goes by</span>
            <Segments
              label="Goes by"
              value={group}
              options={[
                { value: 'most-smiling', label: 'Widest smile' },
                { value: 'all', label: 'All faces' },
              ]}
              onChange={(value) => setGroup(value === 'all' ? 'all' : 'most-smiling')}
            />
          </div>
          <div className="smart-row">
            <label htmlFor={ids.mood}>Mood</label>
            <select
              id={ids.mood}
              className="select wide"
              value={mood}
              onChange={(event) => setMood(event.currentTarget.value)}
            >
              <option value={BY_RULES}>By the rules</option>
              {moods.map((each) => (
                <option key={each} value={each}>
                  {each.charAt(0).toUpperCase() + each.slice(1)}
                </option>
              ))}
            </select>
          </div>
          <div className="smart-row">
            <label htmlFor={ids.caption}>Caption</label>
            <input
              id={ids.caption}
              className="smart-text"
              type="text"
              maxLength={500}
              placeholder="By the rules"
              disabled={!hasCaption}
              value={caption}
              onChange={(event) => setCaption(event.currentTarget.value)}
            />
            <label className="smart-check">
              <input type="checkbox" checked={!hasCaption} onChange={() => setHasCaption(!hasCaption)} />
              No caption
            </label>
          </div>
          <FileChoice
            label="Own backgrounds"
            hint="Pictures whose names say what they show, such as snow-forest.jpg."
            accept="image/*"
            chosen={backgrounds.map(({ name }) => name)}
            onChoose={(files) => setBackgrounds(withFiles(backgrounds, files))}
            onRemove={(name) => setBackgrounds(backgrounds.filter((each) => each.name !== name))}
          />
          <FileChoice
            label="Own rules"
            hint="YAML or JSON, as for focal smart --rules."
            accept=".yaml,.yml,.json"
            chosen={rules === undefined ? [] : [rules.name]}
            onChoose={([file]) => file !== undefined && void takeRules(file)}
            onRemove={() => {
              setRules(undefined);
              setMood(BY_RULES);
            }}
          />
          <button
            type="button"
            className="button primary"
            disabled={isChoosing || !hasMatte}
            onClick={() => void choose()}
          >
            {isChoosing ? 'Choosing …' : isAgain ? 'Another look' : 'Choose a look'}
          </button>
          {scene.phase === 'asking' && <Cost />}
          {isChoosing && scene.phase === 'looking' && <p className="scene-note">{scene.label} …</p>}
          <div aria-live="polite">
            {!hasMatte && <p className="scene-note">The subject is still being looked for.</p>}
            {known?.problem !== undefined && <p className="smart-problem">{known.problem}</p>}
            {known?.because !== undefined && (
              <ul ref={reasons} className="smart-because" aria-label="Why this look">
                {known.because.map((sentence) => (
                  <li key={sentence}>{sentence}</li>
                ))}
              </ul>
            )}
          </div>
        </div>
      )}
    </section>
  );
}

/** With further files; those of a name that is there take its place. */
function withFiles(before: readonly File[], files: readonly File[]): readonly File[] {
  return [...new Map([...before, ...files].map((file) => [file.name, file])).values()];
}
