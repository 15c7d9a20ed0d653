/** How long three plain jobs take on a machine: medians. */
export interface MachineTimes {
  /** One run of the selfie model in onnxruntime-node with its default options. */
  readonly selfieMs: number;
  /** One JPEG decode of the 12 MP input by sharp. */
  readonly jpegMs: number;
  /** One copy of 48 MB. */
  readonly copyMs: number;
}

/** A machine beside the reference machine of bench/reference.json. */
export interface Calibration extends MachineTimes {
  /** Median over the jobs of time here / time there, never below 1: what absolute limits are multiplied by. */
  readonly factor: number;
}
