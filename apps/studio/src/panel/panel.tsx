import { useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { SceneSection } from '../scene/scene-section.tsx';
import { findEffect, getParams } from '../state/store.ts';
import type { ParameterInfo, Params } from '../state/types.ts';
import { useStudio } from '../ui/context.tsx';
import { Icon } from '../ui/icons.tsx';
import { Segments } from '../ui/segments.tsx';
import { AssetControl } from './asset-control.tsx';
import { Control } from './control.tsx';

/** The effects and their controls, all made from the effects' own descriptions. A sheet at the bottom on small screens. */
export function Panel() {
  const effects = useStudio((state) => state.effects);
  const effect = useStudio(findEffect);
  const params = useStudio(useShallow(getParams));
  const setEffect = useStudio((state) => state.setEffect);
  const resetAll = useStudio((state) => state.resetAll);
  const [isOpen, setOpen] = useState(true);
  if (effect === undefined) return null;
  const isChanged = effect.parameters.some((parameter) => params[parameter.name] !== parameter.default);
  return (
    <aside className="panel" aria-label="Adjustments" data-open={isOpen}>
      <button
        type="button"
        className="sheet-handle"
        aria-expanded={isOpen}
        aria-label={isOpen ? 'Hide the controls' : 'Show the controls'}
        onClick={() => setOpen(!isOpen)}
      />
      <div className="panel-head">
        <Segments
          label="Effect"
          value={effect.name}
          options={effects.map(({ name, title }) => ({ value: name, label: title }))}
          onChange={(name) => {
            setEffect(name);
            setOpen(true);
          }}
        />
      </div>
      <div className="panel-scroll">
        <p className="panel-lead">{effect.description}</p>
        <div className="controls">
          {effect.parameters
            .filter((parameter) => isShown(parameter, params))
            .map((parameter) => (
              <div className="control-group" key={`${effect.name} ${parameter.name}`}>
                <Control parameter={parameter} value={params[parameter.name] ?? parameter.default} />
                {params[parameter.name] === 'picture' &&
                  effect.assets
                    .filter((asset) => asset.name === parameter.name)
                    .map((asset) => <AssetControl key={asset.name} asset={asset} />)}
              </div>
            ))}
        </div>
        <button type="button" className="button quiet reset-all" disabled={!isChanged} onClick={resetAll}>
          <Icon name="reset" size={16} />
          Reset all
        </button>
        <SceneSection />
      </div>
    </aside>
  );
}

/** Whether a control makes sense with the other values. */
function isShown({ when }: ParameterInfo, params: Params): boolean {
  if (when === undefined) return true;
  const value = params[when.parameter];
  return value !== undefined && when.is.includes(value);
}
