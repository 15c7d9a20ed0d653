import { useState } from 'react';
import type { Sharing } from '../api/types.ts';
import { useLibraryEngine } from '../ui/library-context.tsx';
import { useAsked } from '../ui/use-asked.ts';

/** Whether albums may be shared by links on the local network, and where guests reach this machine. */
export function ShareSwitch({ onChange }: { readonly onChange?: (sharing: Sharing) => void }) {
  const engine = useLibraryEngine();
  const [sharing, setSharing] = useState<Sharing | undefined>(undefined);
  useAsked(({ api }) => api.access.sharing(), setSharing);
  if (sharing === undefined) return null;
  const turn = async (isSharing: boolean) => {
    setSharing({ isSharing, isListening: false, origins: [] });
    const isDone = await engine.attempt(async () => {
      await engine.api.changeSettings({ isSharing });
      const now = await engine.api.access.sharing();
      setSharing(now);
      onChange?.(now);
    });
    if (!isDone) setSharing(sharing);
  };
  return (
    <div className="share-switch">
      <label className="watch-switch">
        <input
          type="checkbox"
          checked={sharing.isSharing}
          onChange={({ currentTarget: { checked } }) => void turn(checked)}
        />
        Let albums be shared by links on the local network
      </label>
      {sharing.isListening && <p>Guests reach this machine at {sharing.origins[0]}, with a link only.</p>}
      {sharing.isSharing && sharing.problem !== undefined && (
        <p className="form-problem" role="alert">
          {sharing.problem}
        </p>
      )}
    </div>
  );
}
