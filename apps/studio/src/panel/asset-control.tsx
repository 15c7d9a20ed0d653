import { useRef } from 'react';
import { findOpenStep } from '../state/look-actions.ts';
import { useEngine, useStudio } from '../ui/context.tsx';
import { Icon } from '../ui/icons.tsx';

/** Chooses a further picture that the effect takes, such as the new background; also by dropping one on it. */
export function AssetControl({
  asset,
}: {
  readonly asset: { readonly name: string; readonly title: string; readonly description: string };
}) {
  const engine = useEngine();
  const chosen = useStudio((state) => state.assets[findOpenStep(state)?.assets[asset.name] ?? '']);
  const input = useRef<HTMLInputElement>(null);
  const take = (file: File | undefined) => {
    if (file !== undefined) void engine.setAsset(asset.name, file, file.name);
  };
  return (
    <button
      type="button"
      className="asset"
      data-asset-drop
      title={asset.description}
      onClick={() => input.current?.click()}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        event.stopPropagation();
        take(event.dataTransfer.files[0]);
      }}
    >
      {chosen === undefined ? (
        <span className="asset-icon">
          <Icon name="open" size={22} />
        </span>
      ) : (
        <img src={chosen.url} alt="" />
      )}
      <span className="asset-text">
        <strong>{chosen === undefined ? 'Choose a picture' : chosen.name}</strong>
        <span>{chosen === undefined ? 'or drop it here' : 'Choose another'}</span>
      </span>
      <input
        ref={input}
        type="file"
        accept="image/*"
        hidden
        aria-label={asset.title}
        onClick={(event) => event.stopPropagation()}
        onChange={(event) => {
          take(event.currentTarget.files?.[0]);
          event.currentTarget.value = '';
        }}
      />
    </button>
  );
}
