import type { WriteStream } from 'node:tty';

/**
 * One line at the bottom of a terminal that is drawn again and again: a bar and what is being done. Lines printed
 * through `above` stay and scroll. On anything but a terminal it draws nothing.
 */
export class ProgressLine {
  readonly #stream: NodeJS.WriteStream;
  readonly #active: boolean;
  #drawn = '';

  constructor(stream: NodeJS.WriteStream, enabled: boolean) {
    this.#stream = stream;
    this.#active = enabled && stream.isTTY === true && process.env.TERM !== 'dumb';
  }

  /** @param done share of the whole, 0..1 */
  draw(done: number, text: string): void {
    if (!this.#active) return;
    const columns = (this.#stream as WriteStream).columns || 80;
    const width = Math.min(24, Math.max(8, columns - 40));
    const full = Math.round(Math.min(1, Math.max(0, done)) * width);
    const percent = `${Math.floor(done * 100)}`.padStart(3);
    const line = `${'█'.repeat(full)}${'░'.repeat(width - full)} ${percent} %  ${text}`.slice(0, columns - 1);
    if (line === this.#drawn) return;
    this.#stream.write(`\r${line}\x1b[K`);
    this.#drawn = line;
  }

  /** Takes the line away, so that something else can be printed. */
  clear(): void {
    if (this.#drawn === '') return;
    this.#stream.write('\r\x1b[K');
    this.#drawn = '';
  }
}
