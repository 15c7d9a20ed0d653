import { type Fact, FocalError, type Scene } from '@focal/core';
import { createWorkerClient, type EffectHandlers, type Opened } from '@focal/web';
import { startLook } from '../looks/looks.ts';
import { SCENE_MODELS } from '../place/models.ts';
import { createHistory } from '../state/history.ts';
import { NO_PICKS, type StudioState, type StudioStore } from '../state/store.ts';
import { openTabs } from '../state/tabs.ts';
import type { BrowserModel, Place, SceneState } from '../state/types.ts';
import { type Analysis, createBrowserAnalysis, createConsent, SHOWN_FACTS } from './analysis.ts';
import { type Checker, createChecker } from './checker.ts';
import { createExporter, type ExportChoice, type Exporter } from './exporter.ts';
import { hashFile } from './hash-file.ts';
import type { KeptMatte } from './kept-sitting.ts';
import { createKnower, type Knower } from './knower.ts';
import { keepVersion as keepInLibrary, type LibraryPhoto } from './library-photo.ts';
import { createLookFiles, type LookFiles, type TakeAsset } from './look-files.ts';
import { createPicker, type Picker } from './picker.ts';
import { createPreview } from './preview.ts';
import { describeError, isForServer, toProblem } from './problems.ts';
import { createRefiner, type Refiner } from './refiner.ts';
import { createFocalServer, type FocalServer } from './server.ts';
import { createSitting, type PhotoRecord } from './sitting.ts';
import { createSmartChooser, type SmartChooser } from './smart.ts';

/** What the page can ask for. Owns the workers; lives as long as the page. */
export interface Engine
  extends Omit<Exporter, 'downloadAll'>,
    Omit<LookFiles, 'writeRecipe' | 'takeRecipe' | 'takeLook'>,
    Knower,
    Picker,
    Refiner,
    SmartChooser,
    Checker {
  /** Opens a photo beside those of this sitting; the one before stays where this fails. Problems go to the store. */
  open(file: Blob, name: string): Promise<void>;
  /** Opens a photo of the library, with the version it is to go on with. */
  openLibraryPhoto(photo: LibraryPhoto): Promise<void>;
  /**
   * Keeps what is done to a photo of the library as a version beside its original: a new one, or in place of one. False
   * where that failed, and the page was told why.
   */
  keepVersion(choice: { readonly name: string } | { readonly versionId: number }): Promise<boolean>;
  /** Opens the first, and lists the others. */
  openAll(files: readonly File[]): Promise<void>;
  /** Puts another photo of the sitting on the screen. */
  show(id: number): Promise<void>;
  /** Takes a photo off the list, and forgets it. */
  removePhoto(id: number): Promise<void>;
  movePhoto(id: number, index: number): void;
  /** Gives all photos the look of the one on the screen. */
  applyToAll(): void;
  /** Saves all photos that open in full size, in one archive. False where that was stopped, or none got ready. */
  downloadAll(choice: ExportChoice): Promise<boolean>;
  /** Looks for the subject again, where it failed or with another model. */
  analyse(): Promise<void>;
  /**
   * Looks for who and what is in the photo, unless that is known or under way. Where this browser has to load models
   * for it first, it asks, unless the user has agreed.
   */
  findScene(answer?: 'agreed'): Promise<void>;
  /** Gives up looking for who and what is in the photo. */
  cancelScene(): void;
  /** Gives up what is under way: opening, or looking for the subject. */
  cancel(): void;
  setPlace(place: Place, model: BrowserModel): void;
  setAsset(name: string, file: Blob, fileName: string): Promise<void>;
  /** Takes a font of the user's own for all that is written. */
  setFont(file: File): Promise<void>;
  checkServer(): Promise<void>;
  /** Models that this browser keeps. */
  keptModels(): Promise<readonly string[]>;
}

