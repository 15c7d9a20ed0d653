import type { ParameterInfo } from '@focal/core';
import type { LiveBackdrop } from '@focal/web';
import { ColorControl } from '../../panel/color-control.tsx';
import { FileButton } from '../../ui/file-button.tsx';
import { Segments } from '../../ui/segments.tsx';
import { useLive, useLiveEngine } from '../ui/live-context.tsx';

const OPTIONS = [
  { value: 'blur', label: 'Blur' },
  { value: 'color', label: 'Colour' },
  { value: 'picture', label: 'Picture' },
];

const COLOR: Extract<ParameterInfo, { type: 'string' }> = {
  name: 'backdropColor',
  type: 'string',
  title: 'Colour',
  description: 'What stands behind people.',
  control: 'color',
  default: '#4f8f6b',
};

/** What stands behind people: the blurred room, a colour or a picture. */
export function BackdropSection() {
  const engine = useLiveEngine();
  const backdrop = useLive((state) => state.settings.backdrop);
  const color = useLive((state) => state.settings.backdropColor);
  const name = useLive((state) => state.backdropName);
  const change = useLive((state) => state.change);
  return (
    <div className="live-backdrop">
      <span className="control-title">Behind people</span>
      <Segments
        label="Behind people"
        value={backdrop}
        options={OPTIONS}
        onChange={(value) => change({ backdrop: value as LiveBackdrop['kind'] })}
      />
      {backdrop === 'color' && (
        <ColorControl parameter={COLOR} value={color} onChange={(value) => change({ backdropColor: value })} />
      )}
      {backdrop === 'picture' && (
        <FileButton
          label="Picture behind people"
          chosen={name === undefined ? undefined : { name }}
          onChoose={(file) => void engine.setBackdrop(file)}
        />
      )}
    </div>
  );
}
