// The figures of a bokeh, for those who draw it: core's passes and the shaders of browsers. [Note: bokeh in steps]

// Cells

/** From this share of the subject on a pixel is the subject and stays as it is. */
export const SOLID = 250;
/** Shares of the subject up to this enter the blur fully, from the next on not at all. */
export const CLEAN = 5;
export const MIXED = 24;

// Survey

/** The share of the subject's mass that is ignored at its top and bottom: stray specks of a matte. */
export const STRAY = 0.004;
/** Free space below the subject, as a share of the picture's height, from which on it surely stands in the picture. */
export const FREE_BELOW = 0.04;

// Depth

/** Distance from the subject, in sides of a square of its area, at which the circle is largest. */
export const FAR = 1.2;
/** Rows from the ground line to the horizon: this share of the subject's height, but not less than that of the picture's. */
export const HORIZON = 0.85;
export const LEAST_HORIZON = 0.3;
/** Depth of the subject itself, as a share of that: there the ground is as sharp as the subject. */
export const STANDING_ROOM = 0.03;

// Light

/** The sum that stands for a weight of 1. */
export const UNIT = 65535;
/**
 * What a highlight counts for at the most, beside the 1 of any other light. A photo cuts off lamps and glints at
 * white; in truth they are hundreds of times brighter than what is around them.
 */
export const MOST_BOOST = 100;
/** Brightness is averaged over squares of this share of the grid's longer side, twice. */
export const GLARE_SIDE = 0.04;
/** Up to this value of its brightest channel a pixel is no highlight at all. */
export const DIM = 190;

// Blur

/** A fully blurred cell. */
export const FULL = 256;
/**
 * Radii up to this many pixels of a level are gathered on it, larger ones on the next: what is seen of a level's
 * pixels, at the outline of a highlight, stays a small part of the radius.
 */
export const FINEST = 20;
/** The same where pictures move: less is seen of it, and a level costs a quarter of the one before. */
export const FINEST_MOVING = 4;
/** From this share of it on the coarser level is faded in. */
export const FADE = 0.75;
/** Between these radii, in pixels of the picture, the blur takes the place of the sharp picture. */
export const SHARP = 0.4;
export const BLURRED = 1.8;
/** Where less than the first share of the aperture sees background, the fill makes up for the second share of the rest. */
export const FILL_BELOW = 0.25;
export const FILL_SHARE = 0.01;
