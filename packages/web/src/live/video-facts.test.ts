import { BufferTarget, EncodedPacket, EncodedVideoPacketSource, Mp4OutputFormat, Output } from 'mediabunny';
import { expect, it } from 'vitest';
import { readVideoFacts } from './video-facts.ts';

it('names container and codec of a file that a browser may not play', async () => {
  const target = new BufferTarget();
  const output = new Output({ format: new Mp4OutputFormat(), target });
  const source = new EncodedVideoPacketSource('hevc');
  output.addVideoTrack(source);
  await output.start();
  const description = new Uint8Array(23);
  description[0] = 1;
  const decoderConfig = { codec: 'hvc1.1.6.L93.B0', codedWidth: 64, codedHeight: 64, description };
  await source.add(new EncodedPacket(new Uint8Array([0, 0, 0, 1, 2]), 'key', 0, 1 / 30), { decoderConfig });
  await output.finalize();
  const facts = await readVideoFacts(new Blob([target.buffer ?? new ArrayBuffer(0)]));
  expect(facts).toEqual({ container: 'MP4', codec: 'HEVC (H.265)' });
});

it('knows nothing of what is no video file', async () => {
  expect(await readVideoFacts(new Blob(['nothing of the kind'.repeat(99)]))).toEqual({});
  expect(await readVideoFacts(new Blob([]))).toEqual({});
});
