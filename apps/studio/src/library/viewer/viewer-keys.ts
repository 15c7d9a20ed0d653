/** What the viewer can do when a key is pressed. */
export interface ViewerActions {
  readonly close: () => void;
  readonly go: (by: 1 | -1) => void;
  readonly zoom: (factor: number) => void;
  readonly fit: () => void;
  readonly actual: () => void;
  readonly toggleInfo: () => void;
  readonly toggleBoxes: () => void;
  readonly toggleOriginal: () => void;
  readonly drawFace: () => void;
  readonly toggleFavourite: () => void;
  /** A slideshow of photos; a video plays or pauses. */
  readonly play: () => void;
  readonly toggleFullscreen: () => void;
  readonly rate: (rating: number) => void;
  readonly trash: () => void;
  readonly edit: () => void;
  readonly download: () => void;
}

interface ViewerKey {
  /** As `KeyboardEvent.key`, in lower case. */
  readonly keys: readonly string[];
  readonly text: string;
  readonly run: (actions: ViewerActions, key: string) => void;
}

export const viewerKeys: readonly ViewerKey[] = [
  { keys: ['arrowright'], text: 'Next', run: ({ go }) => go(1) },
  { keys: ['arrowleft'], text: 'Before', run: ({ go }) => go(-1) },
  { keys: ['escape'], text: 'Back to the grid; first ends a slideshow', run: ({ close }) => close() },
  { keys: ['+', '='], text: 'Zoom in', run: ({ zoom }) => zoom(1.4) },
  { keys: ['-'], text: 'Zoom out', run: ({ zoom }) => zoom(1 / 1.4) },
  { keys: ['0'], text: 'Fit', run: ({ fit }) => fit() },
  { keys: ['z'], text: 'Actual pixels', run: ({ actual }) => actual() },
  { keys: ['i'], text: 'Facts', run: ({ toggleInfo }) => toggleInfo() },
  { keys: ['o'], text: 'Faces and things', run: ({ toggleBoxes }) => toggleBoxes() },
  { keys: ['v'], text: 'The original, or the version again', run: ({ toggleOriginal }) => toggleOriginal() },
  { keys: ['d'], text: 'Draw a face', run: ({ drawFace }) => drawFace() },
  { keys: ['f'], text: 'Favourite, or no longer', run: ({ toggleFavourite }) => toggleFavourite() },
  {
    keys: ['1', '2', '3', '4', '5'],
    text: 'Stars; the same again takes them off',
    run: ({ rate }, key) => rate(Number(key)),
  },
  { keys: [' '], text: 'Slideshow; plays or pauses a video', run: ({ play }) => play() },
  { keys: ['w'], text: 'Fill the screen', run: ({ toggleFullscreen }) => toggleFullscreen() },
  { keys: ['e'], text: 'Edit in the studio', run: ({ edit }) => edit() },
  { keys: ['s'], text: 'Save what is shown', run: ({ download }) => download() },
  { keys: ['delete', 'backspace'], text: 'To the trash', run: ({ trash }) => trash() },
];
