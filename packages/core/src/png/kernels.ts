/** What packing is made of, over one memory. All arguments are whole numbers, addresses in bytes. */
export interface PackKernels {
  /**
   * PNG's filter 3 on a row of so many bytes with four bytes a pixel: less the mean of left and above, rounded down.
   * The 4 bytes before the row are 0. Reads and writes to the next multiple of 16.
   */
  readonly average: (count: number, row: number, above: number, to: number) => void;
  /** PNG's filter 2: less what lies above. */
  readonly up: (count: number, row: number, above: number, to: number) => void;
  /** The same for a row of RGBA of which only RGB is written; `count` bytes are read. Writes 4 bytes too many. */
  readonly upRgb: (count: number, row: number, above: number, to: number) => void;
  /**
   * Adler-32 of so many times 16 bytes, at most 1024 times, as three vectors of four words whose sums over the vector
   * are: the bytes; these sums before each 16 bytes; and the bytes of each 16 weighed 16 to 1.
   */
  readonly sum: (count: number, from: number, to: number) => void;
  /** Adds to how often each literal occurs, in four tables of 256 words, and after them each length of a run. */
  readonly count: (from: number, end: number, counts: number) => void;
  /**
   * Writes literals and runs, looked up in 256 words and, after them, a word for each length of a run: bits in the low
   * 24, how many in the high 8. At `state` lies how many bits of the byte at `to` are taken already, the others being
   * 0, and after it comes the address of the last byte that is not full. Writes 8 bytes too many.
   */
  readonly emit: (from: number, end: number, codes: number, to: number, state: number) => void;
}

/** Numbers in the tables that `count` adds to and those that `emit` looks up. */
export const LANES = 4;
export const LITERALS = 256;
export const LONGEST_RUN = 258;

// [Note: runs of bytes] Four bytes that are equal to the one before them begin a run, which goes on to the next other
// byte, but not over 258 or the end. Else four literals are taken at once, the last three bytes before the end one by
// one. So a run that begins amid four literals is found three bytes late at most.

/** The reference of the SIMD kernels. */
export function createReferenceKernels(buffer: ArrayBuffer): PackKernels {
  const bytes = new Uint8Array(buffer);
  const words = new Int32Array(buffer);
  const at = (address: number) => bytes[address] as number;

  /** Bytes of the run that begins here; 0 where there is none. */
  function measureRun(from: number, end: number): number {
    const most = Math.min(LONGEST_RUN, end - from);
    let run = 0;
    while (run < most && at(from + run) === at(from - 1)) run++;
    return run < 4 ? 0 : run;
  }

  function increment(address: number): void {
    words[address >> 2] = (words[address >> 2] as number) + 1;
  }

  return {
    average(count, row, above, to) {
      for (let i = 0; i < count; i++) bytes[to + i] = at(row + i) - ((at(row + i - 4) + at(above + i)) >> 1);
    },
    up(count, row, above, to) {
      for (let i = 0; i < count; i++) bytes[to + i] = at(row + i) - at(above + i);
    },
    upRgb(count, row, above, to) {
      for (let i = 0, o = to; i < count; i += 4, o += 3) {
        for (let c = 0; c < 3; c++) bytes[o + c] = at(row + i + c) - at(above + i + c);
      }
    },
    sum(count, from, to) {
      let [whole, before, weighed] = [0, 0, 0];
      for (let block = 0; block < count; block++) {
        before += whole;
        for (let i = 0; i < 16; i++) {
          const byte = at(from + block * 16 + i);
          whole += byte;
          weighed += (16 - i) * byte;
        }
      }
      words.fill(0, to >> 2, (to >> 2) + 12);
      words[to >> 2] = whole;
      words[(to >> 2) + 4] = before;
      words[(to >> 2) + 8] = weighed;
    },
    count(from, end, counts) {
      let i = from;
      while (end - i >= 4) {
        const run = measureRun(i, end);
        if (run > 0) increment(counts + (LANES * LITERALS + run) * 4);
        else for (let lane = 0; lane < LANES; lane++) increment(counts + (lane * LITERALS + at(i + lane)) * 4);
        i += run > 0 ? run : 4;
      }
      for (; i < end; i++) increment(counts + at(i) * 4);
    },
    emit(from, end, codes, to, state) {
      let taken = words[state >> 2] as number;
      let here = to;
      const put = (entry: number): void => {
        for (let bits = entry & 0xffffff, left = entry >>> 24; left > 0; ) {
          bytes[here] = at(here) | ((bits << taken) & 255);
          const fits = Math.min(8 - taken, left);
          bits >>>= fits;
          left -= fits;
          taken += fits;
          if (taken === 8) {
            bytes[++here] = 0;
            taken = 0;
          }
        }
      };
      const entryOf = (index: number) => words[(codes >> 2) + index] as number;
      let i = from;
      while (end - i >= 4) {
        const run = measureRun(i, end);
        if (run > 0) put(entryOf(LITERALS + run));
        else for (let lane = 0; lane < LANES; lane++) put(entryOf(at(i + lane)));
        i += run > 0 ? run : 4;
      }
      for (; i < end; i++) put(entryOf(at(i)));
      words[state >> 2] = taken;
      words[(state >> 2) + 1] = here;
    },
  };
}
