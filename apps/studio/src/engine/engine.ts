import { FocalError, type Scene } from '@focal/core';
import { createWorkerClient, type EffectHandlers, type Opened } from '@focal/web';
import { SCENE_MODELS } from '../place/models.ts';
import { createHistory } from '../state/history.ts';
import { NO_PICKS, type StudioStore, toDefaults } from '../state/store.ts';
import type { BrowserModel, Edits, MatteInfo, Place, SceneState } from '../state/types.ts';
import { type Analysis, createBrowserAnalysis, SHOWN_FACTS } from './analysis.ts';
import { createExporter, type Exporter } from './exporter.ts';
import { createPicker, type Picker } from './picker.ts';
import { createPreview } from './preview.ts';
import { toProblem } from './problems.ts';
import { createFocalServer, type FocalServer } from './server.ts';

/** What the page can ask for. Owns the workers; lives as long as the page. */
export interface Engine extends Exporter, Picker {
  /** Opens a photo; the one before stays where this fails. Problems go to the store. */
  open(file: Blob, name: string): Promise<void>;
  /** Opens the photo before this one again. */
  openPrevious(): Promise<void>;
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
  checkServer(): Promise<void>;
  /** Models that this browser keeps. */
  keptModels(): Promise<readonly string[]>;
}

interface Source {
  readonly file: Blob;
  readonly name: string;
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
    const first: Edits = {
      effect: known[0]?.name ?? '',
      assets: {},
      params: Object.fromEntries(known.map((effect) => [effect.name, toDefaults(effect)])),
    };
    store.setState({ effects: known, history: createHistory(first) });
  });
  described.catch((error: unknown) => toast('error', `The studio did not start: ${String(error)}. Reload the page.`));

  let current: Source | undefined;
  let previous: Source | undefined;
  let task = new AbortController();
  let sceneTask = new AbortController();
  let nextPhoto = 1;
  let nextAsset = 1;

  const restart = (): AbortSignal => {
    task.abort();
    task = new AbortController();
    return task.signal;
  };

  const decode = async (source: Source, signal: AbortSignal): Promise<{ opened: Opened; readable: Source }> => {
    try {
      return { opened: await effects.call('open', { file: source.file }, { signal }), readable: source };
    } catch (error) {
      if (!isForServer(error)) throw error;
      store.setState({ progress: { label: 'Reading the photo on the Focal server', done: undefined } });
      const file = await server.decode(source.file, signal);
      return { opened: await effects.call('open', { file }, { signal }), readable: { ...source, file } };
    }
  };

  const open = async (file: Blob, name: string): Promise<void> => {
    const signal = restart();
    const before = store.getState();
    store.setState({ phase: 'opening', problem: undefined, progress: { label: 'Opening the photo', done: undefined } });
    try {
      await described;
      const { opened, readable } = await decode({ file, name }, signal);
      if (current !== undefined) previous = current;
      current = readable;
      sceneTask.abort();
      const { width, height, colorSpace } = opened;
      store.setState({
        photo: { id: nextPhoto++, name, width, height, colorSpace },
        // Read anew: `before` may be older than what the effects are.
        history: createHistory(store.getState().history.present),
        matte: undefined,
        scene: { phase: 'unasked' },
        ...NO_PICKS,
        litId: undefined,
        result: undefined,
        view: undefined,
      });
      if (previous !== undefined && before.photo !== undefined) {
        const back = { label: 'Back to it', run: () => void openPrevious() };
        toast('info', `“${before.photo.name}” was closed.`, back);
      }
      await analyse();
    } catch (error) {
      if (isAborted(error)) {
        if (!signal.aborted || task.signal === signal) store.setState({ phase: restored(before), progress: undefined });
        return;
      }
      const problem = toProblem(error, name, store.getState().place);
      store.setState({ phase: restored(before), progress: undefined, problem });
    }
  };

  const openPrevious = async (): Promise<void> => {
    if (previous !== undefined) await open(previous.file, previous.name);
  };

  const analyse = async (): Promise<void> => {
    if (current === undefined) return;
    const signal = restart();
    const { file, name } = current;
    const { place, browserModel } = store.getState();
    const label = 'Finding the subject';
    store.setState({ phase: 'analysing', problem: undefined, progress: { label, done: undefined } });
    try {
      const info = await findSubject(place, { file, browserModel, signal, server, browser, effects, store });
      if (signal.aborted) return;
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

  /** Asked once; kept models need no asking. */
  let hasAgreed = false;
  const mayLoad = async (): Promise<boolean> => {
    const kept = hasAgreed ? SCENE_MODELS : await browser.kept().catch(() => []);
    return SCENE_MODELS.every((id) => kept.includes(id));
  };

  const findScene = async (answer?: 'agreed'): Promise<void> => {
    const { scene, photo, place, browserModel } = store.getState();
    if (current === undefined || photo === undefined || scene.phase === 'looking' || scene.phase === 'ready') return;
    const { file } = current;
    sceneTask.abort();
    sceneTask = new AbortController();
    const { signal } = sceneTask;
    const show = (state: SceneState) => {
      if (!signal.aborted) store.setState({ scene: state });
    };
    const look = async (): Promise<Scene> => {
      if (place === 'server') return effects.call('readScene', await server.analyze(file, SHOWN_FACTS, signal));
      return browser.findScene(browserModel, signal, ({ label }) => show({ phase: 'looking', label }));
    };
    hasAgreed ||= answer === 'agreed';
    if (place === 'browser' && !(await mayLoad())) {
      if (!signal.aborted) store.setState({ scene: { phase: 'asking' }, sceneOpenFor: photo.id });
      return;
    }
    show({ phase: 'looking', label: 'Looking for people and things' });
    try {
      show({ phase: 'ready', scene: await look() });
    } catch (error) {
      const { title, text } = toProblem(error, photo.name, place);
      show({ phase: 'failed', text: `${title} ${text}` });
    }
  };

  return {
    ...createExporter(store, effects),
    ...createPicker(store, effects),
    open,
    openPrevious,
    analyse,
    findScene,
    cancelScene() {
      sceneTask.abort();
      // At once: a model that is running is not stopped, and its answer is dropped.
      const { phase } = store.getState().scene;
      if (phase === 'looking' || phase === 'asking') {
        store.setState({ scene: { phase: 'unasked', wasAsked: phase === 'looking' } });
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
      if (before.photo !== undefined) void analyse();
    },
    async setAsset(name, file, fileName) {
      const id = String(nextAsset++);
      try {
        await effects.call('setAsset', { id, file });
      } catch (error) {
        const { title, text } = toProblem(error, fileName, 'server');
        toast('error', `${title} ${text}`);
        return;
      }
      store.getState().setAsset(name, id, { name: fileName, url: URL.createObjectURL(file) });
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
    readonly effects: ReturnType<typeof createWorkerClient<EffectHandlers>>;
    readonly store: StudioStore;
  },
): Promise<MatteInfo> {
  const { file, signal, server, browser, effects, store } = options;
  if (place === 'browser') {
    return browser.findMatte(options.browserModel, signal, (progress) => store.setState({ progress }));
  }
  const { matte, info } = await server.findMatte(file, signal);
  await effects.call('setMatte', { matte, provenance: { models: info.models } }, { signal });
  return info;
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

/** Kinds of pictures that this browser does not read, but the server may. */
function isForServer(error: unknown): boolean {
  return error instanceof FocalError && error.code === 'unsupported-format' && /HEIC|TIFF/.test(error.message);
}
