import { type FormEvent, useEffect, useId, useState } from 'react';
import { Dialog } from '../../ui/dialog.tsx';
import { Icon } from '../../ui/icons.tsx';
import { Segments } from '../../ui/segments.tsx';
import type { Album, NewShare, Person, Share, Sharing } from '../api/types.ts';
import { ShareSwitch } from '../folders/share-switch.tsx';
import { describeError } from '../state/describe-error.ts';
import { useLibraryEngine } from '../ui/library-context.tsx';
import { QrCode } from './qr-code.tsx';
import { SparedPeople } from './spared-people.tsx';

const DAY_MS = 86_400_000;
const SPANS = [
  { value: '1', label: '1 day' },
  { value: '7', label: '7 days' },
  { value: '30', label: '30 days' },
  { value: 'date', label: 'Until …' },
];

/** Makes links to an album, shows them once, lists and ends them. */
export function ShareDialog({ album, onClose }: { readonly album: Album; readonly onClose: () => void }) {
  const engine = useLibraryEngine();
  const [sharing, setSharing] = useState<Sharing | undefined>(undefined);
  const [shares, setShares] = useState<readonly Share[]>([]);
  const [made, setMade] = useState<NewShare | undefined>(undefined);
  const load = () =>
    engine.attempt(async () => {
      setShares(await engine.api.access.shares(album.id));
    });
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each album
  useEffect(() => {
    void engine.attempt(async () => setSharing(await engine.api.access.sharing()));
    void load();
  }, [engine, album.id]);
  const revoke = async (id: number) => {
    await engine.attempt(() => engine.api.access.revoke(id));
    if (made?.share.id === id) setMade(undefined);
    await load();
  };
  return (
    <Dialog title={`Share ${album.name}`} onClose={onClose}>
      <p className="dialog-lead">
        Whoever has the link sees this album in their browser, while they are on the same network. They get small
        pictures, and videos as they are, without names, places or metadata.
      </p>
      {sharing?.isSharing === false && (
        <>
          <p className="share-off">Sharing is off for this library. Focal then listens to this machine only.</p>
          <ShareSwitch onChange={setSharing} />
        </>
      )}
      {sharing?.isSharing === true && made === undefined && (
        <ShareForm
          album={album}
          onMade={(share) => {
            setMade(share);
            void load();
          }}
        />
      )}
      {sharing?.problem !== undefined && <p className="form-problem">{sharing.problem}</p>}
      {made !== undefined && <MadeShare made={made} onAgain={() => setMade(undefined)} />}
      {shares.length > 0 && (
        <ul className="share-list" aria-label="Links to this album">
          {shares.map((share) => (
            <ShareRow key={share.id} share={share} onRevoke={() => void revoke(share.id)} />
          ))}
        </ul>
      )}
    </Dialog>
  );
}

function ShareForm({ album, onMade }: { readonly album: Album; readonly onMade: (made: NewShare) => void }) {
  const engine = useLibraryEngine();
  const id = useId();
  const [span, setSpan] = useState('7');
  const [day, setDay] = useState(() => toDay(Date.now() + 14 * DAY_MS));
  const [password, setPassword] = useState('');
  const [isCovered, setCovered] = useState(false);
  const [spared, setSpared] = useState<readonly Person[]>([]);
  const [problem, setProblem] = useState<string | undefined>(undefined);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setProblem(undefined);
    try {
      // To the end of that day, here.
      const end = span === 'date' ? new Date(`${day}T23:59:59`).getTime() : Date.now() + Number(span) * DAY_MS;
      const cover = isCovered ? { except: spared.map((person) => person.id) } : undefined;
      onMade(await engine.api.access.share(album.id, { expiresAt: end, password, cover }));
    } catch (error) {
      setProblem(describeError(error));
    }
  };
  return (
    <form className="share-form" onSubmit={(event) => void submit(event)}>
      <span className="share-label">Ends after</span>
      <Segments label="Ends after" value={span} options={SPANS} onChange={setSpan} />
      {span === 'date' && (
        <input
          type="date"
          className="text-input"
          aria-label="Last day"
          required
          value={day}
          min={toDay(Date.now())}
          max={toDay(Date.now() + 365 * DAY_MS)}
          onChange={(event) => setDay(event.currentTarget.value)}
        />
      )}
      <label htmlFor={id}>Password, if you want one</label>
      <input
        id={id}
        type="text"
        className="text-input"
        autoComplete="off"
        spellCheck={false}
        minLength={6}
        maxLength={200}
        value={password}
        placeholder="At least 6 characters"
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <label className="watch-switch">
        <input type="checkbox" checked={isCovered} onChange={({ currentTarget: { checked } }) => setCovered(checked)} />
        Cover faces
      </label>
      {isCovered && (
        <>
          <p className="private-note">
            Guests see every face covered for good, but for those of people you choose. Whoever Focal is not sure of is
            covered, too. Clothes and places stay, and videos are left out: look at the link yourself before you send
            it.
          </p>
          <SparedPeople people={spared} onChange={setSpared} />
        </>
      )}
      {problem !== undefined && (
        <p className="form-problem" role="alert">
          {problem}
        </p>
      )}
      <button type="submit" className="button primary">
        <Icon name="share" />
        Make a link
      </button>
    </form>
  );
}

