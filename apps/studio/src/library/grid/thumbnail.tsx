import { useState } from 'react';
import { Icon } from '../../ui/icons.tsx';

/** A small picture that fades in, or a mark in its place where there is none. `key` it by what it shows. */
export function Thumbnail({ src, position }: { readonly src: string; readonly position?: string }) {
  const [state, setState] = useState<'loading' | 'there' | 'failed'>('loading');
  if (state === 'failed') {
    return (
      <span className="no-picture" title="This file cannot be shown">
        <Icon name="warning" size={20} />
      </span>
    );
  }
  return (
    <img
      src={src}
      alt=""
      decoding="async"
      draggable={false}
      data-state={state}
      style={position === undefined ? undefined : { objectPosition: position }}
      ref={(image) => {
        // What the browser kept is there at once, and does not fade in.
        if (image?.complete === true && image.naturalWidth > 0 && state === 'loading') image.dataset.state = 'kept';
      }}
      onLoad={() => setState('there')}
      onError={() => setState('failed')}
    />
  );
}
