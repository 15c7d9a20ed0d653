const LONGEST_BYTES = 200;

/** A name of a file as any system takes it, without folders; what a client sent may be anything. */
export function toSafeName(given: string): string {
  const last = given.split(/[/\\]/).at(-1) ?? '';
  // Half a character becomes a question mark.
  const plain = Buffer.from(last.normalize('NFC'))
    .toString()
    .replaceAll(/[\p{Cc}<>:"|?*]/gu, '_')
    .replace(/^[.\s]+/, '')
    .replace(/[.\s]+$/, '');
  const [stem, extension] = splitName(plain);
  // Devices of Windows, whatever follows the dot.
  const free = /^(?:con|prn|aux|nul|com\d|lpt\d)$/i.test(stem) ? `_${stem}` : stem;
  return `${shorten(free === '' ? 'upload' : free, LONGEST_BYTES - Buffer.byteLength(extension))}${extension}`;
}

/** The name before its extension, and the extension with its dot. */
export function splitName(name: string): readonly [string, string] {
  const match = /^(.+?)(\.[A-Za-z\d]{1,8})$/.exec(name);
  return match === null ? [name, ''] : [match[1] as string, match[2] as string];
}

/** At most so many bytes of UTF-8, cut between characters. */
function shorten(text: string, most: number): string {
  let bytes = 0;
  let result = '';
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > most) break;
    result += character;
  }
  return result;
}
