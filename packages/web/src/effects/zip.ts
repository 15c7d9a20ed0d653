import { downloadZip } from 'client-zip';

/** A file by its name. */
export interface NamedFile {
  readonly name: string;
  readonly blob: Blob;
}

/** The files in one ZIP archive, stored as they are: pictures do not get smaller. Names that are taken get a number. */
export function zipFiles(files: readonly NamedFile[]): Promise<Blob> {
  const taken = new Set<string>();
  const named = files.map(({ name, blob }) => {
    const [, base = name, extension = ''] = /^(.*?)(\.[^.]*)?$/.exec(name) ?? [];
    let free = name;
    for (let number = 2; taken.has(free); number++) free = `${base}-${number}${extension}`;
    taken.add(free);
    return { name: free, input: blob };
  });
  return downloadZip(named).blob();
}
