import { useCallback, useEffect, useRef, useState } from 'react';
import { IconButton } from '../../ui/icon-button.tsx';
import { Icon } from '../../ui/icons.tsx';
import { originalUrl, previewUrl, versionUrl } from '../api/api.ts';
import type { AssetDetails, AssetSummary, Box } from '../api/types.ts';
import { describeError } from '../state/describe-error.ts';
import { useLibrary, useLibraryEngine, useLibraryParts } from '../ui/library-context.tsx';
import { Filmstrip } from './filmstrip.tsx';
import { InfoPanel } from './info-panel.tsx';
import { PhotoStage } from './photo-stage.tsx';
import { isWhole } from './shown-size.ts';
import { useAwake } from './use-awake.ts';
import { useSlideshow } from './use-slideshow.ts';
import { useViewerKeys } from './use-viewer-keys.ts';
import type { Zoom } from './use-zoom.ts';
import { toStudioAddress } from './versions-section.tsx';
import { VideoStage } from './video-stage.tsx';

const INFO_KEY = 'focal-library-facts';

/** One photo or video, as large as the window. */
export function Viewer({ id }: { readonly id: number }) {
  const { store, engine } = useLibraryParts();
  const list = useLibrary((state) => state.list);
  const isTrash = useLibrary((state) => state.place.view === 'trash');
  const toast = useLibrary((state) => state.toast);
  const frame = useRef<HTMLDivElement>(null);
  const zoom = useRef<Zoom | undefined>(undefined);
  const { asset, details, reload, setAsset, setDetails } = useAsset(id);
  const [sides, setSides] = useState<readonly (AssetSummary | undefined)[]>([]);
  const [hasInfo, setInfo] = useState(() => localStorage.getItem(INFO_KEY) === 'true');
  const [boxes, setBoxes] = useState<'hover' | 'all'>('hover');
  const [drawing, setDrawing] = useState<number | undefined>(undefined);
  const [litLabel, setLit] = useState<string | undefined>(undefined);
  // Only looked at: what stands in its place goes on doing so.
  const [originalOf, setOriginalOf] = useState<number | undefined>(undefined);
  const isOriginal = asset?.shown !== undefined && originalOf === asset.id;
  const toggleOriginal = () => {
    if (asset?.shown !== undefined) setOriginalOf(isOriginal ? undefined : asset.id);
  };

  useEffect(() => {
    let isOver = false;
    setSides([]);
    if (asset?.id !== id) return;
    void Promise.all([engine.neighbour(id, -1), engine.neighbour(id, 1)])
      .catch(() => [])
      .then((both) => {
        if (isOver) return;
        setSides(both);
        // The browser keeps what it has loaded, so the next one is there at once.
        for (const each of both) if (each?.kind === 'photo') new Image().src = previewUrl(each);
      });
    return () => {
      isOver = true;
    };
  }, [engine, id, asset?.id]);

  // The grid goes on from what was seen last.
  useEffect(() => store.setState({ focusId: id }), [store, id]);

  const [before, after] = sides;
  const show = useCallback((next: AssetSummary) => engine.go({ assetId: next.id }, 'replace'), [engine]);
  const go = (by: 1 | -1) => {
    const next = by === 1 ? after : before;
    if (next !== undefined) show(next);
  };
  /** Why only the small picture is here; undefined while it is not known, or where the file is there. */
  const missing = details === undefined ? undefined : describeMissing(details);
  const slideshow = useSlideshow(asset?.kind === 'photo', () => (after === undefined ? slideshow.stop() : show(after)));
  const { isAwake, wake } = useAwake(slideshow.isOn);

  const toggleInfo = () =>
    setInfo((now) => {
      localStorage.setItem(INFO_KEY, String(!now));
      return !now;
    });
  const toggleFavourite = async () => {
    const known = asset ?? (await engine.find(id).catch(() => undefined));
    if (known === undefined) return;
    if (asset !== undefined) setAsset({ ...asset, isFavourite: !asset.isFavourite });
    await engine.setFavourite([known.id], !known.isFavourite);
    if (asset === undefined) reload();
  };
  const rate = async (rating: number) => {
    const known = details ?? (await engine.api.get(id).catch(() => undefined));
    if (known === undefined) return;
    const wanted = known.rating === rating ? 0 : rating;
    if (!(await engine.change(known.id, { rating: wanted }))) return;
    // Who presses again means what was just said.
    setDetails((now) => (now?.id === known.id ? { ...now, rating: wanted } : now));
    reload();
    toast('info', wanted === 0 ? 'No stars' : wanted === 1 ? '1 star' : `${wanted} stars`);
  };
  const leaveBehind = (work: () => Promise<void>) => {
    // What is shown next stays open when this one goes.
    const next = after ?? before;
    void work();
    if (next === undefined) engine.closeAsset();
    else show(next);
  };
  const trash = () => {
    if (asset !== undefined) leaveBehind(() => (isTrash ? engine.restore([asset.id]) : engine.trash([asset.id])));
  };
  const drawFace = () => {
    if (asset?.kind !== 'photo' || isTrash) return;
    // Places of faces are those in the original.
    if (asset.shown !== undefined && !isWhole(asset)) setOriginalOf(asset.id);
    setDrawing(asset.id);
  };
  const endDrawing = () => {
    setDrawing(undefined);
    frame.current?.focus();
  };
  const nameDrawn = (box: Box) => {
    endDrawing();
    const keep = (text: string, who: { readonly person?: number; readonly name?: string }) =>
      void engine.actOnPeople(text, () => engine.api.people.draw(id, box, who));
    store.setState({
      choice: {
        title: 'Who is this?',
        onChoose: (person) =>
          keep(`It is ${person.name === '' ? 'one more of them' : person.name}.`, { person: person.id }),
        onName: (name) => keep(`It is ${name}.`, { name }),
      },
    });
  };
  const damage = asset?.isIndexed === false ? details?.problem : undefined;
  const edit = () => {
    if (missing !== undefined) return toast('error', missing);
    if (damage !== undefined) return toast('error', damage);
    if (asset?.kind === 'photo') location.assign(toStudioAddress(asset.id, isOriginal ? undefined : asset.shown));
  };
  /** What is looked at goes out: the version, or the file itself. */
  const saved =
    asset?.shown === undefined || isOriginal
      ? { url: originalUrl(id), label: asset?.shown === undefined ? 'Save the file' : 'Save the original' }
      : { url: versionUrl(id, asset.shown.versionId), label: 'Save the version' };
  const download = () => {
    if (missing !== undefined) return toast('error', missing);
    const link = document.createElement('a');
    link.href = saved.url;
    link.download = '';
    link.click();
  };
  const toggleFullscreen = () => {
    const done = document.fullscreenElement === null ? frame.current?.requestFullscreen() : document.exitFullscreen();
    // Refused where the browser does not allow it: the page stays as it is.
    done?.catch(() => undefined);
  };
  useViewerKeys({
    close: () => {
      if (drawing !== undefined) endDrawing();
      else if (slideshow.isOn) slideshow.stop();
      else engine.closeAsset();
    },
    drawFace,
    go,
    zoom: (factor) => zoom.current?.zoom(factor),
    fit: () => zoom.current?.fit(),
    actual: () => zoom.current?.actual(),
    toggleInfo,
    toggleOriginal,
    toggleBoxes: () => setBoxes((now) => (now === 'all' ? 'hover' : 'all')),
    toggleFavourite: () => void toggleFavourite(),
    play: () => {
      if (slideshow.isOn || asset?.kind === 'photo') slideshow.toggle();
      else togglePlaying(frame.current?.querySelector('video'));
    },
    toggleFullscreen,
    rate: (rating) => void rate(rating),
    trash,
    edit,
    download,
  });

  useEffect(() => {
    const focused = document.activeElement;
    frame.current?.focus();
    return () => {
      if (focused instanceof HTMLElement && focused.isConnected) focused.focus();
    };
  }, []);

  const showsInfo = hasInfo && !slideshow.isOn;
  const hasFound = details !== undefined && details.things.length + details.faces.length > 0;
  return (
    <div
      ref={frame}
      className="viewer"
      role="dialog"
      aria-modal="true"
      aria-label="Viewer"
      tabIndex={-1}
      data-info={showsInfo || undefined}
      data-show={slideshow.isOn || undefined}
      data-awake={isAwake || undefined}
      onPointerMove={(event) => event.pointerType === 'mouse' && wake?.()}
      // Where a finger comes down, nothing may appear under it before it is lifted: it would be tapped.
      onClick={wake}
    >
      <header className="viewer-bar">
        <IconButton icon="previous" label="Back" keys="Esc" onClick={engine.closeAsset} />
        <span className="spacer" />
        {asset !== undefined && (
          <>
            {asset.kind === 'photo' && after !== undefined && (
              <IconButton
                icon={slideshow.isOn ? 'pause' : 'play'}
                label={slideshow.isOn ? 'End the slideshow' : 'Slideshow'}
                keys="Space"
                onClick={slideshow.toggle}
              />
            )}
            {hasFound && asset.kind === 'photo' && (
              <IconButton
                icon="target"
                className="wide-only"
                label="Faces and things"
                keys="O"
                isPressed={boxes === 'all'}
                onClick={() => setBoxes(boxes === 'all' ? 'hover' : 'all')}
              />
            )}
            {asset.shown !== undefined && (
              <IconButton
                icon="handles"
                label={isOriginal ? 'Show the version' : 'Show the original'}
                keys="V"
                isPressed={isOriginal}
                onClick={toggleOriginal}
              />
            )}
            {!isTrash && (
              <IconButton
                icon={asset.isFavourite ? 'heart-full' : 'heart'}
                label="Favourite"
                keys="F"
                isPressed={asset.isFavourite}
                onClick={() => void toggleFavourite()}
              />
            )}
            <IconButton icon="info" label="Facts" keys="I" isPressed={hasInfo} onClick={toggleInfo} />
            {missing === undefined && (
              <a
                className="icon-button"
                href={saved.url}
                download
                aria-label={saved.label}
                title={`${saved.label} (S)`}
              >
                <Icon name="download" />
              </a>
            )}
            <IconButton
              icon={isTrash ? 'undo' : 'trash'}
              label={isTrash ? 'Restore' : 'To the trash'}
              keys="Del"
              onClick={trash}
            />
            {asset.kind === 'photo' && missing === undefined && damage === undefined && (
              <button type="button" className="button viewer-edit" title="Edit in the studio (E)" onClick={edit}>
                <Icon name="brush" />
                <span>Edit</span>
              </button>
            )}
          </>
        )}
      </header>
      <div className="viewer-stage">
        {asset === undefined ? null : asset.kind === 'video' ? (
          <VideoStage
            key={asset.id}
            asset={asset}
            details={details}
            litLabel={litLabel}
            missing={missing}
            onEnded={slideshow.onEnded}
          />
        ) : (
          <PhotoStage
            key={`${asset.id} ${asset.version} ${isOriginal}`}
            asset={asset}
            details={details}
            missing={missing}
            isOriginal={isOriginal}
            boxes={boxes}
            litLabel={litLabel}
            drawing={drawing === asset.id ? { onDone: nameDrawn, onCancel: endDrawing } : undefined}
            onSwipe={go}
            onZoom={(now) => {
              zoom.current = now;
            }}
          />
        )}
        {before !== undefined && (
          <IconButton icon="previous" className="viewer-go back" label="Before" keys="←" onClick={() => go(-1)} />
        )}
        {after !== undefined && (
          <IconButton icon="next" className="viewer-go on" label="Next" keys="→" onClick={() => go(1)} />
        )}
      </div>
      {list !== undefined && <Filmstrip list={list} id={id} />}
      {showsInfo && details !== undefined && (
        <InfoPanel
          details={details}
          onChanged={reload}
          onLight={setLit}
          onDraw={drawFace}
          onSeek={missing === undefined ? (atMs) => seek(frame.current?.querySelector('video'), atMs) : undefined}
          onClose={toggleInfo}
        />
      )}
    </div>
  );
}

