import { head } from './head.ts';

const BRIGHTEST = `
uniform usampler2D picture;
uniform sampler2D tables;
float brightnessOf(uvec4 pixel) {
  uint most = max(pixel.r, max(pixel.g, pixel.b));
  return texelFetch(tables, ivec2(int(most), 0), 0).y;
}
`;

/** How bright each cell of the grid is, of one pixel of each four, 0..1. */
export const GLARE = `${head('vec4')}${BRIGHTEST}
uniform int span;
void main() {
  ivec2 cells = (textureSize(picture, 0) + 1) >> 1;
  ivec2 from = AT * span, to = min(from + span, cells);
  float bright = 0.0;
  for (int y = from.y; y < to.y; y++) for (int x = from.x; x < to.x; x++) {
    bright += brightnessOf(texelFetch(picture, ivec2(x, y) * 2, 0));
  }
  result = vec4(bright / float((to.x - from.x) * (to.y - from.y) * 255));
}`;

/** Means along one direction. */
export const BOX = `${head('vec4')}
uniform sampler2D source;
uniform ivec2 along;
uniform int radius;
void main() {
  ivec2 size = textureSize(source, 0);
  float sum = 0.0, count = 0.0;
  for (int i = -radius; i <= radius; i++) {
    ivec2 p = AT + i * along;
    if (any(lessThan(p, ivec2(0))) || any(greaterThanEqual(p, size))) continue;
    sum += texelFetch(source, p, 0).x;
    count += 1.0;
  }
  result = vec4(sum / count);
}`;

/** The background's linear light in cells of level 1, times weight, and the weight; highlights weigh more. */
export const LIGHT = `${head('ivec4')}${BRIGHTEST}
uniform usampler2D cells;
uniform sampler2D glare;
uniform int shift;
uniform float most;
float toLinear(uint value) { return texelFetch(tables, ivec2(int(value), 0), 0).x; }
void main() {
  float weight = float(texelFetch(cells, AT, 0).x);
  float rare = 1.0 - texelFetch(glare, AT >> shift, 0).x;
  float boost = most * rare * rare / 255.0;
  ivec2 last = textureSize(picture, 0) - 1;
  vec4 sum = vec4(0.0);
  for (int n = 0; n < 4; n++) {
    uvec4 pixel = texelFetch(picture, min(AT * 2 + ivec2(n & 1, n >> 1), last), 0);
    float share = float(pixel.a) * (1.0 + boost * brightnessOf(pixel));
    sum += share * vec4(toLinear(pixel.r), toLinear(pixel.g), toLinear(pixel.b), 1.0);
  }
  result = ivec4(sum * (weight * UNIT / (4.0 * 255.0 * 255.0)) + 0.5);
}`;

/** A level at half its size. */
export const HALVE = `${head('ivec4')}
uniform isampler2D finer;
void main() {
  ivec2 from = AT * 2, to = min(from + 1, textureSize(finer, 0) - 1);
  ivec4 sum = texelFetch(finer, from, 0) + texelFetch(finer, ivec2(to.x, from.y), 0)
    + texelFetch(finer, ivec2(from.x, to.y), 0) + texelFetch(finer, to, 0);
  result = (sum + 2) >> 2;
}`;

/**
 * A step of the prefix sums of rows: sixteen of the values before, `stride` apart. After the steps 1, 16, 256 … pixel x
 * sums those left of x, modulo 2³², as core's do. The first step reads one to the left.
 */
export const SCAN = `${head('ivec4')}
uniform isampler2D source;
uniform int stride, offset;
void main() {
  ivec4 sum = ivec4(0);
  for (int n = 0; n < 16; n++) {
    int x = AT.x - offset - n * stride;
    if (x < 0) break;
    sum += texelFetch(source, ivec2(x, AT.y), 0);
  }
  result = sum;
}`;

/** Where the fill begins: light with a weight of 1 at the most. */
export const LAYER = `${head('vec4')}
uniform isampler2D light;
void main() {
  vec4 sum = vec4(texelFetch(light, AT, 0));
  result = sum / max(UNIT, sum.w);
}`;

/** A layer of the fill at half its size. */
export const PULL = `${head('vec4')}
uniform sampler2D finer;
void main() {
  ivec2 size = textureSize(finer, 0);
  vec4 sum = vec4(0.0);
  for (int n = 0; n < 4; n++) {
    ivec2 p = AT * 2 + ivec2(n & 1, n >> 1);
    if (p.x < size.x && p.y < size.y) sum += texelFetch(finer, p, 0);
  }
  result = sum / max(1.0, sum.w);
}`;

/** What a layer of the fill lacks, from the coarser one. */
export const PUSH = `${head('vec4')}
uniform sampler2D finer, coarser;
void main() {
  vec4 own = texelFetch(finer, AT, 0);
  ivec2 last = textureSize(coarser, 0) - 1;
  ivec2 near = min(AT >> 1, last);
  ivec2 beside = clamp(near + ((AT & 1) << 1) - 1, ivec2(0), last);
  vec4 above = 0.5625 * texelFetch(coarser, near, 0)
    + 0.1875 * (texelFetch(coarser, ivec2(beside.x, near.y), 0) + texelFetch(coarser, ivec2(near.x, beside.y), 0))
    + 0.0625 * texelFetch(coarser, beside, 0);
  result = own + max(0.0, 1.0 - own.w) * above;
}`;
