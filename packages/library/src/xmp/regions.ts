/** A region of a photo with who or what it shows. */
export interface XmpRegion {
  readonly name: string;
  /** Face, Pet, Focus, BarCode; other programs write others. */
  readonly type: string;
  /** Fractions. */
  readonly box: RegionBox;
}

export interface RegionBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What EXIF knows: 1 upright, 3 upside down, 6 and 8 on their sides, 2, 4, 5, 7 mirrored. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

export function isOrientation(value: unknown): value is Orientation {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 8;
}

/** Whether width and height change places. */
export function isTurned(orientation: Orientation): boolean {
  return orientation >= 5;
}

/**
 * [Note: regions and orientation] Regions in XMP are given over the pixels as they are stored, not as they are shown
 * (MWG guidelines 2.0, 5.9), while the library knows photos upright.
 */
export function toUpright(box: RegionBox, orientation: Orientation): RegionBox {
  const { x, y, width, height } = box;
  const [right, bottom] = [1 - x - width, 1 - y - height];
  const turned = { width: height, height: width };
  switch (orientation) {
    case 1:
      return box;
    case 2:
      return { x: right, y, width, height };
    case 3:
      return { x: right, y: bottom, width, height };
    case 4:
      return { x, y: bottom, width, height };
    case 5:
      return { x: y, y: x, ...turned };
    case 6:
      return { x: bottom, y: x, ...turned };
    case 7:
      return { x: bottom, y: right, ...turned };
    case 8:
      return { x: y, y: right, ...turned };
  }
}

/** The inverse of {@link toUpright}. */
export function toStored(box: RegionBox, orientation: Orientation): RegionBox {
  // The two quarter turns undo each other, all others undo themselves.
  return toUpright(box, orientation === 6 ? 8 : orientation === 8 ? 6 : orientation);
}
