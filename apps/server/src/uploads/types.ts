import type { Writable } from 'node:stream';

export interface ReceiveOptions {
  /** Where the files go. */
  readonly folder: string;
  /** The photo's name in a form. Default `image`. */
  readonly photoName?: string;
  /** Names that files may have in a form: the photo's and the assets'. */
  readonly fileNames: readonly string[];
  /** How many files may have other names of the form's own. Default 0. */
  readonly otherFiles?: number;
  /** Longest value of a field. Default 4096. */
  readonly maxFieldBytes?: number;
  readonly maxBytes: number;
  /** Called with each field of a form as it comes; what it throws ends the upload. */
  readonly onField: (name: string, value: string) => void;
  readonly signal: AbortSignal;
}

/** Paths of what was uploaded, by name. */
export type Received = ReadonlyMap<string, string>;

/** Writes the body of the request into a sink. */
export type Pump = (sink: Writable, signal: AbortSignal) => Promise<void>;
