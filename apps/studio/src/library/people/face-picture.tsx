import { useState } from 'react';
import { Icon } from '../../ui/icons.tsx';
import { faceUrl } from '../api/api.ts';
import type { Person } from '../api/types.ts';

/** A face, cut round; a sign in its place where there is none. */
export function FacePicture({
  id,
  version,
}: {
  readonly id: number | undefined;
  readonly version: string | undefined;
}) {
  const [isBroken, setBroken] = useState(false);
  return (
    <span className="face-picture">
      {id === undefined || version === undefined || isBroken ? (
        <Icon name="people" size={28} />
      ) : (
        <img
          src={faceUrl(id, version)}
          alt=""
          loading="lazy"
          decoding="async"
          draggable={false}
          onError={() => setBroken(true)}
        />
      )}
    </span>
  );
}

export function Cover({ person: { coverFaceId, coverVersion } }: { readonly person: Person }) {
  return <FacePicture key={coverVersion} id={coverFaceId} version={coverVersion} />;
}

export function titleOf({ name }: { readonly name: string }): string {
  return name === '' ? 'Unnamed' : name;
}

export function countFaces(count: number): string {
  return count === 1 ? '1 face' : `${count.toLocaleString()} faces`;
}