/** The link, which is told this once. */
function MadeShare({ made, onAgain }: { readonly made: NewShare; readonly onAgain: () => void }) {
  const engine = useLibraryEngine();
  const [isCopied, setCopied] = useState(false);
  const [link = ''] = made.links;
  const copy = () =>
    void engine.attempt(async () => {
      await navigator.clipboard.writeText(link);
      setCopied(true);
    });
  if (link === '') return <p className="form-problem">The link was made, but nobody listens for guests now.</p>;
  return (
    <div className="share-made">
      {made.qr !== undefined && <QrCode rows={made.qr} label={`QR code of ${link}`} />}
      <div className="share-link">
        <label>
          The link
          <input className="text-input" readOnly value={link} onFocus={(event) => event.currentTarget.select()} />
        </label>
        <p>It is shown only now: Focal keeps no copy of it.</p>
        {made.share.cover !== undefined && (
          <p>Faces are being covered now. Guests see each photo as soon as that is done.</p>
        )}
        <div className="share-actions">
          <button type="button" className="button primary" onClick={copy}>
            <Icon name={isCopied ? 'check' : 'copy'} />
            {isCopied ? 'Copied' : 'Copy the link'}
          </button>
          <button type="button" className="button" onClick={onAgain}>
            Another link
          </button>
        </div>
      </div>
    </div>
  );
}

function ShareRow({ share, onRevoke }: { readonly share: Share; readonly onRevoke: () => void }) {
  const { state, expiresAt, hasPassword, createdAt, cover } = share;
  const ends = new Date(expiresAt).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
  const words = state === 'open' ? `Ends ${ends}` : state === 'expired' ? `Ended ${ends}` : 'Ended by you';
  return (
    <li className="share-row" data-state={state}>
      <div>
        <strong>Link of {new Date(createdAt).toLocaleDateString(undefined, { dateStyle: 'medium' })}</strong>
        <span>
          {words}
          {hasPassword ? ' · with a password' : ''}
        </span>
        {cover !== undefined && <span>{describeCover(cover)}</span>}
      </div>
      {state === 'open' && (
        <button type="button" className="button small" onClick={onRevoke}>
          End it
        </button>
      )}
    </li>
  );
}

/** Whose faces guests see, and who was to be seen but is not any more. */
function describeCover({ except }: NonNullable<Share['cover']>): string {
  const name = (person: { readonly name: string }): string =>
    person.name === '' ? 'a person without a name' : person.name;
  const seen = except.filter(({ isSpared }) => isSpared).map(name);
  const gone = except.filter(({ isSpared }) => !isSpared).map(name);
  const words = seen.length === 0 ? 'All faces covered' : `All faces covered but those of ${seen.join(', ')}`;
  if (gone.length === 0) return words;
  return `${words}. Now covered, too, as they were renamed or merged: ${gone.join(', ')}`;
}

/** The day here, as date fields have it. */
function toDay(ms: number): string {
  const date = new Date(ms);
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()]
    .map((part) => String(part).padStart(2, '0'))
    .join('-');
}