/** Starts the effect worker and wires it to the store. */
export function startEngine(store: StudioStore): Engine {
  const worker = new Worker(new URL('../workers/effects.ts', import.meta.url), {
    type: 'module',
    name: 'focal-effects',
  });
  const effects = createWorkerClient<EffectHandlers>(worker);
  const server = createFocalServer();
  const browser = createBrowserAnalysis(effects);
  const { toast } = store.getState();
  createPreview(store, effects);

  const described = effects.call('describe', undefined).then((known) => {
    store.setState({ effects: known });
    const { history, applySteps } = store.getState();
    if (history.present.steps.length > 0) return;
    applySteps(startLook.steps);
    store.setState(({ history: { present } }) => ({ history: createHistory(present) }));
  });
  described.catch((error: unknown) => toast('error', `The studio did not start: ${String(error)}. Reload the page.`));

  const sitting = createSitting(store);
  let current: PhotoRecord | undefined;
  const checker = createChecker(store, effects, browser);
  const exporter = createExporter(store, effects, () => current?.file, checker);
  /** Pages of the library. */
  const tabs = openTabs();
  let task = new AbortController();
  let sceneTask = new AbortController();
  const assetFiles = new Map<string, Blob>();
  const toAssetId = (kind = 'picture'): string => `${kind}-${crypto.getRandomValues(new Uint32Array(2)).join('-')}`;
  const takeAsset: TakeAsset = async (id, file, name, kind) => {
    const isFont = kind === 'font';
    if (isFont) await effects.call('setFont', { id, file: new File([file], name) });
    else await effects.call('setAsset', { id, file });
    if (!isFont) assetFiles.set(id, file);
    sitting.keepAsset({ id, name, file, kind });
    const info = { name, ...(!isFont && { url: URL.createObjectURL(file) }) };
    store.setState(({ assets }) => ({ assets: { ...assets, [id]: info } }));
  };

  const hashPhoto = async () => current && (current.sha256 ?? (await hashFile(current.file)));
  const lookFiles = createLookFiles({ store, effects, files: assetFiles, takeAsset, toAssetId, hashPhoto });

  const restart = (): AbortSignal => {
    task.abort();
    task = new AbortController();
    return task.signal;
  };

  /** With the hash of the file as it came where another one had to take its place. */
  const decode = async (
    file: Blob,
    signal: AbortSignal,
  ): Promise<{ opened: Opened; readable: Blob; sha256?: string | undefined }> => {
    try {
      return { opened: await effects.call('open', { file }, { signal }), readable: file };
    } catch (error) {
      if (!isForServer(error)) throw error;
      store.setState({ progress: { label: 'Reading the photo on the Focal server', done: undefined } });
      const readable = await server.decode(file, signal);
      const opened = await effects.call('open', { file: readable }, { signal });
      return { opened, readable, sha256: await hashFile(file) };
    }
  };

  /** What is known of who and what is in a photo; of what another version of Focal kept, nothing. */
  const takeScene = async (record: PhotoRecord): Promise<Scene | undefined> => {
    if (typeof record.scene !== 'string') return record.scene;
    record.scene = await effects.call('readScene', record.scene).catch(() => undefined);
    return record.scene;
  };

  /** Decodes a photo and puts it on the screen; `list` gives its record once it is known to be a picture. */
  const put = async (
    file: Blob,
    name: string,
    list: (readable: Blob, sha256: string | undefined) => PhotoRecord,
  ): Promise<void> => {
    const signal = restart();
    const before = store.getState();
    store.setState({ phase: 'opening', problem: undefined, progress: { label: 'Opening the photo', done: undefined } });
    try {
      const { opened, readable, sha256 } = await decode(file, signal);
      sitting.stash();
      const record = list(readable, sha256);
      current = record;
      sceneTask.abort();
      const { width, height, colorSpace } = opened;
      store.setState({
        photo: { id: record.id, name, width, height, colorSpace, origin: record.origin },
        history: record.history,
        openStepId: record.openStepId,
        stepNotes: {},
        missed: [],
        matte: undefined,
        scene: { phase: 'unasked' },
        ...NO_PICKS,
        isChoosing: false,
        litId: undefined,
        result: undefined,
        croppedOriginal: undefined,
        view: undefined,
      });
      const scene = await takeScene(record);
      if (scene !== undefined) await effects.call('setScene', scene, { signal });
      if (signal.aborted) return;
      if (scene !== undefined) store.setState({ scene: { phase: 'ready', scene } });
      if (record.found === undefined) return await analyse();
      await effects.call('setMatte', record.found.matte, { signal });
      if (signal.aborted) return;
      store.setState({ phase: 'ready', matte: record.found.info, progress: undefined });
    } catch (error) {
      if (isAborted(error)) {
        if (!signal.aborted || task.signal === signal) store.setState({ phase: restored(before), progress: undefined });
        return;
      }
      const problem = toProblem(error, name, store.getState().place);
      store.setState({ phase: restored(before), progress: undefined, problem });
    }
  };

  const open = async (file: Blob, name: string, of?: Pick<LibraryPhoto, 'sha256' | 'origin'>): Promise<void> => {
    store.setState({ phase: 'opening', problem: undefined, progress: { label: 'Opening the photo', done: undefined } });
    await started.catch(() => undefined);
    await put(file, name, (readable, sha256) => sitting.add(readable, name, of?.sha256 ?? sha256, of?.origin));
  };

  const openLibraryPhoto = async ({ file, name, recipe, ...of }: LibraryPhoto): Promise<void> => {
    await open(file, name, of);
    if (recipe === undefined || current?.origin !== of.origin) return;
    try {
      await lookFiles.takeRecipe(recipe);
    } catch (error) {
      toast('error', `The version was not opened: ${describeError(error)}`);
    }
  };

  const keepVersion: Engine['keepVersion'] = async (choice) => {
    const record = current;
    const origin = record?.origin;
    if (record === undefined || origin === undefined) return false;
    try {
      const version = await keepInLibrary(origin, await lookFiles.writeRecipe(), choice);
      const now = { assetId: origin.assetId, version };
      sitting.setOrigin(record, now);
      store.setState(({ photo }) => (photo?.id === record.id ? { photo: { ...photo, origin: now } } : {}));
      tabs.tell('changed');
      toast('success', `Kept as ${version.name} beside the original.`, {
        label: 'Show in the library',
        run: () => location.assign(`/library?photo=${origin.assetId}`),
      });
      return true;
    } catch (error) {
      toast('error', `Nothing was kept: ${describeError(error)}`);
      return false;
    }
  };

  const show = async (id: number): Promise<void> => {
    const record = sitting.get(id);
    if (record === undefined || record === current) return;
    await put(record.file, record.name, (readable, sha256) => {
      if (readable !== record.file) sitting.setFile(record, readable, sha256);
      return record;
    });
  };

  const removePhoto = async (id: number): Promise<void> => {
    const { sitting: list } = store.getState();
    const index = list.findIndex((each) => each.id === id);
    const neighbour = list[index + 1] ?? list[index - 1];
    // Off the list at once: the next photo may take seconds to be looked at, and a reload would bring this one back.
    sitting.remove(id);
    if (neighbour !== undefined) {
      if (current?.id === id) await show(neighbour.id);
      return;
    }
    restart();
    sceneTask.abort();
    current = undefined;
    store.setState({ photo: undefined, matte: undefined, phase: 'empty', progress: undefined, problem: undefined });
    store.setState({ result: undefined, original: undefined, scene: { phase: 'unasked' }, ...NO_PICKS });
  };

  const downloadAll = async (choice: ExportChoice): Promise<boolean> => {
    const { photo: first, sitting } = store.getState();
    const list = sitting.filter(({ problem }) => problem === undefined);
    const isSaved = await exporter.downloadAll(choice, list, async ({ id }, signal) => {
      const stop = () => task.abort();
      signal.addEventListener('abort', stop);
      try {
        await show(id);
        const { phase, photo, problem } = store.getState();
        if (phase !== 'ready' || photo?.id !== id) {
          const why = problem === undefined ? 'It did not get ready.' : `${problem.title} ${problem.text}`;
          throw new FocalError('not-found', why);
        }
        await settle(store, signal);
        const { scene } = store.getState();
        if (scene.phase === 'failed' && findWaiting(store.getState()).length > 0) {
          throw new FocalError('not-found', scene.text);
        }
      } finally {
        signal.removeEventListener('abort', stop);
      }
    });
    if (first !== undefined) await show(first.id);
    return isSaved;
  };

  const restoreSitting = async (): Promise<void> => {
    await described;
    const record = await sitting.restore(({ id, file, name, kind }) => takeAsset(id, file, name, kind));
    if (record !== undefined) {
      // On the screen without waiting for its subject: who opens another photo meanwhile goes first.
      void put(record.file, record.name, () => record);
    }
    await lookFiles.openLinkedLook();
  };
  const started = restoreSitting();
  started.catch(() => undefined);

  /** How long it took last to find a subject, by place and model. */
  const lastMs = new Map<string, number>();
  const analyse = async (): Promise<void> => {
    if (current === undefined) return;
    const signal = restart();
    const { file, name } = current;
    const { place, browserModel } = store.getState();
    const kind = `${place} ${browserModel}`;
    const progress = { label: 'Finding the subject', done: undefined, lastMs: lastMs.get(kind) };
    store.setState({ phase: 'analysing', problem: undefined, progress });
    try {
      const record = current;
      const found = await findSubject(place, { file, browserModel, signal, server, browser, store });
      if (signal.aborted) return;
      await effects.call('setMatte', found.matte, { signal });
      sitting.setFound(record, found);
      const { info } = found;
      lastMs.set(kind, info.ms);
      store.setState({ phase: 'ready', matte: info, progress: undefined });
      if (place === 'server') store.setState({ serverIsUp: true });
      if (info.notice !== undefined) toast('info', info.notice);
    } catch (error) {
      if (task.signal !== signal) return;
      const { matte } = store.getState();
      const problem = isAborted(error)
        ? {
            code: 'aborted' as const,
            title: 'Cancelled.',
            text: 'The subject of this photo has not been looked for.',
            actions: ['retry'] as const,
          }
        : toProblem(error, name, place);
      if (problem.code === 'device-unavailable') store.setState({ serverIsUp: false });
      store.setState({
        phase: matte === undefined ? 'analysing' : 'ready',
        progress: undefined,
        problem: isAborted(error) && matte !== undefined ? undefined : problem,
      });
    }
  };

  const consent = createConsent(browser, SCENE_MODELS);

  /** What is shown of the photo on the screen, what is known of it, and these facts. */
  const lookAt = async (
    facts: readonly Fact[],
    signal: AbortSignal,
    onLabel: (label: string) => void = () => undefined,
  ): Promise<Scene | undefined> => {
    const record = current;
    if (record === undefined) return undefined;
    const { scene, place, browserModel } = store.getState();
    const known = scene.phase === 'ready' ? scene.scene : undefined;
    const all = [...new Set([...SHOWN_FACTS, ...(known?.facts ?? []), ...facts])];
    const found =
      place === 'server'
        ? await effects.call('readScene', await server.analyze(record.file, all, signal))
        : await browser.findScene(browserModel, all, known, signal, ({ label }) => onLabel(label));
    if (signal.aborted) return undefined;
    await effects.call('setScene', found, { signal });
    const json = await effects.call('writeScene', found, { signal });
    sitting.setScene(record, found, json);
    return found;
  };
  const restartScene = (): AbortSignal => {
    sceneTask.abort();
    sceneTask = new AbortController();
    return sceneTask.signal;
  };

  const findScene = async (answer?: 'agreed'): Promise<void> => {
    const { scene, photo, place, knowing } = store.getState();
    const waiting = findWaiting(store.getState());
    if (current === undefined || photo === undefined || scene.phase === 'looking' || knowing !== undefined) return;
    if (scene.phase === 'ready' && waiting.every((fact) => scene.scene.facts.includes(fact))) return;
    const signal = restartScene();
    const show = (state: SceneState) => {
      if (!signal.aborted) store.setState({ scene: state });
    };
    if (answer === 'agreed') consent.agree();
    if (place === 'browser' && !(await consent.mayLoad())) {
      if (signal.aborted) return;
      // The step that waits asks by itself, where the user is looking.
      const { openStepId, stepNotes, sceneOpenFor } = store.getState();
      const isAskedThere = (stepNotes[openStepId ?? '']?.missing.length ?? 0) > 0;
      store.setState({ scene: { phase: 'asking' }, sceneOpenFor: isAskedThere ? sceneOpenFor : photo.id });
      return;
    }
    const looking = lookAt(waiting, signal, (label) => show({ phase: 'looking', label }));
    show({ phase: 'looking', label: 'Looking for people and things' });
    try {
      const found = await looking;
      if (found !== undefined) show({ phase: 'ready', scene: found });
    } catch (error) {
      const { title, text } = toProblem(error, photo.name, place);
      show({ phase: 'failed', text: `${title} ${text}` });
    }
  };

  // A step that acts on somebody has them looked for, once.
  store.subscribe((state, before) => {
    const { stepNotes, scene, matte } = state;
    // What the subject is comes first.
    if (matte === undefined) return;
    if (stepNotes === before.stepNotes || (scene.phase !== 'unasked' && scene.phase !== 'ready')) return;
    if (scene.phase === 'unasked' && scene.wasAsked === true) return;
    if (findWaiting(state).length > 0) void findScene();
  });

  return {
    ...exporter,
    ...checker,
    ...lookFiles,
    ...createKnower(store, effects, { lookAt: (facts) => lookAt(facts, restartScene()), findScene }),
    ...createPicker(store, effects),
    ...createRefiner(store, effects, () => findScene()),
    ...createSmartChooser(
      store,
      effects,
      () => findScene(),
      (look) => lookFiles.takeLook(look),
    ),
    open,
    openLibraryPhoto,
    keepVersion,
    async openAll(files) {
      // The first that opens is shown; those before it are told of, those behind it that do not open marked in the list.
      for (const [index, file] of files.entries()) {
        const isLast = index === files.length - 1;
        const { length: before } = store.getState().sitting;
        await open(file, file.name);
        const { problem, sitting: list } = store.getState();
        if (problem === undefined || list.length > before || isLast) {
          for (const other of files.slice(index + 1)) sitting.add(other, other.name);
          return;
        }
        toast('error', `${problem.title} ${problem.text}`);
      }
    },
    show,
    removePhoto,
    movePhoto: (id, index) => sitting.move(id, index),
    applyToAll() {
      sitting.applyToAll();
      toast('success', 'All photos have this look now.');
    },
    downloadAll,
    analyse,
    findScene,
    cancelScene() {
      sceneTask.abort();
      // At once: a model that is running is not stopped, and its answer is dropped.
      const { phase } = store.getState().scene;
      if (phase === 'looking' || phase === 'asking') {
        store.setState({ scene: { phase: 'unasked', wasAsked: true } });
      }
    },
    cancel: () => task.abort(),
    setPlace(place, browserModel) {
      const before = store.getState();
      if (before.place === place && (place === 'server' || before.browserModel === browserModel)) return;
      sceneTask.abort();
      const { scene } = before;
      const wasAsked = scene.phase === 'unasked' ? scene.wasAsked === true : scene.phase !== 'asking';
      store.setState({ place, browserModel, scene: { phase: 'unasked', wasAsked }, litId: undefined });
      if (current !== undefined) sitting.setScene(current, undefined, undefined);
      if (before.photo !== undefined) void analyse();
    },
    async setAsset(name, file, fileName) {
      const id = toAssetId();
      try {
        await takeAsset(id, file, fileName);
      } catch (error) {
        const { title, text } = toProblem(error, fileName, 'server');
        toast('error', `${title} ${text}`);
        return;
      }
      const info = store.getState().assets[id];
      if (info !== undefined) store.getState().setAsset(name, id, info);
    },
    async setFont(file) {
      const id = toAssetId('font');
      try {
        await takeAsset(id, file, file.name, 'font');
      } catch (error) {
        toast('error', `The font was not taken: ${describeError(error)}`);
        return;
      }
      store.getState().setFont(id);
    },
    async checkServer() {
      store.setState({ serverIsUp: await server.isUp() });
    },
    keptModels: () => browser.kept(),
  };
}

