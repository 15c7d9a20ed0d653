import { findOpenStep } from '../state/look-actions.ts';
import { useEngine, useStudio } from '../ui/context.tsx';
import { FileButton } from '../ui/file-button.tsx';

/** Chooses a further picture that the effect takes, such as the new background. */
export function AssetControl({
  asset,
}: {
  readonly asset: { readonly name: string; readonly title: string; readonly description: string };
}) {
  const engine = useEngine();
  const chosen = useStudio((state) => state.assets[findOpenStep(state)?.assets[asset.name] ?? '']);
  return (
    <FileButton
      label={asset.title}
      description={asset.description}
      chosen={chosen}
      onChoose={(file) => void engine.setAsset(asset.name, file, file.name)}
    />
  );
}
