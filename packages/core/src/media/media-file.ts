/** What a camera is and how it was set; what is not known is left out. */
export interface CameraFacts {
  readonly make?: string;
  readonly model?: string;
  readonly lens?: string;
  readonly exposureSeconds?: number;
  readonly aperture?: number;
  readonly iso?: number;
  readonly focalLengthMm?: number;
}

/** What a camera wrote into a file. Nothing is made up: what is not there is left out. */
export interface CaptureFacts extends CameraFacts {
  /** The clock of the camera: `2023-07-14T18:30:05`, with fractions of a second where there are any. */
  readonly takenLocal?: string;
  /** What that clock was ahead of UTC, in minutes, where the file says it. */
  readonly offsetMinutes?: number;
  /** UTC as of the satellites, milliseconds since 1970. */
  readonly gpsTimeMs?: number;
  /** Degrees, north and east positive. */
  readonly latitude?: number;
  readonly longitude?: number;
  /** Metres above the sea. */
  readonly altitude?: number;
  readonly caption?: string;
  /** 1..5. */
  readonly rating?: number;
}

/** What a photo or a video is, without decoding it. */
export interface InspectedFile {
  readonly kind: 'photo' | 'video';
  /** SHA-256 of all its bytes, in hex. */
  readonly sha256: string;
  readonly bytes: number;
  /** jpeg, png, webp, avif, tiff, gif, heic; mp4, mov, webm, mkv, ts. */
  readonly format: string;
  /** Upright, in pixels. */
  readonly width: number;
  readonly height: number;
  /** Of videos. */
  readonly durationMs?: number;
  /** EXIF orientation, 1..8. */
  readonly orientation?: number;
  /** XMP within the file, as it is. */
  readonly xmp?: string;
  readonly capture: CaptureFacts;
}
