import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { IconButton } from '../../ui/icon-button.tsx';
import { Icon } from '../../ui/icons.tsx';
import type { Person } from '../api/types.ts';
import { AssetGrid } from '../grid/asset-grid.tsx';
import { GridLoading } from '../grid/grid-loading.tsx';
import type { AssetList } from '../list/asset-list.ts';
import { useLibrary, useLibraryEngine, useLibraryParts } from '../ui/library-context.tsx';
import { Notice } from '../ui/notice.tsx';
import { Cover, countFaces, titleOf } from './face-picture.tsx';
import { PersonFaces } from './person-faces.tsx';
import { PersonName } from './person-name.tsx';
import { useMerge } from './use-merge.ts';

const TABS = ['photos', 'faces'] as const;

/** The page of a person: name, photos, and the faces by which they are known. */
export function PersonView({ id }: { readonly id: number }) {
  const { engine, store } = useLibraryParts();
  const list = useLibrary((state) => state.list);
  const round = useLibrary((state) => state.peopleRound);
  const merge = useMerge();
  const toast = useLibrary((state) => state.toast);
  const [person, setPerson] = useState<Person | undefined>(undefined);
  const [tab, setTab] = useState<(typeof TABS)[number]>('photos');
  useEffect(() => store.setState({ lastPersonId: id }), [store, id]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again when who is who changed
  useEffect(() => {
    let isOver = false;
    engine.api.people.get(id).then(
      (found) => !isOver && setPerson(found),
      () => {
        if (isOver) return;
        // Merged into somebody else, or without a face that is theirs; one who was not there before, by an old link.
        if (person === undefined) toast('info', 'This person is not there any more.');
        engine.go({ view: 'people', personId: undefined }, 'replace');
      },
    );
    return () => {
      isOver = true;
    };
  }, [engine, id, round]);
  if (person === undefined || list === undefined) return <GridLoading />;
  const change = (text: string, what: { readonly isFavourite?: boolean; readonly isHidden?: boolean }) =>
    void engine.actOnPeople(text, () => engine.api.people.change(id, what));
  const { isFavourite, isHidden } = person;
  const showTab = (wanted: (typeof TABS)[number]) => {
    engine.clearSelection();
    setTab(wanted);
  };
  const chooseOther = () =>
    store.setState({
      choice: {
        title: `Who is ${person.name === '' ? 'this' : person.name}, too?`,
        except: id,
        onChoose: (other) =>
          void (person.name === '' && other.name !== '' ? merge(other, person) : merge(person, other)),
      },
    });
  return (
    <>
      <div className="view-head album-head person-head">
        <IconButton
          icon="previous"
          label="All people"
          onClick={() => engine.go({ view: 'people', personId: undefined })}
        />
        <Cover person={person} />
        <span className="person-title">
          <PersonName key={`${id} ${person.name}`} person={person} isLarge />
          <span className="album-count">{countFaces(person.faces)}</span>
        </span>
        <span className="spacer" />
        <span
          className="person-tabs"
          role="tablist"
          tabIndex={-1}
          aria-label="What is shown"
          onKeyDown={({ key, currentTarget }) => {
            if (key !== 'ArrowLeft' && key !== 'ArrowRight') return;
            const other = TABS.find((each) => each !== tab);
            if (other !== undefined) showTab(other);
            currentTarget.querySelector<HTMLElement>('[aria-selected=false]')?.focus();
          }}
        >
          {TABS.map((each) => (
            <button
              key={each}
              type="button"
              role="tab"
              className="filter-chip"
              aria-selected={tab === each}
              tabIndex={tab === each ? 0 : -1}
              onClick={() => showTab(each)}
            >
              {each === 'photos' ? 'Photos' : 'Faces'}
            </button>
          ))}
        </span>
        <IconButton
          icon={isFavourite ? 'heart-full' : 'heart'}
          label="Favourite"
          isPressed={isFavourite}
          onClick={() =>
            change(`${titleOf(person)} is ${isFavourite ? 'no favourite' : 'a favourite'} now.`, {
              isFavourite: !isFavourite,
            })
          }
        />
        <IconButton icon="people" label="Same person as somebody else" onClick={chooseOther} />
        <IconButton
          icon={isHidden ? 'eye' : 'eye-off'}
          label={isHidden ? 'Show again' : 'Hide'}
          isPressed={isHidden}
          onClick={() =>
            change(`${titleOf(person)} is ${isHidden ? 'shown again' : 'hidden'}.`, { isHidden: !isHidden })
          }
        />
      </div>
      {tab === 'faces' ? <PersonFaces person={person} /> : <PersonPhotos list={list} person={person} />}
    </>
  );
}

function PersonPhotos({ list, person }: { readonly list: AssetList; readonly person: Person }) {
  const engine = useLibraryEngine();
  const { phase, problem, sections } = useStore(list.store);
  if (phase === 'loading') return <GridLoading />;
  if (phase === 'failed') return <Notice icon="warning" title="Photos could not be listed" text={problem ?? ''} />;
  if (sections.length > 0) return <AssetGrid list={list} label={`Photos of ${titleOf(person)}`} />;
  return (
    <Notice icon="people" title="No photos" text="All photos of this person are in the trash, or their folder is gone.">
      <button type="button" className="button" onClick={() => engine.go({ personId: undefined })}>
        <Icon name="people" />
        All people
      </button>
    </Notice>
  );
}
