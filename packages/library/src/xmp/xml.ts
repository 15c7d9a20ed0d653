import { FocalError } from '@focal/core';

/** A small XML tree that is written back as it was read, but for what was changed in it. */
export interface XmlElement {
  readonly type: 'element';
  /** With its prefix, as it is written. */
  name: string;
  /** In their order, names with prefixes, values plain. */
  attributes: [name: string, value: string][];
  children: XmlNode[];
}

export type XmlNode =
  | XmlElement
  /** Plain text. */
  | { readonly type: 'text'; readonly text: string }
  /** Comments, instructions, as they are written. */
  | { readonly type: 'raw'; readonly text: string };

const MOST_CHARACTERS = 16 * 2 ** 20;
const DEEPEST = 200;
const NAME = /[^\s/>=<"'&]+/y;
const ATTRIBUTE = /\s*([^\s/>=<"'&]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;

/** Throws `corrupt-input`. Documents with types of their own (DOCTYPE) are refused: they may refer to anything. */
export function parseXml(text: string): XmlNode[] {
  if (text.length > MOST_CHARACTERS) throw broken('it is too large');
  const roots: XmlNode[] = [];
  const open: XmlElement[] = [];
  const add = (node: XmlNode): void => void (open.at(-1)?.children ?? roots).push(node);
  let at = text.startsWith('\ufeff') ? 1 : 0;
  while (at < text.length) {
    if (text[at] !== '<') {
      const end = text.indexOf('<', at);
      const part = text.slice(at, end === -1 ? text.length : end);
      if (open.length > 0 || part.trim() !== '') add({ type: 'text', text: decode(part) });
      else add({ type: 'raw', text: part });
      at += part.length;
    } else if (text.startsWith('<!--', at)) at = addRaw('-->');
    else if (text.startsWith('<?', at)) at = addRaw('?>');
    else if (text.startsWith('<![CDATA[', at)) {
      const end = endOf(']]>');
      add({ type: 'text', text: text.slice(at + 9, end - 3) });
      at = end;
    } else if (text.startsWith('<!', at)) throw broken('it has types of its own');
    else if (text[at + 1] === '/') {
      const end = endOf('>');
      const name = text.slice(at + 2, end - 1).trim();
      if (open.pop()?.name !== name) throw broken(`</${name.slice(0, 60)}> ends nothing`);
      at = end;
    } else {
      readStart();
      if (open.length > DEEPEST) throw broken('it is too deep');
    }
  }
  if (open.length > 0) throw broken(`<${open.at(-1)?.name.slice(0, 60)}> has no end`);
  return roots;

  function endOf(mark: string): number {
    const end = text.indexOf(mark, at);
    if (end === -1) throw broken('it ends too early');
    return end + mark.length;
  }

  function addRaw(mark: string): number {
    const end = endOf(mark);
    add({ type: 'raw', text: text.slice(at, end) });
    return end;
  }

  function readStart(): void {
    NAME.lastIndex = at + 1;
    const name = NAME.exec(text)?.[0];
    if (name === undefined) throw broken('a name is missing');
    const element: XmlElement = { type: 'element', name, attributes: [], children: [] };
    at = NAME.lastIndex;
    for (;;) {
      ATTRIBUTE.lastIndex = at;
      const match = ATTRIBUTE.exec(text);
      if (match === null) break;
      element.attributes.push([match[1] as string, decode(match[2] ?? match[3] ?? '')]);
      at = ATTRIBUTE.lastIndex;
    }
    const end = /\s*(\/?)>/y;
    end.lastIndex = at;
    const closing = end.exec(text);
    if (closing === null) throw broken(`<${name.slice(0, 60)} has no end`);
    at = end.lastIndex;
    add(element);
    if (closing[1] === '') open.push(element);
  }
}

export function writeXml(nodes: readonly XmlNode[]): string {
  return nodes.map(writeNode).join('');
}

function writeNode(node: XmlNode): string {
  if (node.type === 'raw') return node.text;
  if (node.type === 'text') return encode(node.text);
  const attributes = node.attributes
    .map(
      ([name, value]) =>
        ` ${name}="${encode(value).replaceAll('"', '&quot;').replaceAll('\n', '&#10;').replaceAll('\t', '&#9;')}"`,
    )
    .join('');
  const inner = writeXml(node.children);
  return inner === '' ? `<${node.name}${attributes}/>` : `<${node.name}${attributes}>${inner}</${node.name}>`;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decode(text: string): string {
  if (!text.includes('&')) return text;
  return text.replaceAll(/&(#x[\da-f]+|#\d+|\w+);/gi, (whole, name: string) => {
    if (!name.startsWith('#')) return ENTITIES[name] ?? whole;
    const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '';
  });
}

/** XML has no way to write most control characters. */
function encode(text: string): string {
  return Buffer.from(text)
    .toString()
    .replaceAll(/(?![\t\n\r\u0080-\u009f])\p{Cc}|[\ufffe\uffff]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#13;');
}

function broken(why: string): FocalError {
  return new FocalError('corrupt-input', `The XMP is no well-formed XML: ${why}.`, {
    hint: 'Write it again with the program that made it, or delete it.',
  });
}
