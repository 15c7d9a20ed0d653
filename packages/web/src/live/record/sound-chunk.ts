/** Samples on their way from the sound thread to the recorder. */
export interface SoundChunk {
  /** One array a channel, of one length. */
  readonly planes: readonly Float32Array[];
  /** The number of the first one since the sound thread began. */
  readonly frame: number;
}
