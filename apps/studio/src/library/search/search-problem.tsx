import { Icon } from '../../ui/icons.tsx';
import type { SearchHelp } from '../api/types.ts';

/** Why a search cannot be understood. */
export function SearchProblem({
  id,
  problem: { detail, hint },
  meant,
  onTake,
}: {
  readonly id: string;
  readonly problem: NonNullable<SearchHelp['problem']>;
  readonly meant: string | undefined;
  readonly onTake: (meant: string) => void;
}) {
  return (
    <p className="search-problem" id={id} role="status">
      <Icon name="warning" size={16} />
      <span>
        {detail} {hint !== undefined && <strong>{hint}</strong>}
      </span>
      {meant !== undefined && (
        <button
          type="button"
          className="button small"
          // The field keeps the focus.
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => onTake(meant)}
        >
          {meant}
        </button>
      )}
    </p>
  );
}
