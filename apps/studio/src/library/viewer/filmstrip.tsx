import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { thumbnailUrl } from '../api/api.ts';
import type { AssetSummary } from '../api/types.ts';
import { isMakingThumbnails } from '../folders/import-progress.ts';
import { Thumbnail } from '../grid/thumbnail.tsx';
import type { AssetList } from '../list/asset-list.ts';
import { findAsset } from '../list/section.ts';
import { describeAsset } from '../ui/format.ts';
import { useLibrary, useLibraryEngine } from '../ui/library-context.tsx';

/** How many are shown to each side. */
const BESIDE = 12;

/** Those before and after the photo that is open. */
export function Filmstrip({ list, id }: { readonly list: AssetList; readonly id: number }) {
  const engine = useLibraryEngine();
  const sections = useStore(list.store, (state) => state.sections);
  const isMaking = useLibrary(isMakingThumbnails);
  const [shown, setShown] = useState<readonly AssetSummary[]>([]);
  useEffect(() => {
    const around: AssetSummary[] = [];
    const at = findAsset(sections, id);
    if (at === undefined) return setShown([]);
    // Neighbours as far as they are loaded; going there loads more.
    for (let by = -BESIDE; by <= BESIDE; by++) {
      const asset = walk(sections, at, by);
      if (asset !== undefined) around.push(asset);
    }
    setShown(around);
  }, [sections, id]);
  if (shown.length < 2) return null;
  return (
    <div className="filmstrip" role="group" aria-label="Photos before and after">
      {shown.map((asset) => (
        <button
          key={asset.id}
          type="button"
          className="film"
          aria-label={describeAsset(asset)}
          aria-current={asset.id === id}
          ref={(element) => {
            if (asset.id === id) element?.scrollIntoView({ inline: 'center', block: 'nearest' });
          }}
          onClick={() => engine.go({ assetId: asset.id }, 'replace')}
        >
          {(asset.isIndexed || !isMaking) && <Thumbnail key={asset.version} src={thumbnailUrl(asset)} />}
        </button>
      ))}
    </div>
  );
}

/** So many photos on, through what is loaded without a gap. */
function walk(
  sections: readonly { readonly assets: readonly AssetSummary[]; readonly count: number }[],
  from: { readonly section: number; readonly index: number },
  by: number,
): AssetSummary | undefined {
  let { section, index } = from;
  for (let left = Math.abs(by); left > 0; left--) {
    index += Math.sign(by);
    const now = sections[section];
    if (now?.assets[index] !== undefined) continue;
    if (now === undefined || (by > 0 && now.assets.length < now.count)) return undefined;
    section += Math.sign(by);
    const next = sections[section];
    if (next === undefined || (by < 0 && next.assets.length < next.count)) return undefined;
    index = by > 0 ? 0 : next.assets.length - 1;
  }
  return sections[section]?.assets[index];
}
