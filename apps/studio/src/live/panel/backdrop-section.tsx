import type { ParameterInfo } from '@focal/core';
import type { LiveBackdrop } from '@focal/web';
import { useRef } from 'react';
import { ColorControl } from '../../panel/color-control.tsx';
import { Icon } from '../../ui/icons.tsx';
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
  const input = useRef<HTMLInputElement>(null);
  const take = (file: File | undefined) => {
    if (file !== undefined) void engine.setBackdrop(file);
  };
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
        <button
          type="button"
          className="asset"
          data-asset-drop
          onClick={() => input.current?.click()}
          onDragOver={(event) => event.preventDefault()}
          onDrop={(event) => {
            event.preventDefault();
            take(event.dataTransfer.files[0]);
          }}
        >
          <span className="asset-icon">
            <Icon name="open" size={22} />
          </span>
          <span className="asset-text">
            <strong>{name ?? 'Choose a picture'}</strong>
            <span>{name === undefined ? 'or drop it here' : 'Choose another'}</span>
          </span>
          <input
            ref={input}
            type="file"
            accept="image/*"
            hidden
            aria-label="Picture behind people"
            onClick={(event) => event.stopPropagation()}
            onChange={(event) => {
              take(event.currentTarget.files?.[0]);
              event.currentTarget.value = '';
            }}
          />
        </button>
      )}
    </div>
  );
}
