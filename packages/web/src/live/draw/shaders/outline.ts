import { head, SHARE_AT } from './head.ts';

/** Of each cell of level 1 the largest, the least and the mean share of the subject. */
export const CELLS = `${head('uvec4')}${SHARE_AT}
void main() {
  ivec2 last = textureSize(picture, 0) - 1;
  ivec2 from = AT * 2, to = min(from + 1, last);
  uint a = shareAt(from), b = shareAt(ivec2(to.x, from.y)), c = shareAt(ivec2(from.x, to.y)), d = shareAt(to);
  result = uvec4(max(max(a, b), max(c, d)), min(min(a, b), min(c, d)), (a + b + c + d + 2u) >> 2, 0u);
}`;

/** How far each cell's light enters the blur, 0..255; 1 where its blur is needed; its mean share of the subject. */
export const WEIGHTS = `${head('uvec4')}
uniform usampler2D cells;
uniform sampler2D tables;
void main() {
  ivec2 last = textureSize(cells, 0) - 1;
  uint high = 0u, low = 255u;
  for (int y = -1; y <= 1; y++) for (int x = -1; x <= 1; x++) {
    uvec4 cell = texelFetch(cells, clamp(AT + ivec2(x, y), ivec2(0), last), 0);
    high = max(high, cell.x);
    low = min(low, cell.y);
  }
  uint weight = uint(texelFetch(tables, ivec2(int(high), 0), 0).z);
  result = uvec4(weight, float(low) < SOLID ? 1u : 0u, texelFetch(cells, AT, 0).z, 0u);
}`;

/** Of each cell of the grid the share of the subject, and 1 where that is half of it or more. */
export const COVER = `${head('vec4')}
uniform usampler2D cells;
uniform int span;
void main() {
  ivec2 from = AT * span, to = min(from + span, textureSize(cells, 0));
  uint covered = 0u;
  for (int y = from.y; y < to.y; y++) for (int x = from.x; x < to.x; x++) {
    covered += texelFetch(cells, ivec2(x, y), 0).z;
  }
  uint most = uint((to.x - from.x) * (to.y - from.y)) * 255u;
  result = vec4(float(covered) / float(most), covered * 2u >= most ? 1.0 : 0.0, 0.0, 0.0);
}`;

/** The grid's cover, row by row: a column of sums. */
export const ROWS = `${head('vec4')}
uniform sampler2D cover;
void main() {
  float sum = 0.0;
  for (int x = 0; x < textureSize(cover, 0).x; x++) sum += texelFetch(cover, ivec2(x, AT.y), 0).x;
  result = vec4(sum);
}`;

/**
 * One pixel: the subject's lowest row, how surely that is on the ground (−1 where there is no background at all), from
 * its top to its bottom, and the side of a square of its area; in pixels of the picture.
 */
export const FIGURES = `${head('vec4')}
uniform sampler2D rows;
uniform int scale, gridWidth, pictureHeight;
float row(int y) { return texelFetch(rows, ivec2(0, y), 0).x; }
void main() {
  int height = textureSize(rows, 0).y;
  float mass = 0.0;
  for (int y = 0; y < height; y++) mass += row(y);
  int top = 0, bottom = height - 1;
  for (float above = 0.0; top < height - 1; top++) {
    above += row(top);
    if (above > mass * STRAY) break;
  }
  for (float below = 0.0; bottom > top; bottom--) {
    below += row(bottom);
    if (below > mass * STRAY) break;
  }
  float ground = float(min((bottom + 1) * scale, pictureHeight));
  float free = (float(pictureHeight) - ground) / float(pictureHeight);
  float grounded = mass > 0.0 ? min(1.0, free / FREE_BELOW) : 0.0;
  bool hasBackground = mass < float(gridWidth * height) - 0.5;
  result = vec4(ground, hasBackground ? grounded : -1.0, float((bottom + 1 - top) * scale), sqrt(mass) * float(scale));
}`;

/** The square of the distance to the subject within a column of the grid. */
export const COLUMNS = `${head('vec4')}
uniform sampler2D cover;
void main() {
  float nearest = 1e12;
  for (int y = 0; y < textureSize(cover, 0).y; y++) {
    float away = float(y - AT.y);
    if (texelFetch(cover, ivec2(AT.x, y), 0).y > 0.5) nearest = min(nearest, away * away);
  }
  result = vec4(nearest);
}`;

/** The radius of the circle of confusion on the grid, in pixels of the picture. */
export const RADII = `${head('vec4')}
uniform sampler2D columns, figures;
uniform int scale, pictureHeight;
uniform float radiusPx, falloff, ground;
void main() {
  float nearest = 1e12;
  for (int x = 0; x < textureSize(columns, 0).x; x++) {
    float away = float(x - AT.x);
    nearest = min(nearest, away * away + texelFetch(columns, ivec2(x, AT.y), 0).x);
  }
  float distance = sqrt(nearest) * float(scale);
  vec4 known = texelFetch(figures, ivec2(0), 0);
  float full = known.y < 0.0 ? 0.0 : radiusPx;
  float far = FAR * max(1.0, known.w);
  float share = ground * max(0.0, known.y);
  float rows = max(1.0, max(HORIZON * known.z, LEAST_HORIZON * float(pictureHeight)));
  float away = abs((float(AT.y) + 0.5) * float(scale) - known.x) / rows - STANDING_ROOM;
  float byRow = 1.0 - share + share * clamp(away, 0.0, 1.0);
  float near = max(0.0, 1.0 - distance / far);
  result = vec4(full * byRow * (1.0 - falloff * near * near));
}`;
