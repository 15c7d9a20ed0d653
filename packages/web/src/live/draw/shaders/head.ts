import { bokehFigures, DITHER_X, DITHER_Y, RADIUS_STEP } from '@focal/core';

/**
 * What all shaders begin with. Each mirrors a pass of core's bokeh, whose figures come in as they are there; pixels are
 * read one by one, whole numbers stay whole, so that both differ by no more than the last bits of floats.
 */
export function head(outputs: 'uvec4' | 'ivec4' | 'vec4'): string {
  const figures = Object.entries({ ...bokehFigures, RADIUS_STEP }).map(
    ([name, value]) => `#define ${name} ${Number.isInteger(value) ? `${value}.0` : value}`,
  );
  return `#version 300 es
precision highp float;
precision highp int;
precision highp sampler2D;
precision highp isampler2D;
precision highp usampler2D;
${figures.join('\n')}
#define DITHER_X ${DITHER_X}u
#define DITHER_Y ${DITHER_Y}u
out ${outputs} result;
#define AT ivec2(gl_FragCoord.xy)
`;
}

/** The subject's share of a pixel, whatever the picture's own alpha. */
export const SHARE_AT = `
uniform usampler2D picture, subject;
uint shareAt(ivec2 p) {
  uint alpha = texelFetch(subject, p, 0).r;
  uint whole = texelFetch(picture, p, 0).a;
  if (whole == 255u || alpha == 0u) return alpha;
  return alpha >= whole ? 255u : (alpha * 510u + whole) / (2u * whole);
}
`;

/** Four times the values between the cells of a coarser level, then four times those between columns. */
export const DOUBLED = `
uniform usampler2D coarser;
ivec4 sixteenfold(ivec2 p) {
  ivec2 last = textureSize(coarser, 0) - 1;
  ivec2 near = p >> 1;
  ivec2 beside = clamp(near + ((p & 1) << 1) - 1, ivec2(0), last);
  uvec4 here = 3u * texelFetch(coarser, near, 0) + texelFetch(coarser, ivec2(near.x, beside.y), 0);
  uvec4 next = 3u * texelFetch(coarser, ivec2(beside.x, near.y), 0) + texelFetch(coarser, beside, 0);
  return ivec4(3u * here + next);
}
`;
