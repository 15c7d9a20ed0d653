import type { Edits } from '../state/types.ts';
import { useStudio } from '../ui/context.tsx';
import { type Look, looks } from './looks.ts';

/** Looks to begin with, one press each. */
export function LookBar({ onApply }: { readonly onApply: () => void }) {
  const effects = useStudio((state) => state.effects);
  const edits = useStudio((state) => state.history.present);
  const applySteps = useStudio((state) => state.applySteps);
  const names = new Set(effects.map(({ name }) => name));
  return (
    <div className="looks" role="group" aria-label="Looks">
      {looks
        .filter(({ steps }) => steps.every(({ effect }) => names.has(effect)))
        .map((look) => (
          <button
            key={look.title}
            type="button"
            className="look"
            aria-pressed={isLook(edits, look)}
            onClick={() => {
              applySteps(look.steps);
              onApply();
            }}
          >
            {look.title}
          </button>
        ))}
    </div>
  );
}

/** Whether the steps are a look's, its values changed or not. */
function isLook({ steps }: Edits, look: Look): boolean {
  const sign = (each: { readonly effect: string; readonly on?: string | undefined }) => `${each.effect} ${each.on}`;
  if (steps.map(sign).join() !== look.steps.map(sign).join()) return false;
  // Looks of the same steps differ by what they set.
  return look.steps.every(({ params }, index) =>
    Object.entries(params).every(([name, value]) => typeof value === 'number' || steps[index]?.params[name] === value),
  );
}
