import type { Picture } from '@focal/core';

// [Note: see-through pictures in browsers] A 2D canvas keeps colours multiplied by alpha, in 8 bits: a pixel that is
// nearly see-through comes back with a handful of colours. A texture keeps them as they are in the file.

/**
 * The pixels of a bitmap, straight alpha, as they are in the file, given what a canvas made of it. Nothing where a
 * canvas loses nothing, since pixels are opaque or not seen at all, or where the browser has no room for a texture.
 * The bitmap has to be made with `premultiplyAlpha: 'none'`.
 */
export function readStraight(bitmap: ImageBitmap, seen: Picture): Picture['data'] | undefined {
  const { width, height, data, colorSpace } = seen;
  if (!isPartlyClear(data)) return undefined;
  const gl = new OffscreenCanvas(1, 1).getContext('webgl2');
  if (gl === null) return undefined;
  try {
    if (Math.max(width, height) > (gl.getParameter(gl.MAX_TEXTURE_SIZE) as number)) return undefined;
    gl.unpackColorSpace = colorSpace;
    const texture = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, bitmap);
    gl.bindFramebuffer(gl.FRAMEBUFFER, gl.createFramebuffer());
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture, 0);
    const pixels = new Uint8ClampedArray(data.length);
    gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(pixels.buffer));
    return gl.getError() === gl.NO_ERROR ? pixels : undefined;
  } finally {
    gl.getExtension('WEBGL_lose_context')?.loseContext();
  }
}

function isPartlyClear(data: Picture['data']): boolean {
  for (let i = 3; i < data.length; i += 4) if (data[i] !== 255 && data[i] !== 0) return true;
  return false;
}
