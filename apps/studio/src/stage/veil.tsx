import { isVeiled } from '../state/store.ts';
import type { SceneState } from '../state/types.ts';
import { useEngine, useStudio } from '../ui/context.tsx';

/** Says why nothing of the photo is to be seen: a step hides somebody, and who is there is not known yet. */
export function VeilNote() {
  const engine = useEngine();
  const isThere = useStudio((state) => isVeiled(state) && !state.isHoldingBefore);
  const scene = useStudio((state) => state.scene);
  if (!isThere) return null;
  return (
    <div className="veil-note" role="status">
      <p>{describe(scene)}</p>
      {isIdle(scene) && (
        <button type="button" className="button small" data-floating onClick={() => void engine.findScene()}>
          Look now
        </button>
      )}
    </div>
  );
}

function isIdle(scene: SceneState): boolean {
  return scene.phase === 'failed' || (scene.phase === 'unasked' && scene.wasAsked === true);
}

function describe(scene: SceneState): string {
  if (scene.phase === 'asking') return 'The photo is shown once Focal may look for faces in it.';
  return isIdle(scene) ? 'The photo is shown once faces have been looked for.' : 'Looking for faces …';
}
