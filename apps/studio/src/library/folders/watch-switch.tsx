import { useEffect, useState } from 'react';
import { useLibraryEngine } from '../ui/library-context.tsx';

/** Whether the server looks for changes by itself. */
export function WatchSwitch() {
  const engine = useLibraryEngine();
  const [isOn, setOn] = useState<boolean | undefined>(undefined);
  useEffect(() => {
    let isOver = false;
    void engine.attempt(async () => {
      const { isWatching } = await engine.api.settings();
      if (!isOver) setOn(isWatching);
    });
    return () => {
      isOver = true;
    };
  }, [engine]);
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
