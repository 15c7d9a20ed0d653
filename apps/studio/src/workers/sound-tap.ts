// The sound thread: hands samples to the recorder, without the page in between.

interface Processor {
  readonly port: MessagePort;
}
declare const AudioWorkletProcessor: new () => Processor;
declare const currentFrame: number;
declare function registerProcessor(name: string, processor: new () => Processor): void;

/** Samples in a message: some 85 ms. */
const CHUNK = 4096;
const CHANNELS = 2;

class SoundTap extends AudioWorkletProcessor {
  #recorder: MessagePort | undefined;
  #planes = [new Float32Array(CHUNK), new Float32Array(CHUNK)];
  #filled = 0;
  #first = 0;

  constructor() {
    super();
    this.port.onmessage = (event) => {
      this.#recorder = event.data as MessagePort;
    };
  }

  process([input]: readonly (readonly Float32Array[])[]): boolean {
    if (this.#recorder === undefined) return true;
    if (this.#filled === 0) this.#first = currentFrame;
    const length = input?.[0]?.length ?? 128;
    for (let i = 0; i < CHANNELS; i++) {
      // One channel goes to both sides; none is silence.
      const plane = input?.[i] ?? input?.[0];
      if (plane === undefined) this.#planes[i]?.fill(0, this.#filled, this.#filled + length);
      else this.#planes[i]?.set(plane, this.#filled);
    }
    this.#filled += length;
    if (this.#filled >= CHUNK) {
      const planes = this.#planes;
      this.#recorder.postMessage(
        { planes, frame: this.#first },
        planes.map(({ buffer }) => buffer),
      );
      this.#planes = [new Float32Array(CHUNK), new Float32Array(CHUNK)];
      this.#filled = 0;
    }
    return true;
  }
}

registerProcessor('focal-sound-tap', SoundTap);