/** Says why there is no file to look at closely, to edit or to save. */
function describeMissing({ places }: AssetDetails): string | undefined {
  if (places.some(({ isThere }) => isThere)) return undefined;
  const [place] = places;
  if (place === undefined)
    return 'Its file is gone: only the small picture is here. Put it back, and it is whole again.';
  return place.isOnline
    ? `Its file is gone from ${place.path}: only the small picture is here.`
    : 'Its folder is offline: only the small picture is here.';
}

function togglePlaying(video: HTMLVideoElement | null | undefined): void {
  if (video?.paused === false) video.pause();
  // Refused where it cannot be played, which the stage tells.
  else video?.play().catch(() => undefined);
}

/** Stands still at a frame, so that it can be looked at. */
function seek(video: HTMLVideoElement | null | undefined, atMs: number): void {
  if (video === null || video === undefined) return;
  video.pause();
  video.currentTime = atMs / 1000;
}

/** The one of this id, and all that is known of it as soon as it is there. */
function useAsset(id: number) {
  const engine = useLibraryEngine();
  const toast = useLibrary((state) => state.toast);
  const list = useLibrary((state) => state.list);
  const [asset, setAsset] = useState<AssetSummary | undefined>(undefined);
  const [details, setDetails] = useState<AssetDetails | undefined>(undefined);
  const people = useLibrary((state) => state.peopleRound);
  const [round, setRound] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again when something was changed
  useEffect(() => {
    let isOver = false;
    const look = async () => {
      try {
        const found = await engine.find(id);
        if (!isOver) setAsset(found);
        const all = await engine.api.get(id);
        if (isOver) return;
        setAsset(all);
        setDetails(all);
      } catch (error) {
        if (isOver) return;
        toast('error', describeError(error));
        engine.closeAsset();
      }
    };
    void look();
    return () => {
      isOver = true;
    };
  }, [engine, toast, list, id, round, people]);
  return {
    asset: asset?.id === id ? asset : undefined,
    details: details?.id === id ? details : undefined,
    reload: () => setRound((now) => now + 1),
    setAsset,
    setDetails,
  };
}
