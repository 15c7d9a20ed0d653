import { useState } from 'react';
import { LookBar } from '../looks/look-bar.tsx';
import { LookFoot } from '../looks/look-foot.tsx';
import { RefinePanel } from '../refine/refine-panel.tsx';
import { SceneSection } from '../scene/scene-section.tsx';
import { SmartSection } from '../smart/smart-section.tsx';
import { StepStack } from '../steps/step-stack.tsx';
import { useStudio } from '../ui/context.tsx';
import { SheetHandle } from '../ui/sheet-handle.tsx';

/** Looks, and the steps that are done to the photo with their controls. A sheet at the bottom on small screens. */
export function Panel() {
  const hasEffects = useStudio((state) => state.effects.length > 0);
  const refining = useStudio((state) => state.refining);
  const [isOpen, setOpen] = useState(true);
  if (!hasEffects) return null;
  return (
    <aside className="panel" aria-label="Adjustments" data-open={isOpen}>
      <SheetHandle isOpen={isOpen} onChange={setOpen} />
      {refining !== undefined && <RefinePanel refining={refining} />}
      <div className="panel-head" hidden={refining !== undefined}>
        <LookBar onApply={() => setOpen(true)} />
      </div>
      <div className="panel-scroll" hidden={refining !== undefined}>
        <StepStack />
        <LookFoot />
        <SmartSection />
        <SceneSection />
      </div>
    </aside>
  );
}
