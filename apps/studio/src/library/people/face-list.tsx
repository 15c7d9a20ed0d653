import { Icon } from '../../ui/icons.tsx';
import type { PersonFace } from '../api/types.ts';
import { useLibraryEngine } from '../ui/library-context.tsx';
import { FacePicture } from './face-picture.tsx';

/** Faces to choose from: a click chooses one, a double click opens its photo. */
export function FaceList({
  faces,
  chosen,
  label,
  onToggle,
}: {
  readonly faces: readonly PersonFace[];
  readonly chosen: ReadonlySet<number>;
  readonly label: string;
  readonly onToggle: (id: number) => void;
}) {
  const engine = useLibraryEngine();
  return (
    <ul className="face-list">
      {faces.map((face, index) => (
        <li key={face.id}>
          <button
            type="button"
            className="face-tile"
            aria-pressed={chosen.has(face.id)}
            aria-label={`${label} ${index + 1}${face.isConfirmed ? ', confirmed' : ''}`}
            onClick={() => onToggle(face.id)}
            onDoubleClick={() => engine.go({ assetId: face.assetId })}
          >
            <FacePicture key={face.version} id={face.id} version={face.version} />
            {face.isConfirmed && (
              <span className="person-mark" title="You said so">
                <Icon name="check" size={14} />
              </span>
            )}
          </button>
        </li>
      ))}
    </ul>
  );
}
