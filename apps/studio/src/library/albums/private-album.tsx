import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { Dialog } from '../../ui/dialog.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Icon } from '../../ui/icons.tsx';
import type { Album } from '../api/types.ts';
import { describeError } from '../state/describe-error.ts';
import { useLibrary, useLibraryEngine } from '../ui/library-context.tsx';
import { Notice } from '../ui/notice.tsx';
import { isNowhere } from '../ui/use-place-focus.ts';

/** As long as the server waits. */
const IDLE_MS = 15 * 60_000;
/** So often other tabs are told that somebody is there. */
const ACTIVE_MS = 30_000;

/** In place of the photos of a private album: asks for its password. */
export function LockedAlbum({ album }: { readonly album: Album }) {
  const engine = useLibraryEngine();
  return (
    <>
      <div className="view-head album-head">
        <IconButton
          icon="previous"
          label="All albums"
          onClick={() => engine.go({ view: 'albums', albumId: undefined })}
        />
        <h1>{album.name}</h1>
      </div>
      <Notice icon="lock" title="This album is private" text="Its photos are seen here only, with its password.">
        <PasswordForm
          label="Password of the album"
          action="Unlock"
          onSend={async (password) => {
            await engine.api.access.unlock(album.id, password).catch(async (error: unknown) => {
              // It may have been opened to all meanwhile.
              if ((await engine.api.album(album.id)).isPrivate) throw error;
            });
            await engine.reopen();
          }}
        />
      </Notice>
    </>
  );
}

/** Locks all private albums, now or when nobody did anything for a while. */
export function LockButton() {
  const engine = useLibraryEngine();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(() => void lock(), IDLE_MS);
    };
    const lock = () =>
      engine.attempt(async () => {
        await engine.api.access.lock();
        engine.go({ assetId: undefined }, 'replace');
        await engine.reopen();
      });
    let toldAt = 0;
    const act = () => {
      wait();
      if (performance.now() - toldAt < ACTIVE_MS) return;
      toldAt = performance.now();
      engine.tabs.tell('active');
    };
    act();
    const events = ['pointerdown', 'keydown', 'wheel'] as const;
    for (const event of events) window.addEventListener(event, act, { passive: true });
    const deafen = engine.tabs.listen(wait);
    return () => {
      clearTimeout(timer);
      deafen();
      for (const event of events) window.removeEventListener(event, act);
    };
  }, [engine]);
  return (
    <button
      type="button"
      className="button small"
      onClick={() =>
        void engine.attempt(async () => {
          await engine.api.access.lock();
          await engine.reopen();
        })
      }
    >
      <Icon name="lock" size={15} />
      Lock now
    </button>
  );
}

/** Gives an album a password, another one, or takes it away. */
export function PrivateDialog({ album, onClose }: { readonly album: Album; readonly onClose: () => void }) {
  const engine = useLibraryEngine();
  const toast = useLibrary((state) => state.toast);
  return (
    <Dialog title={album.isPrivate ? `Password of ${album.name}` : `Make ${album.name} private?`} onClose={onClose}>
      <p className="dialog-lead">
        {album.isPrivate
          ? 'Another password holds at once, here and for everybody else.'
          : 'Its photos go from all other views, albums, searches and people. They are seen in this album only, by who has the password. Links to it end.'}
      </p>
      <PasswordForm
        label="New password"
        action={album.isPrivate ? 'Change the password' : 'Make it private'}
        isNew
        onSend={async (password) => {
          await engine.api.access.protect(album.id, password);
          onClose();
          await engine.reopen();
          toast(
            'success',
            album.isPrivate ? 'The password is changed.' : `${album.name} is private now. It locks by itself.`,
          );
        }}
      />
      <p className="private-note">
        Nobody can bring a forgotten password back. Files stay where they are on the disk, and are not encrypted.
      </p>
      {album.isPrivate && (
        <div className="dialog-foot">
          <button
            type="button"
            className="button"
            onClick={() => {
              onClose();
              void engine.attempt(async () => {
                await engine.api.access.unprotect(album.id);
                await engine.reopen();
              });
            }}
          >
            Take the password away
          </button>
        </div>
      )}
    </Dialog>
  );
}

function PasswordForm({
  label,
  action,
  isNew = false,
  onSend,
}: {
  readonly label: string;
  readonly action: string;
  /** Then it is typed twice. */
  readonly isNew?: boolean;
  readonly onSend: (password: string) => Promise<void>;
}) {
  const id = useId();
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => {
    // By touch a keyboard would come up over the page.
    if (isNowhere() && matchMedia('(pointer: fine)').matches) first.current?.focus();
  }, []);
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  const [problem, setProblem] = useState<string | undefined>(undefined);
  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (isNew && again !== password) return setProblem('The two passwords differ.');
    setProblem(undefined);
    try {
      await onSend(password);
    } catch (error) {
      setProblem(describeError(error));
      setPassword('');
      setAgain('');
    }
  };
  const field = {
    type: 'password',
    className: 'text-input',
    required: true,
    maxLength: 200,
    autoComplete: isNew ? 'new-password' : 'off',
    ...(isNew && { minLength: 6 }),
  };
  return (
    <form className="share-form" onSubmit={(event) => void send(event)}>
      <label htmlFor={id}>{label}</label>
      <input
        {...field}
        ref={first}
        id={id}
        {...(isNew && { placeholder: 'At least 6 characters' })}
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      {isNew && (
        <input
          {...field}
          aria-label="The same password again"
          placeholder="Once more"
          value={again}
          onChange={(event) => setAgain(event.currentTarget.value)}
        />
      )}
      {problem !== undefined && (
        <p className="form-problem" role="alert">
          {problem}
        </p>
      )}
      <button type="submit" className="button primary">
        {action}
      </button>
    </form>
  );
}
