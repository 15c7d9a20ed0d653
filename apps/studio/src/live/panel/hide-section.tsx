import type { ParameterInfo } from '@focal/core';
import type { HideSettings, LiveCover } from '@focal/web';
import { ColorControl } from '../../panel/color-control.tsx';
import { Segments } from '../../ui/segments.tsx';
import { useLive } from '../ui/live-context.tsx';

const WHAT = [
  { value: 'faces', label: 'Faces' },
  { value: 'people', label: 'Whole people' },
];
const WHOM = [
  { value: 'all', label: 'Everyone' },
  { value: 'others', label: 'All but one' },
];
const COVERS = [
  { value: 'blur', label: 'Blur' },
  { value: 'mosaic', label: 'Mosaic' },
  { value: 'solid', label: 'Colour' },
];
const COLOR: Extract<ParameterInfo, { type: 'string' }> = {
  name: 'coverColor',
  type: 'string',
  title: 'Colour',
  description: 'What is seen in their place.',
  control: 'color',
  default: '#202226',
};

/** What is hidden, of whom, and what is seen instead. */
export function HideSection() {
  const { hides, sparesLocked, cover, coverColor } = useLive((state) => state.settings);
  const change = useLive((state) => state.change);
  return (
    <>
      <div className="control">
        <span className="control-title">Hide</span>
        <Segments
          label="Hide"
          value={hides}
          options={WHAT}
          onChange={(value) => change({ hides: value as HideSettings['what'] })}
        />
      </div>
      <div className="control">
        <span className="control-title">Of</span>
        <Segments
          label="Of"
          value={sparesLocked ? 'others' : 'all'}
          options={WHOM}
          onChange={(value) => change({ sparesLocked: value === 'others' })}
        />
        {sparesLocked && (
          <p className="hint">
            Click whoever is to be seen. Where it is not sure which face is theirs, all of them are hidden.
          </p>
        )}
      </div>
      <div className="live-backdrop">
        <span className="control-title">Instead</span>
        <Segments
          label="Instead"
          value={cover}
          options={COVERS}
          onChange={(value) => change({ cover: value as LiveCover['kind'] })}
        />
        {cover === 'solid' && (
          <ColorControl parameter={COLOR} value={coverColor} onChange={(value) => change({ coverColor: value })} />
        )}
      </div>
    </>
  );
}
