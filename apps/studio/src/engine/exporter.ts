import { FocalError, type MetadataChoice, throwIfAborted } from '@focal/core';
import type { EffectHandlers, ExportResult, NamedFile, WebFormat, WorkerClient } from '@focal/web';
import type { StudioStore } from '../state/store.ts';
import type { ExportState, ListedPhoto, Step } from '../state/types.ts';
import { type Checker, findHiding, summariseCheck } from './checker.ts';
import { describeLeftOut, type LeftOut, listLeftOut, toNotes } from './left-out.ts';
import { toLookRequest } from './look-request.ts';
import { describeError } from './problems.ts';
import { saveBlob } from './save-blob.ts';

export interface ExportChoice {
  readonly format: WebFormat;
  readonly quality: number;
  /** Longer side in pixels. Default: full size. */
  readonly longSide?: number;
  /** What of the photo's EXIF goes into the file. */
  readonly metadata: MetadataChoice;
}

/** Resolves once the photo is on the screen and ready to be saved. Throws why it is not. */
type ShowPhoto = (photo: ListedPhoto, signal: AbortSignal) => Promise<void>;

/** Full-size results as files. One at a time. */
export interface Exporter {
  /** False where nothing was saved, and the page was told why. */
  download(choice: ExportChoice): Promise<boolean>;
  /**
   * The photos that `show` brings on the screen one after the other, in one archive; what it throws leaves that photo
   * out, and the page is told. False where nothing was saved, and the page was told why.
   */
  downloadAll(choice: ExportChoice, photos: readonly ListedPhoto[], show: ShowPhoto): Promise<boolean>;
  /** As PNG, the kind that every program pastes. */
  copy(longSide?: number): Promise<boolean>;
  cancelExport(): void;
}

const EXTENSIONS: Readonly<Record<WebFormat, string>> = { png: 'png', webp: 'webp', jpeg: 'jpg' };

const ARCHIVE = 'focal-photos.zip';
/** Of photos of an archive, in a message. */
const MOST_REMARKS = 3;

