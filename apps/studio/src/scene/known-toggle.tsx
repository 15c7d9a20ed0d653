import { type Face, findKnownPeople } from '@focal/core';
import { useEngine, useStudio } from '../ui/context.tsx';
import { Icon } from '../ui/icons.tsx';

/** Takes whose face it is for known in all photos of this sitting, or forgets them. */
export function KnownToggle({ face, name }: { readonly face: Face; readonly name: string }) {
  const engine = useEngine();
  const isKnown = useStudio((state) => findKnownPeople(face, state.known).length > 0);
  const isBusy = useStudio((state) => state.knowing === face.id);
  return (
    <button
      type="button"
      className="look known-toggle"
      aria-label={`${name} is known`}
      aria-pressed={isKnown}
      aria-busy={isBusy}
      title={isKnown ? 'Forget who this is' : 'Do not hide them: until this page is closed, in all photos'}
      onClick={() => void engine.toggleKnown(face.id, name)}
    >
      {isKnown && <Icon name="check" size={14} />}
      {isBusy ? 'Looking …' : 'Known'}
    </button>
  );
}
