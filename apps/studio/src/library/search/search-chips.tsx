import { useState } from 'react';
import { useStore } from 'zustand';
import { Icon, type IconName } from '../../ui/icons.tsx';
import type { SearchPart } from '../api/types.ts';
import type { AssetList } from '../list/asset-list.ts';
import { useLibrary, useLibraryEngine } from '../ui/library-context.tsx';
import { DateChip } from './date-chip.tsx';
import { toChip, withChip, withoutParts, withSort } from './edit-search.ts';
import { SaveSearchDialog } from './save-search-dialog.tsx';
import { useSearchHelp } from './use-search-help.ts';

const MOST_THINGS = 12;
const SORTS = [
  ['newest', 'Newest first'],
  ['oldest', 'Oldest first'],
  ['added', 'Added last'],
  ['name', 'By name'],
  ['rating', 'Best rated'],
  ['size', 'Largest first'],
] as const;
/** Chips that are offered, by what they are called. */
const OFFERED: readonly { readonly chip: string; readonly label: string; readonly icon?: IconName }[] = [
  { chip: 'is:favourite', label: 'Favourites', icon: 'heart' },
  { chip: 'is:smiling', label: 'Smiling' },
];
const KINDS: typeof OFFERED = [
  { chip: 'type:photo', label: 'Photos', icon: 'open' },
  { chip: 'type:video', label: 'Videos', icon: 'video' },
];
const ICONS: Readonly<Record<string, IconName>> = {
  person: 'people',
  place: 'pin',
  box: 'pin',
  date: 'calendar',
  camera: 'camera',
  album: 'album',
  text: 'search',
};

/** What is searched for, and what else there is to search for. */
export function SearchChips({ list }: { readonly list: AssetList | undefined }) {
  const engine = useLibraryEngine();
  const search = useLibrary((state) => state.place.search);
  const things = useLibrary((state) => state.things);
  const hasVideos = useLibrary(({ progress }) => (progress?.videos ?? 0) > 0);
  const hasPhotos = useLibrary(({ progress }) => (progress?.photos ?? 0) > 0);
  const help = useSearchHelp(search, undefined);
  const [isSaving, setSaving] = useState(false);
  const parts = help.text === search ? help.parts : [];
  const isUnderstood = help.text === search && help.problem === undefined;
  const go = (wanted: string) => engine.go({ search: wanted });
  const chips = new Set(parts.map(({ chip }) => chip));
  const toggle = (chip: string) =>
    go(chips.has(chip) ? withoutParts(search, parts, (part) => part.chip === chip) : withChip(search, parts, chip));
  const isOther = ({ chip }: { readonly chip: string }) => !chips.has(chip);
  const others = things.filter(({ label }) => !chips.has(toChip('thing', label))).slice(0, MOST_THINGS);
  const sort = parts.find(({ kind }) => kind === 'sort')?.chip.replace('sort:', '') ?? 'newest';
  return (
    <div className="search-chips" role="group" aria-label="Narrow it down">
      {search !== '' && list !== undefined && <FoundCount list={list} />}
      {parts
        .filter(({ kind }) => kind !== 'sort')
        .map((part) => (
          <FilterChip
            key={`${part.offset} ${part.chip}`}
            {...iconOf(part)}
            label={part.label}
            title={part.chip}
            isOn
            onToggle={() => go(withoutParts(search, parts, (each) => each === part))}
          />
        ))}
      {isUnderstood && search !== '' && (
        <button type="button" className="filter-chip" onClick={() => setSaving(true)}>
          <Icon name="album" size={14} />
          Save as album
        </button>
      )}
      {search !== '' && (
        <button type="button" className="link-button" onClick={() => go('')}>
          Clear all
        </button>
      )}
      {(isUnderstood || search === '') && (
        <>
          {list !== undefined && (
            <label className="sort-chip">
              <span className="visually-hidden">Order</span>
              <select value={sort} onChange={(event) => go(withSort(search, parts, event.currentTarget.value))}>
                {SORTS.map(([value, label]) => (
                  <option key={value} value={value}>
                    {label}
                  </option>
                ))}
              </select>
              <Icon name="chevron" size={14} />
            </label>
          )}
          {[...OFFERED, ...(hasVideos && hasPhotos ? KINDS : [])].filter(isOther).map(({ chip, label, icon }) => (
            <FilterChip
              key={chip}
              {...(icon !== undefined && { icon })}
              label={label}
              isOn={false}
              onToggle={() => toggle(chip)}
            />
          ))}
          {!parts.some(({ kind }) => kind === 'date') && (
            <DateChip onChoose={(from, to) => go(withChip(search, parts, toDateChip(from, to)))} />
          )}
          {others.length > 0 && <span className="chips-line" />}
          {others.map(({ label, count }) => (
            <FilterChip
              key={label}
              label={label}
              count={count}
              isOn={false}
              onToggle={() => toggle(toChip('thing', label))}
            />
          ))}
        </>
      )}
      {isSaving && <SaveSearchDialog search={search} onClose={() => setSaving(false)} />}
    </div>
  );
}

function iconOf({ kind, chip }: SearchPart): { readonly icon?: IconName } {
  if (chip === 'is:favourite') return { icon: 'heart' };
  const icon = ICONS[kind];
  return icon === undefined ? {} : { icon };
}

function toDateChip(from: string | undefined, to: string | undefined): string {
  return from === to ? `date:${from}` : `date:${from ?? ''}..${to ?? ''}`;
}

function FoundCount({ list }: { readonly list: AssetList }) {
  const phase = useStore(list.store, (state) => state.phase);
  const { count, isExact } = useStore(list.store, (state) => state.total);
  return (
    <span className="found-count" role="status">
      {phase === 'ready'
        ? `${count.toLocaleString()}${isExact ? '' : '+'} found`
        : phase === 'loading'
          ? 'Searching …'
          : ''}
    </span>
  );
}

function FilterChip(props: {
  readonly label: string;
  readonly title?: string;
  readonly icon?: IconName;
  readonly count?: number;
  readonly isOn: boolean;
  readonly onToggle: () => void;
}) {
  const { label, title, icon, count, isOn, onToggle } = props;
  return (
    <button type="button" className="filter-chip" aria-pressed={isOn} title={title} onClick={onToggle}>
      {icon !== undefined && <Icon name={icon} size={14} />}
      <span className="filter-label">{label}</span>
      {count !== undefined && <span className="filter-count">{count.toLocaleString()}</span>}
      {isOn && <Icon name="close" size={12} />}
    </button>
  );
}