/** @param openFile the file of the photo that is open */
export function createExporter(
  store: StudioStore,
  effects: WorkerClient<EffectHandlers>,
  openFile: () => Blob | undefined,
  checker: Pick<Checker, 'checkHiding'>,
): Exporter {
  let controller: AbortController | undefined;

  /** Nothing where something else is being exported. */
  const guardOne = async <T>(
    what: ExportState['what'],
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T | undefined> => {
    if (store.getState().exporting !== undefined) return undefined;
    controller = new AbortController();
    store.setState({ exporting: { what, done: 0 }, exportProblem: undefined });
    try {
      return await work(controller.signal);
    } finally {
      controller = undefined;
      store.setState({ exporting: undefined });
    }
  };

  const make = async (
    { metadata: keep, ...choice }: ExportChoice,
    signal: AbortSignal,
    report: (done: number) => void,
  ): Promise<ExportResult> => {
    const file = openFile();
    const metadata = file === undefined || keep === 'none' ? {} : { metadata: { file, keep } };
    const request = { ...toLookRequest(store.getState().history.present), ...choice, ...metadata };
    return effects.call('export', request, { signal, onProgress: (done) => report(Number(done)) });
  };

  const render = (what: ExportState['what'], choice: ExportChoice): Promise<ExportResult | undefined> =>
    guardOne(what, (signal) => make(choice, signal, (done) => store.setState({ exporting: { what, done } })));

  const renderAll = (choice: ExportChoice, photos: readonly ListedPhoto[], show: ShowPhoto) =>
    guardOne('download', async (signal) => {
      const files: NamedFile[] = [];
      const remarks: string[] = [];
      const count = photos.length;
      for (const [index, photo] of photos.entries()) {
        const report = (done: number) =>
          store.setState({ exporting: { what: 'download', done: (index + done) / count, photo: [index + 1, count] } });
        report(0);
        try {
          await show(photo, signal);
          throwIfAborted(signal);
          const name = toFileName(photo.name, store.getState().history.present.steps, choice.format);
          const result = await make(choice, signal, report);
          files.push({ name, blob: result.blob });
          const leftOut = findLeftOut(result);
          if (leftOut.length > 0) remarks.push(`${name} is${describeLeftOut(leftOut)}`);
        } catch (error) {
          throwIfAborted(signal);
          remarks.push(`${photo.name} is left out: ${describeError(error)}`);
        }
      }
      if (files.length === 0) throw new FocalError('not-found', shorten(remarks).join(' '));
      return { files, remarks };
    });

  /** What the photo on the screen did not get. */
  const findLeftOut = ({ skipped, missed }: ExportResult): readonly LeftOut[] => {
    const state = store.getState();
    return listLeftOut({ ...state, stepNotes: toNotes(state.history.present, skipped), missed });
  };

  /**
   * Says that a result left and without what, and of one that hides somebody whether it does; where that is not known,
   * offers to look.
   */
  const tellSaved = (what: string, result: ExportResult): void => {
    const { toast, openStep, hidingCheck } = store.getState();
    const leftOut = findLeftOut(result);
    const kind = leftOut.length > 0 ? 'info' : 'success';
    const text = `${what}${describeLeftOut(leftOut)}`;
    const [step] = findHiding(store.getState());
    const verdict = summariseCheck(hidingCheck);
    if (step === undefined) return toast(kind, text);
    if (verdict !== undefined) return toast(kind, `${text} ${verdict}`);
    const run = () => {
      openStep(step.id);
      void checker.checkHiding();
    };
    toast(kind, text, { label: 'Check what is left', run });
  };

  const guard = async (work: () => Promise<boolean>): Promise<boolean> => {
    try {
      return await work();
    } catch (error) {
      const { toast } = store.getState();
      if (error instanceof FocalError && error.code === 'aborted') {
        toast('info', 'Cancelled. Nothing was saved.');
        return false;
      }
      const exportProblem = `Nothing was saved: ${describe(error)}`;
      // The dialog lies above all messages.
      store.setState({ exportProblem });
      toast('error', exportProblem, undefined, 'export');
      return false;
    }
  };

  return {
    download: (choice) =>
      guard(async () => {
        const result = await render('download', choice);
        const { photo, history } = store.getState();
        if (result === undefined || photo === undefined) return false;
        const name = toFileName(photo.name, history.present.steps, choice.format);
        saveBlob(result.blob, name);
        tellSaved(`Saved ${name} (${formatBytes(result.blob.size)})`, result);
        return true;
      }),
    downloadAll: (choice, photos, show) =>
      guard(async () => {
        const made = await renderAll(choice, photos, show);
        if (made === undefined) return false;
        const { files, remarks } = made;
        const zip = await effects.call('zip', files);
        saveBlob(zip, ARCHIVE);
        const text = `Saved ${files.length} ${files.length === 1 ? 'photo' : 'photos'} in ${ARCHIVE} (${formatBytes(zip.size)}).`;
        const { toast } = store.getState();
        if (remarks.length === 0) toast('success', text);
        else toast('info', [text, ...shorten(remarks)].join(' '));
        return true;
      }),
    copy: (longSide) =>
      guard(async () => {
        // The clipboard wants to be asked while the click still counts, so it gets a promise of the picture.
        const made = render('copy', {
          format: 'png',
          quality: 100,
          metadata: 'none',
          ...(longSide !== undefined && { longSide }),
        });
        const item = new ClipboardItem({
          'image/png': made.then(
            (result) => result?.blob ?? Promise.reject(new FocalError('aborted', 'Nothing to copy.')),
          ),
        });
        const written = navigator.clipboard.write([item]);
        const [result] = await Promise.all([made, written]);
        if (result !== undefined) tellSaved('Copied to the clipboard', result);
        return result !== undefined;
      }),
    cancelExport: () => controller?.abort(),
  };
}

/** `holiday-cutout.png` for one step, `holiday-edited.png` for several. */
export function toFileName(name: string, steps: readonly Step[], format: WebFormat): string {
  const [step, ...more] = steps.filter(({ enabled }) => enabled);
  const effect = step === undefined ? 'copy' : more.length === 0 ? step.effect : 'edited';
  const base = name.replace(/\.[^.]{1,5}$/, '').trim() || 'photo';
  return `${base}-${effect}.${EXTENSIONS[format]}`;
}

/** The first of many sentences. */
function shorten(sentences: readonly string[]): readonly string[] {
  const more = sentences.length - MOST_REMARKS;
  return more <= 0 ? sentences : [...sentences.slice(0, MOST_REMARKS), `So it is with ${more} more.`];
}

/** `1.2 MB`: decimal units, as systems show them. */
function formatBytes(bytes: number): string {
  if (bytes < 1e6) return `${Math.max(1, Math.round(bytes / 1e3))} KB`;
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
}

function describe(error: unknown): string {
  if (error instanceof DOMException && error.name === 'NotAllowedError') {
    return 'this browser does not let the page use the clipboard.';
  }
  return describeError(error);
}
