import { type FormEvent, type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { Icon, type IconName } from '../../ui/icons.tsx';
import type { SearchSuggestion } from '../api/types.ts';
import { useLibrary, useLibraryEngine } from '../ui/library-context.tsx';
import { SearchProblem } from './search-problem.tsx';
import { useSearchHelp } from './use-search-help.ts';

const ICONS: Readonly<Record<SearchSuggestion['kind'], IconName>> = {
  person: 'people',
  thing: 'search',
  place: 'pin',
  album: 'album',
  camera: 'camera',
  word: 'search',
  date: 'calendar',
  key: 'plus',
};
/** How a suggestion is called for those who do not see its icon. */
const KINDS: Readonly<Record<SearchSuggestion['kind'], string>> = {
  person: 'person',
  thing: 'thing',
  place: 'place',
  album: 'album',
  camera: 'camera',
  word: '',
  date: 'date',
  key: 'chip',
};

/** One box for words and chips, with what could stand where one writes, and what is wrong with what stands there. */
export function SearchBox() {
  const engine = useLibraryEngine();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const mirror = useRef<HTMLDivElement>(null);
  const search = useLibrary((state) => state.place.search);
  const view = useLibrary((state) => state.place.view);
  const [text, setText] = useState(search);
  const [at, setAt] = useState<number | undefined>(undefined);
  const [isOpen, setOpen] = useState(false);
  const [chosen, setChosen] = useState(-1);
  const help = useSearchHelp(text, at);
  useEffect(() => setText((now) => (now.trim() === search ? now : search)), [search]);

  const suggestions = isOpen && help.text === text ? help.suggestions : [];
  const problem = help.text === text ? help.problem : undefined;
  // Nobody is told of a word that is not written to its end.
  const isWriting =
    problem !== undefined && at !== undefined && at <= problem.offset + problem.length && text !== search;
  const isShown = isOpen && (suggestions.length > 0 || (problem !== undefined && !isWriting));

  const go = (wanted: string) => {
    engine.go({
      view: view === 'map' ? 'map' : 'photos',
      albumId: undefined,
      assetId: undefined,
      search: wanted.trim(),
    });
  };
  const take = ({ text: written, offset, length, kind }: SearchSuggestion) => {
    const after = text.slice(offset + length);
    const begun = `${text.slice(0, offset)}${written}${kind === 'key' ? '' : ' '}`;
    setText(begun + after.trimStart());
    setChosen(-1);
    setOpen(kind === 'key');
    setAt(begun.length);
    requestAnimationFrame(() => input.current?.setSelectionRange(begun.length, begun.length));
    if (kind !== 'key') go(begun + after);
  };
  const takeMeant = (meant: string) => {
    setText(meant);
    setOpen(false);
    go(meant);
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    const suggestion = suggestions[chosen];
    if (suggestion !== undefined) return take(suggestion);
    setOpen(false);
    setChosen(-1);
    go(text);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    const first = suggestions[Math.max(0, chosen)];
    if (event.key === 'Escape') {
      event.stopPropagation();
      if (isShown) setOpen(false);
      else if (text !== '') setText('');
      else event.currentTarget.blur();
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      setOpen(true);
      const by = event.key === 'ArrowDown' ? 1 : -1;
      setChosen((now) => Math.min(suggestions.length - 1, Math.max(-1, now + by)));
    } else if (
      event.key === 'Tab' &&
      !event.shiftKey &&
      isShown &&
      first !== undefined &&
      (chosen >= 0 || isWord(text, at))
    ) {
      event.preventDefault();
      take(first);
    }
  };
  const follow = () => {
    if (mirror.current !== null && input.current !== null) mirror.current.scrollLeft = input.current.scrollLeft;
  };
  return (
    <form className="search-box" role="search" onSubmit={onSubmit}>
      <Icon name="search" size={17} />
      <div className="search-field">
        <div className="search-mirror" ref={mirror} aria-hidden="true">
          {problem !== undefined && !isWriting && (
            <>
              {text.slice(0, problem.offset)}
              <mark>{text.slice(problem.offset, problem.offset + problem.length)}</mark>
            </>
          )}
        </div>
        <input
          ref={input}
          id="library-search"
          type="text"
          inputMode="search"
          enterKeyHint="search"
          role="combobox"
          aria-label="Search the library"
          aria-expanded={isShown}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={isShown && chosen >= 0 ? `${id}-${chosen}` : undefined}
          aria-invalid={problem !== undefined && !isWriting}
          aria-describedby={isShown && problem !== undefined && !isWriting ? `${id}-problem` : undefined}
          placeholder="Search: dogs last summer"
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          maxLength={2000}
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value);
            setAt(event.currentTarget.selectionStart ?? undefined);
            setOpen(true);
            setChosen(-1);
          }}
          onSelect={(event) => {
            setAt(event.currentTarget.selectionStart ?? undefined);
            follow();
          }}
          onScroll={follow}
          onFocus={(event) => {
            setAt(event.currentTarget.selectionStart ?? undefined);
            setOpen(true);
          }}
          onBlur={() => {
            setOpen(false);
            setAt(undefined);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      {text === '' ? (
        <kbd className="search-key">/</kbd>
      ) : (
        <button
          type="button"
          className="icon-button small"
          aria-label="Clear the search"
          onClick={() => {
            setText('');
            if (search !== '') go('');
          }}
        >
          <Icon name="close" size={14} />
        </button>
      )}
      {isShown && (
        <div className="search-panel">
          {problem !== undefined && !isWriting && (
            <SearchProblem id={`${id}-problem`} problem={problem} meant={help.meant} onTake={takeMeant} />
          )}
          <div className="search-list" id={`${id}-list`} role="listbox" aria-label="What could stand here">
            {suggestions.map((suggestion, index) => (
              <div
                key={`${suggestion.text} ${suggestion.label}`}
                id={`${id}-${index}`}
                role="option"
                tabIndex={-1}
                aria-selected={index === chosen}
                className="search-option"
                // The field keeps the focus, so that the list is still there when the click comes.
                onPointerDown={(event) => event.preventDefault()}
                onClick={() => take(suggestion)}
                onKeyDown={undefined}
              >
                <Icon name={ICONS[suggestion.kind]} size={16} />
                <span className="search-label">{suggestion.label}</span>
                <span className="visually-hidden">{KINDS[suggestion.kind]}</span>
                {suggestion.count !== undefined && (
                  <span className="search-count">{suggestion.count.toLocaleString()}</span>
                )}
              </div>
            ))}
          </div>
        </div>
      )}
    </form>
  );
}

/** Whether one is at the end of a word, which Tab may complete; else it leads on. */
function isWord(text: string, at: number | undefined): boolean {
  return at !== undefined && at > 0 && /\S/.test(text[at - 1] ?? ' ');
}