async function findSubject(
  place: Place,
  options: {
    readonly file: Blob;
    readonly browserModel: BrowserModel;
    readonly signal: AbortSignal;
    readonly server: FocalServer;
    readonly browser: Analysis;
    readonly store: StudioStore;
  },
): Promise<KeptMatte> {
  const { file, signal, server, browser, store } = options;
  if (place === 'browser') {
    return browser.findMatte(options.browserModel, signal, (progress) =>
      store.setState(({ progress: before }) => ({ progress: { ...progress, lastMs: before?.lastMs } })),
    );
  }
  const { matte, info } = await server.findMatte(file, signal);
  return { matte: { matte, provenance: { models: info.models } }, info };
}

function restored({
  photo,
  matte,
}: {
  readonly photo: unknown;
  readonly matte: unknown;
}): 'empty' | 'analysing' | 'ready' {
  if (photo === undefined) return 'empty';
  return matte === undefined ? 'analysing' : 'ready';
}

function isAborted(error: unknown): boolean {
  return error instanceof FocalError && error.code === 'aborted';
}

/** What steps still need to know of the photo. */
function findWaiting({ stepNotes }: Pick<StudioState, 'stepNotes'>): readonly Fact[] {
  return Object.values(stepNotes).flatMap(({ missing }) => missing);
}

/** Resolves once the photo's steps are on the screen, and what they wait for is found out or cannot be, or `signal` says stop. */
function settle(store: StudioStore, signal: AbortSignal): Promise<void> {
  const isSettled = (state: StudioState): boolean => {
    const { isFresh, scene } = state;
    if (!isFresh || scene.phase === 'looking') return false;
    const isOver = scene.phase !== 'unasked' || scene.wasAsked === true;
    return isOver || findWaiting(state).length === 0;
  };
  return new Promise((resolve) => {
    const check = () => {
      if (!signal.aborted && !isSettled(store.getState())) return;
      unsubscribe();
      signal.removeEventListener('abort', check);
      resolve();
    };
    const unsubscribe = store.subscribe(check);
    signal.addEventListener('abort', check);
    check();
  });
}
