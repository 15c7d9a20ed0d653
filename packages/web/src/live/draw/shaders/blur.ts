import { DOUBLED, head, SHARE_AT } from './head.ts';

/** Kernels are kept in rows of so many. */
export const KERNEL_COLUMNS = 256;

/** sRGB of the light gathered over the aperture on one level, the coarser level faded in; and how far it is blurred. */
export const GATHER = `${head('uvec4')}${DOUBLED}
uniform isampler2D sums;
uniform usampler2D cells, encoded;
uniform sampler2D radii, kernelRows, kernels, fill;
uniform int level, shift;
uniform bool isCoarsest;
uniform float needFrom, needTo, fadeFrom, fadeTo;

float radiusAt(ivec2 p) {
  ivec2 last = textureSize(radii, 0) - 1;
  vec2 at = clamp((vec2(p) + 0.5) / float(1 << shift) - 0.5, vec2(0.0), vec2(last));
  ivec2 near = ivec2(at), next = min(near + 1, last);
  vec2 share = at - vec2(near);
  float a = texelFetch(radii, near, 0).x, b = texelFetch(radii, ivec2(next.x, near.y), 0).x;
  float c = texelFetch(radii, ivec2(near.x, next.y), 0).x, d = texelFetch(radii, next, 0).x;
  float left = a + (c - a) * share.y, right = b + (d - b) * share.y;
  return left + (right - left) * share.x;
}

/** The weighted sums over a kernel: each of its rows is a difference of prefix sums, with shares of the pixels at its ends. */
vec4 sumOver(ivec2 p, int from, int to) {
  ivec2 size = textureSize(sums, 0);
  vec4 sum = vec4(0.0);
  for (int n = from; n < to; n++) {
    vec4 row = texelFetch(kernelRows, ivec2(n % ${KERNEL_COLUMNS}, n / ${KERNEL_COLUMNS}), 0);
    int y = p.y + int(row.x);
    if (y < 0 || y >= size.y) continue;
    vec2 ends = floor(row.yz), shares = row.yz - ends;
    ivec2 at = p.x + ivec2(ends), low = clamp(at, 0, size.x - 1), high = clamp(at + 1, 0, size.x - 1);
    ivec4 left = texelFetch(sums, ivec2(low.x, y), 0), right = texelFetch(sums, ivec2(low.y, y), 0);
    vec4 before = vec4(texelFetch(sums, ivec2(high.x, y), 0) - left);
    vec4 after = vec4(texelFetch(sums, ivec2(high.y, y), 0) - right);
    sum += vec4(right - left) + (shares.y * after - shares.x * before);
  }
  return sum;
}

uint encode(float light) {
  int at = clamp(int(light + 0.5), 0, 65599);
  return texelFetch(encoded, ivec2(at & 255, at >> 8), 0).x;
}

uvec3 gather(ivec2 p, float radius) {
  int index = min(textureSize(kernels, 0).x - 1, int(radius / (RADIUS_STEP * float(1 << level)) + 0.5));
  vec4 kernel = texelFetch(kernels, ivec2(index, 0), 0);
  vec4 sum = sumOver(p, int(kernel.x), int(kernel.y));
  float wanted = FILL_BELOW * UNIT * kernel.z - sum.w;
  if (wanted > 0.0) {
    vec4 filled = texelFetch(fill, p >> shift, 0);
    sum += FILL_SHARE * wanted * vec4(filled.rgb / max(filled.w, 1e-6), 1.0);
  }
  vec3 light = sum.rgb * (UNIT / sum.w);
  return uvec3(encode(light.r), encode(light.g), encode(light.b));
}

void main() {
  result = uvec4(0u);
  if (level == 1 && texelFetch(cells, AT, 0).y == 0u) return;
  float radius = radiusAt(AT);
  if (radius >= needFrom && radius <= needTo && radius < fadeTo) result.rgb = gather(AT, radius);
  if (!isCoarsest && radius >= fadeFrom) {
    vec3 doubled = vec3((sixteenfold(AT).rgb + 8) >> 4);
    float share = min(1.0, (radius - fadeFrom) / (fadeTo - fadeFrom));
    vec3 fine = vec3(result.rgb);
    result.rgb = uvec3(fine + (doubled - fine) * share + 0.5);
  }
  if (level > 1) return;
  float share = clamp((radius - SHARP) / (BLURRED - SHARP), 0.0, 1.0);
  result.a = uint(share * share * (3.0 - 2.0 * share) * FULL + 0.5);
}`;

/** The sharp subject before the blurred background, dithered down to bytes. The canvas's lowest row comes first. */
export const COMPOSITE = `${head('vec4')}${SHARE_AT}${DOUBLED}
uniform usampler2D cells;
uniform sampler2D tables;
#define ONE 4096.0
void main() {
  ivec2 p = AT;
  p.y = textureSize(picture, 0).y - 1 - p.y;
  uvec4 own = texelFetch(picture, p, 0);
  uint share = shareAt(p);
  ivec4 blurred = sixteenfold(p);
  bool isNeeded = texelFetch(cells, p >> 1, 0).y == 1u;
  if (isNeeded && float(share) < SOLID && blurred.a > 0) {
    vec3 sharp = vec3(own.rgb) * ONE;
    vec3 color = vec3(blurred.rgb);
    color += (sharp - color) * texelFetch(tables, ivec2(int(share), 0), 0).w;
    color += (sharp - color) * (1.0 - float(blurred.a) / (FULL * 16.0));
    uint dither = (uint(p.x) * DITHER_X + uint(p.y) * DITHER_Y) >> 20;
    own.rgb = uvec3(color + float(dither)) >> 12;
  }
  result = vec4(own) / 255.0;
}`;
