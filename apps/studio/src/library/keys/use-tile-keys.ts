import { useEffect } from 'react';
import { toKeyName } from '../../help/shortcuts.ts';
import { boxAt, findVertically } from '../grid/layout.ts';
import type { GridView } from '../grid/use-grid-view.ts';
import type { AssetList } from '../list/asset-list.ts';
import { findAsset } from '../list/section.ts';
import { useLibraryParts } from '../ui/library-context.tsx';
import { isTaken } from './is-taken.ts';

/** Arrows, Home and End go through the grid, with Shift they select; Enter opens, Space selects. */
export function useTileKeys(list: AssetList, view: GridView): void {
  const { store, engine } = useLibraryParts();
  useEffect(() => {
    const sectionsOf = () => list.store.getState().sections;
    const focus = (id: number, isRange: boolean): void => {
      const { focusId, anchorId } = store.getState();
      if (isRange) {
        if (anchorId === undefined && focusId !== undefined) engine.toggle(focusId);
        void engine.selectTo(id);
      }
      store.setState({ focusId: id });
      const at = findAsset(sectionsOf(), id);
      const box = at === undefined ? undefined : boxAt(view.layout, at.section, at.index);
      if (box !== undefined) view.reveal(box.y, box.height);
      // What has the focus is framed, and arrows no longer scroll.
      document.querySelector<HTMLElement>('.grid-scroller')?.focus({ preventScroll: true });
    };
    const first = (): number | undefined => {
      const inSight = view.layout.sections.find(
        ({ top, height, section }) => top + height > view.sight.top && section.assets.length > 0,
      );
      const row = inSight?.rows.find(({ top }) => inSight.top + top >= view.sight.top) ?? inSight?.rows[0];
      return row === undefined ? undefined : inSight?.section.assets[row.from]?.id;
    };
    const move = async (key: string, isRange: boolean): Promise<void> => {
      const { focusId } = store.getState();
      const at = focusId === undefined ? undefined : findAsset(sectionsOf(), focusId);
      if (key === 'home' || key === 'end') {
        const section = key === 'home' ? sectionsOf()[0] : sectionsOf().at(-1);
        if (section === undefined) return;
        view.scrollTo(key === 'home' ? 0 : view.layout.height);
        await list.load(section.key);
        const { assets = [] } = sectionsOf().find((each) => each.key === section.key) ?? {};
        const id = assets.at(key === 'home' ? 0 : -1)?.id;
        if (id !== undefined) focus(id, isRange);
        return;
      }
      if (focusId === undefined || at === undefined) {
        const id = first();
        if (id !== undefined) focus(id, false);
        return;
      }
      if (key === 'arrowleft' || key === 'arrowright') {
        const next = await engine.neighbour(focusId, key === 'arrowleft' ? -1 : 1);
        if (next !== undefined) focus(next.id, isRange);
        return;
      }
      const by = key === 'arrowup' ? -1 : 1;
      const vertical = findVertically(view.layout, at, by);
      // Beyond what is loaded the next one in order comes closest.
      const id =
        vertical === undefined
          ? (await engine.neighbour(focusId, by))?.id
          : sectionsOf()[vertical.section]?.assets[vertical.index]?.id;
      if (id !== undefined) focus(id, isRange);
    };
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || store.getState().place.assetId !== undefined || isTaken(event)) return;
      const name = toKeyName(event);
      const { focusId } = store.getState();
      if (/^(arrow(left|right|up|down)|home|end)$/.test(name)) {
        event.preventDefault();
        void engine.attempt(() => move(name, event.shiftKey));
      } else if (focusId !== undefined && name === 'enter') {
        event.preventDefault();
        const { isMoving, selection } = store.getState();
        if (isMoving) return void engine.moveInAlbum([...selection], focusId);
        engine.go({ assetId: focusId });
      } else if (focusId !== undefined && name === ' ') {
        event.preventDefault();
        if (event.shiftKey) void engine.selectTo(focusId);
        else engine.toggle(focusId);
      }
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, [list, view, store, engine]);
}
