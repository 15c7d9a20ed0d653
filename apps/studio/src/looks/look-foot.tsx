import { useRef } from 'react';
import { useEngine } from '../ui/context.tsx';
import { Icon } from '../ui/icons.tsx';

/** Keeps the look, or brings one in: as a file, or as a link. */
export function LookFoot() {
  const engine = useEngine();
  const input = useRef<HTMLInputElement>(null);
  return (
    <div className="look-foot" role="group" aria-label="This look">
      <span>This look</span>
      <button
        type="button"
        className="button quiet small"
        title="Save the steps as a recipe file"
        aria-label="Save look"
        onClick={() => void engine.saveLook()}
      >
        <Icon name="download" size={15} />
        Save
      </button>
      <button
        type="button"
        className="button quiet small"
        title="Copy a link with the look in it"
        aria-label="Copy link"
        onClick={() => void engine.copyLook()}
      >
        <Icon name="link" size={15} />
        Link
      </button>
      <button
        type="button"
        className="button quiet small"
        title="Take the steps of a recipe file"
        aria-label="Open look"
        onClick={() => input.current?.click()}
      >
        <Icon name="open" size={15} />
        Open
      </button>
      <input
        ref={input}
        id="open-look"
        type="file"
        accept=".json,application/json"
        hidden
        aria-label="Choose a look"
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          if (file !== undefined) void engine.openLook(file);
          event.currentTarget.value = '';
        }}
      />
    </div>
  );
}
