import tapUrl from '../../workers/sound-tap.ts?worker&url';

/** Sound on its way to a recording. */
export interface SoundTap {
  /** Samples come out here; goes to the recorder. */
  readonly port: MessagePort;
  readonly sampleRate: number;
  /** When sample 0 sounded, on the clock of `performance.now()`. */
  readonly zeroMs: number;
  close(): void;
}

/** The sound of a page: heard as before, and handed on while something records. */
export interface Sound {
  /** The sound of a video element, which is routed through here from now on. */
  tapMedia(media: HTMLVideoElement): Promise<SoundTap>;
  /** The microphone, which is not heard. Throws what `getUserMedia` throws. */
  tapMicrophone(): Promise<SoundTap>;
}

export function createSound(): Sound {
  let starting: Promise<AudioContext> | undefined;
  /** An element can be routed once. */
  const routed = new WeakMap<HTMLVideoElement, MediaElementAudioSourceNode>();

  const start = (): Promise<AudioContext> => {
    starting ??= (async () => {
      const context = new AudioContext({ sampleRate: 48_000 });
      await context.audioWorklet.addModule(tapUrl);
      return context;
    })();
    starting.catch(() => {
      starting = undefined;
    });
    return starting;
  };

  const tap = async (context: AudioContext, node: AudioNode, onClose: () => void): Promise<SoundTap> => {
    await context.resume();
    const worklet = new AudioWorkletNode(context, 'focal-sound-tap', { numberOfOutputs: 0 });
    const { port1, port2 } = new MessageChannel();
    worklet.port.postMessage(port1, [port1]);
    node.connect(worklet);
    return {
      port: port2,
      sampleRate: context.sampleRate,
      zeroMs: performance.now() - context.currentTime * 1000,
      close() {
        node.disconnect(worklet);
        onClose();
      },
    };
  };

  return {
    async tapMedia(media) {
      const context = await start();
      let node = routed.get(media);
      if (node === undefined) {
        node = context.createMediaElementSource(media);
        node.connect(context.destination);
        routed.set(media, node);
      }
      return tap(context, node, () => undefined);
    },
    async tapMicrophone() {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      const context = await start();
      return tap(context, context.createMediaStreamSource(stream), () => {
        for (const track of stream.getTracks()) track.stop();
      });
    },
  };
}
