import { Icon } from '../../ui/icons.tsx';
import type { Section } from '../list/section.ts';
import { useLibrary } from '../ui/library-context.tsx';

/** The name of a month, how many are in it, and a way to take all of them. */
export function SectionTitle({ section, onSelect }: { readonly section: Section; readonly onSelect: () => void }) {
  const isWhole = useLibrary(
    ({ selection }) =>
      selection.size >= section.count &&
      section.assets.length === section.count &&
      section.assets.every(({ id }) => selection.has(id)),
  );
  return (
    <div className="section-title">
      <h2>{section.title}</h2>
      <span className="section-count">{section.count.toLocaleString()}</span>
      <button
        type="button"
        className="section-select"
        aria-pressed={isWhole}
        aria-label={`Select all of ${section.title}`}
        title="Select all of them"
        onClick={onSelect}
      >
        <Icon name="check" size={14} />
      </button>
    </div>
  );
}
