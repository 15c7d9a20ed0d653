import { Icon } from '../../ui/icons.tsx';
import type { SearchHelp } from '../api/types.ts';

/** Why a search cannot be understood. */
export function SearchProblem({
  id,
  problem: { detail, hint },
}: {
  readonly id: string;
  readonly problem: NonNullable<SearchHelp['problem']>;
}) {
  return (
    <p className="search-problem" id={id} role="status">
      <Icon name="warning" size={16} />
      <span>
        {detail} {hint !== undefined && <strong>{hint}</strong>}
      </span>
    </p>
  );
}
