/** What a video file holds, as far as can be told without playing it. */
export interface VideoFacts {
  /** Such as `MP4`; nothing where it is no video file that is known. */
  readonly container?: string;
  /** Such as `HEVC`; nothing where it holds no pictures. */
  readonly codec?: string;
}

const NAMES: Readonly<Record<string, string>> = {
  avc: 'H.264',
  hevc: 'HEVC (H.265)',
  vp8: 'VP8',
  vp9: 'VP9',
  av1: 'AV1',
  prores: 'ProRes',
};

/** Reads the head of a file, for saying why it does not play. */
export async function readVideoFacts(file: Blob): Promise<VideoFacts> {
  const { ALL_FORMATS, BlobSource, Input } = await import('mediabunny');
  const input = new Input({ source: new BlobSource(file), formats: ALL_FORMATS });
  try {
    const container = (await input.getFormat()).name;
    const track = await input.getPrimaryVideoTrack();
    if (track === null) return { container };
    const code = track.codec ?? String(track.internalCodecId ?? 'unknown');
    return { container, codec: NAMES[code] ?? code };
  } catch {
    return {};
  } finally {
    input.dispose();
  }
}
