import { findOpenStep } from '../state/look-actions.ts';
import { toChosenIds } from '../steps/target-names.ts';
import { useStudio } from '../ui/context.tsx';

/** Frames around those whom the open step acts on, while they are being chosen. Lies over the photo's frame. */
export function ChosenFrames() {
  const isChoosing = useStudio((state) => state.isChoosing);
  const on = useStudio((state) => findOpenStep(state)?.on);
  const scene = useStudio((state) => (state.scene.phase === 'ready' ? state.scene.scene : undefined));
  const chosen = toChosenIds(on);
  if (!isChoosing || chosen.length === 0) return null;
  return (
    <div className="scene-light" aria-hidden="true">
      {(scene?.subjects?.subjects ?? [])
        .filter(({ id }) => chosen.includes(id))
        .map(({ id, box: { x, y, width, height } }) => (
          <div
            key={id}
            className="scene-frame"
            style={{ left: `${x * 100}%`, top: `${y * 100}%`, width: `${width * 100}%`, height: `${height * 100}%` }}
          />
        ))}
    </div>
  );
}
