import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { isDisplayP3, sniffKind } from './sniff.ts';

const FORMATS = ['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif'] as const;

function draw(): Sharp {
  return sharp({ create: { width: 8, height: 8, channels: 3, background: '#c04020' } });
}

describe('telling files apart', () => {
  it.each(FORMATS)('knows %s by its first bytes', async (format) => {
    expect(sniffKind(await draw().toFormat(format).toBuffer())).toBe(format);
  });

  it.each(['heic', 'heix', 'mif1'])('knows the HEIF brand %s', (brand) => {
    expect(sniffKind(new TextEncoder().encode(`\0\0\0\u0018ftyp${brand}\0\0\0\0`))).toBe('heic');
  });

  it.each([
    ['text', 'hello there, this is no picture'],
    ['a film', '\0\0\0\u0018ftypisom\0\0\0\0'],
    ['nothing', ''],
  ])('knows %s for no picture', (_name, text) => {
    expect(sniffKind(new TextEncoder().encode(text))).toBeUndefined();
  });

  it('sees a Display P3 profile and no other', async () => {
    expect(isDisplayP3(await draw().withIccProfile('p3').jpeg().toBuffer())).toBe(true);
    expect(isDisplayP3(await draw().withIccProfile('srgb').jpeg().toBuffer())).toBe(false);
  });
});
