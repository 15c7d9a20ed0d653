import { useState } from 'react';
import { useLibraryEngine } from '../ui/library-context.tsx';
import { useAsked } from '../ui/use-asked.ts';

/** Whether the server looks for changes by itself. */
export function WatchSwitch() {
  const engine = useLibraryEngine();
  const [isOn, setOn] = useState<boolean | undefined>(undefined);
  useAsked(
    ({ api }) => api.settings(),
    ({ isWatching }) => setOn(isWatching),
  );
  if (isOn === undefined) return null;
  return (
    <label className="watch-switch">
      <input
        type="checkbox"
        checked={isOn}
        onChange={({ currentTarget: { checked } }) => {
          setOn(checked);
          void engine
            .attempt(() => engine.api.changeSettings({ isWatching: checked }))
            .then((isDone) => {
              if (!isDone) setOn(!checked);
            });
        }}
      />
      Take up what is new, changed or gone by itself
    </label>
  );
}
