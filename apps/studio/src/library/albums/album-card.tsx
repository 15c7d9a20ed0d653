import { useState } from 'react';
import { Icon } from '../../ui/icons.tsx';
import { thumbnailUrl } from '../api/api.ts';
import type { Album } from '../api/types.ts';
import { countOf } from '../state/library-engine.ts';

export function AlbumCard({ album, onOpen }: { readonly album: Album; readonly onOpen: () => void }) {
  const { name, count, isExact, query, coverId, isPrivate, isLocked } = album;
  return (
    <button type="button" className="album-card" aria-keyshortcuts="Alt+ArrowLeft Alt+ArrowRight" onClick={onOpen}>
      <AlbumCover key={coverId} coverId={coverId} />
      <strong>{name}</strong>
      <span>
        {query !== undefined && <Icon name="search" size={13} />}
        {isPrivate && <Icon name="lock" size={13} />}
        {isLocked ? 'Private' : countOf({ length: count })}
        {isExact ? '' : ' or more'}
      </span>
    </button>
  );
}

/** The cover may be another picture under the same address, so the browser asks anew each time. */
export function AlbumCover({ coverId }: { readonly coverId: number | undefined }) {
  const [isBroken, setBroken] = useState(false);
  return (
    <span className="album-cover">
      {coverId === undefined || isBroken ? (
        <Icon name="album" size={30} />
      ) : (
        <img
          src={thumbnailUrl({ id: coverId })}
          alt=""
          draggable={false}
          decoding="async"
          onError={() => setBroken(true)}
        />
      )}
    </span>
  );
}
