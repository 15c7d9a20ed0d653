import { useCallback, useEffect, useState } from 'react';
import { Icon } from '../../ui/icons.tsx';
import { thumbnailUrl } from '../api/api.ts';
import type { DuplicateGroup } from '../api/types.ts';
import { GridLoading } from '../grid/grid-loading.tsx';
import { Thumbnail } from '../grid/thumbnail.tsx';
import { describeError } from '../state/describe-error.ts';
import { describeAsset, formatBytes } from '../ui/format.ts';
import { useLibrary, useLibraryEngine } from '../ui/library-context.tsx';
import { Notice } from '../ui/notice.tsx';

/** Photos that look the same, and files of one content, in groups. */
export function DuplicatesView() {
  const { api } = useLibraryEngine();
  const mark = useLibrary(({ progress }) => `${progress?.assets} ${progress?.trashed}`);
  const [groups, setGroups] = useState<readonly DuplicateGroup[] | undefined>(undefined);
  const [total, setTotal] = useState(0);
  const [problem, setProblem] = useState<string | undefined>(undefined);
  const load = useCallback(
    async (before: readonly DuplicateGroup[]) => {
      try {
        const page = await api.duplicates(before.length);
        setGroups([...before, ...page.groups]);
        setTotal(page.total);
        setProblem(undefined);
      } catch (error) {
        setProblem(describeError(error));
      }
    },
    [api],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again whenever photos come or go
  useEffect(() => void load([]), [load, mark]);
  if (problem !== undefined && groups === undefined) {
    return <Notice icon="warning" title="Duplicates could not be listed" text={problem} />;
  }
  if (groups === undefined) return <GridLoading />;
  if (groups.length === 0) {
    return (
      <Notice
        icon="copy"
        title="No duplicates"
        text="Photos that look the same, and files that lie in several places, are shown here once they are found."
      />
    );
  }
  return (
    <div className="view-scroll">
      <div className="view-head">
        <h1>Duplicates</h1>
        <p>
          {total.toLocaleString()} {total === 1 ? 'group' : 'groups'}. The largest stands first.
        </p>
      </div>
      {groups.map((group) => (
        <Group key={group.assets.map(({ id }) => id).join()} group={group} />
      ))}
      {groups.length < total && (
        <button type="button" className="button" onClick={() => void load(groups)}>
          Show more
        </button>
      )}
    </div>
  );
}

function Group({ group: { assets, isExact } }: { readonly group: DuplicateGroup }) {
  const engine = useLibraryEngine();
  const [best, ...others] = assets;
  if (best === undefined) return null;
  const saved = others.reduce((sum, { bytes }) => sum + bytes, 0);
  const isLargest = others.some(({ width, height, bytes }) => {
    return width * height < best.width * best.height || bytes < best.bytes;
  });
  const kept = isLargest ? 'largest' : 'first';
  return (
    <section className="duplicate-group" aria-label={isExact ? 'The same file in several places' : 'Look the same'}>
      <header>
        <h2>{isExact ? `The same file in ${best.places} places` : `${assets.length} look the same`}</h2>
        {!isExact && (
          <button type="button" className="button small" onClick={() => void engine.trash(others.map(({ id }) => id))}>
            <Icon name="check" size={16} />
            Keep the {kept}, throw away {formatBytes(saved)}
          </button>
        )}
      </header>
      <ul>
        {assets.map((asset) => (
          <li key={asset.id}>
            <button
              type="button"
              className="duplicate-picture"
              aria-label={describeAsset(asset)}
              onClick={() => engine.go({ assetId: asset.id })}
            >
              <Thumbnail src={thumbnailUrl(asset)} />
            </button>
            {asset.paths.map((path) => (
              <span key={path} className="duplicate-place" title={path}>
                {shortenPath(path)}
              </span>
            ))}
            <span>
              {asset.width} × {asset.height} · {formatBytes(asset.bytes)}
              {!isExact && asset === best && ` · the ${kept}`}
            </span>
            {!isExact && (
              <button type="button" className="link-button" onClick={() => void engine.trash([asset.id])}>
                To the trash
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** A file's name and the folder that it lies in. */
function shortenPath(path: string): string {
  const parts = path.split(/[\\/]/);
  return parts.length > 3 ? `…/${parts.slice(-2).join('/')}` : path;
}
