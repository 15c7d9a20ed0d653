import { EncodedPacketSink, type Input, type InputVideoTrack } from 'mediabunny';

/** Where a file ends although its index says that more comes, in seconds. */
export interface VideoCut {
  /** Of the last frame that is there. */
  readonly after: number;
  /** Of the last frame that should be. */
  readonly end: number;
}

/** Seconds at the end that may be missing without the file being cut short: some programs round its length. */
const LEAST_MISSING = 0.5;
/** The place of the cut is found to within that, in seconds. */
const NEAR = 0.1;

/** Whether the end of a video is missing. Reads few packets, and decodes nothing. */
export async function findCut(input: Input, track: InputVideoTrack): Promise<VideoCut | undefined> {
  const packets = new EncodedPacketSink(track);
  const last = await packets.getPacket(Number.POSITIVE_INFINITY, { metadataOnly: true });
  if (last === null) return undefined;
  const end = last.timestamp;
  if (await isThere(packets, end)) return findShorter(input, end);
  let [there, gone] = [await track.getFirstTimestamp(), end];
  while (gone - there > NEAR) {
    const middle = (there + gone) / 2;
    if (await isThere(packets, middle)) there = middle;
    else gone = middle;
  }
  return end - there > LEAST_MISSING ? { after: there, end } : undefined;
}

async function isThere(packets: EncodedPacketSink, at: number): Promise<boolean> {
  return packets.getPacket(at).then(
    (packet) => packet !== null && packet.byteLength > 0,
    () => false,
  );
}

/** Of files without an index of frames in front: Matroska says at the start how long it is to be. */
async function findShorter(input: Input, after: number): Promise<VideoCut | undefined> {
  const { name } = await input.getFormat();
  if (name !== 'WebM' && name !== 'Matroska') return undefined;
  const said = await input.getDurationFromMetadata(undefined, { skipLiveWait: true });
  const end = await input.computeDuration(undefined, { skipLiveWait: true });
  return said !== null && said - end > LEAST_MISSING ? { after, end: said } : undefined;
}
