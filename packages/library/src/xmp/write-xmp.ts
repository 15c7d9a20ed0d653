import { isNamed, NAMESPACES, type Prefix, type Scope, scopeOf, split, type XmpName } from './names.ts';
import { findDescriptions } from './read-xmp.ts';
import type { XmpRegion } from './regions.ts';
import { parseXml, writeXml, type XmlElement, type XmlNode } from './xml.ts';

/** What goes into XMP. What is left out stays as it was; null takes it away. */
export interface XmpChange {
  readonly rating?: number | null;
  readonly caption?: string | null;
  readonly keywords?: readonly string[] | null;
  readonly isFavourite?: boolean;
  /** Over the pixels as they are stored, with their size in pixels. */
  readonly regions?: {
    readonly width: number;
    readonly height: number;
    readonly faces: readonly XmpRegion[];
  };
}

/**
 * XMP with these changes, to be written as it is. What other programs wrote into `before` stays, also regions of other
 * kinds. Throws `corrupt-input` where `before` is no XML.
 */
export function writeXmp(change: XmpChange, before?: string): string {
  const nodes = before === undefined || before.trim() === '' ? createDocument() : parseXml(before);
  let descriptions = findDescriptions(nodes);
  if (descriptions.length === 0) {
    nodes.splice(0, nodes.length, ...createDocument());
    descriptions = findDescriptions(nodes);
  }
  const set = (name: XmpName, make: ((write: Writer) => XmlElement) | undefined): void => {
    for (const { element, scope } of descriptions) removeProperty(element, name, scope);
    const [first] = descriptions;
    if (make === undefined || first === undefined) return;
    const write = createWriter(first.element, first.scope);
    first.element.children.push({ type: 'text', text: '\n   ' }, make(write), { type: 'text', text: '\n  ' });
  };

  const { rating, caption, keywords, isFavourite, regions } = change;
  if (rating !== undefined) {
    set('xmp:Rating', rating === null ? undefined : (write) => write('xmp:Rating', String(rating)));
  }
  if (caption !== undefined) {
    const isThere = caption !== null && caption !== '';
    set('dc:description', isThere ? (write) => write('dc:description', [inEveryLanguage(write, caption)]) : undefined);
  }
  if (keywords !== undefined) {
    const list = keywords ?? [];
    const items = (write: Writer): XmlElement[] => list.map((keyword) => write('rdf:li', keyword));
    set('dc:subject', list.length === 0 ? undefined : (write) => write('dc:subject', [write('rdf:Bag', items(write))]));
  }
  if (isFavourite !== undefined) {
    set('focal:Favourite', isFavourite ? (write) => write('focal:Favourite', 'True') : undefined);
  }
  if (regions !== undefined) {
    const others = keptRegions(descriptions);
    const isEmpty = regions.faces.length === 0 && others.length === 0;
    set('mwg-rs:Regions', isEmpty ? undefined : (write) => toRegions(write, regions, others));
  }
  return writeXml(nodes);
}

type Writer = (name: XmpName, content: string | readonly XmlNode[], attributes?: [XmpName, string][]) => XmlElement;

/** Makes elements with the prefixes that the document has, and declares those that it lacks. */
function createWriter(root: XmlElement, scope: Scope): Writer {
  const prefixes = new Map<string, string>([...scope].map(([prefix, uri]) => [uri, prefix]));
  // Attributes take no default namespace, and neither do we.
  for (const [uri, prefix] of prefixes) if (prefix === '') prefixes.delete(uri);
  const toName = (name: XmpName): string => {
    const [prefix, local] = split(name);
    const uri = NAMESPACES[prefix as Prefix];
    let own = prefixes.get(uri);
    if (own === undefined) {
      own = prefix;
      for (let number = 2; scope.has(own) && scope.get(own) !== uri; number++) own = `${prefix}${number}`;
      prefixes.set(uri, own);
      root.attributes.push([`xmlns:${own}`, uri]);
    }
    return `${own}:${local}`;
  };
  return (name, content, attributes = []) => ({
    type: 'element',
    name: toName(name),
    attributes: attributes.map(([each, value]) => [toName(each), value]),
    children: typeof content === 'string' ? [{ type: 'text', text: content }] : [...content],
  });
}

function removeProperty(element: XmlElement, name: XmpName, scope: Scope): void {
  element.attributes = element.attributes.filter(([each]) => !isNamed(each, name, scope));
  element.children = element.children.filter(
    (child) => child.type !== 'element' || !isNamed(child.name, name, scopeOf(child, scope)),
  );
}

function inEveryLanguage(write: Writer, text: string): XmlElement {
  return write('rdf:Alt', [write('rdf:li', text, [['xml:lang', 'x-default']])]);
}

/** Regions of other kinds than faces, such as what a camera focused on, as they are. */
function keptRegions(descriptions: readonly { readonly element: XmlElement; readonly scope: Scope }[]): XmlElement[] {
  const kept: XmlElement[] = [];
  const visit = (element: XmlElement, outer: Scope, isInRegions: boolean): void => {
    for (const child of element.children) {
      if (child.type !== 'element') continue;
      const scope = scopeOf(child, outer);
      const isIn = isInRegions || isNamed(child.name, 'mwg-rs:Regions', scope);
      if (isIn && isNamed(child.name, 'rdf:li', scope)) {
        if (typeOf(child, scope) !== 'Face') kept.push(withScope(child, scope));
      } else visit(child, scope, isIn);
    }
  };
  for (const { element, scope } of descriptions) visit(element, scope, false);
  return kept;
}

/** Without a type it is a face, as in {@link readXmp}. */
function typeOf(item: XmlElement, scope: Scope): string {
  const attribute = item.attributes.find(([name]) => isNamed(name, 'mwg-rs:Type', scope));
  if (attribute !== undefined) return attribute[1].trim();
  for (const child of item.children) {
    if (child.type !== 'element') continue;
    const inner = scopeOf(child, scope);
    if (isNamed(child.name, 'mwg-rs:Type', inner)) {
      return child.children
        .map((node) => (node.type === 'text' ? node.text : ''))
        .join('')
        .trim();
    }
    if (isNamed(child.name, 'rdf:Description', inner)) return typeOf(child, inner);
  }
  return 'Face';
}

/** With all prefixes that it may use, since it comes to stand elsewhere. */
function withScope(element: XmlElement, scope: Scope): XmlElement {
  const own = new Set(element.attributes.map(([name]) => name));
  const used = writeXml([element]);
  const missing = [...scope].flatMap(([prefix, uri]): [string, string][] => {
    const name = `xmlns:${prefix}`;
    return prefix === '' || prefix === 'xml' || own.has(name) || !used.includes(`${prefix}:`) ? [] : [[name, uri]];
  });
  return { ...element, attributes: [...missing, ...element.attributes] };
}

function toRegions(
  write: Writer,
  { width, height, faces }: NonNullable<XmpChange['regions']>,
  others: readonly XmlElement[],
): XmlElement {
  const resource: [XmpName, string][] = [['rdf:parseType', 'Resource']];
  const items = faces.map(({ name, type, box }) =>
    write(
      'rdf:li',
      [
        ...(name === '' ? [] : [write('mwg-rs:Name', name)]),
        write('mwg-rs:Type', type),
        write(
          'mwg-rs:Area',
          [
            write('stArea:x', toFraction(box.x + box.width / 2)),
            write('stArea:y', toFraction(box.y + box.height / 2)),
            write('stArea:w', toFraction(box.width)),
            write('stArea:h', toFraction(box.height)),
            write('stArea:unit', 'normalized'),
          ],
          resource,
        ),
      ],
      resource,
    ),
  );
  return write(
    'mwg-rs:Regions',
    [
      write(
        'mwg-rs:AppliedToDimensions',
        [write('stDim:w', String(width)), write('stDim:h', String(height)), write('stDim:unit', 'pixel')],
        resource,
      ),
      write('mwg-rs:RegionList', [write('rdf:Bag', [...items, ...others])]),
    ],
    resource,
  );
}

/** Enough digits for a tenth of a pixel of any photo. */
function toFraction(value: number): string {
  return String(Number(Math.min(1, Math.max(0, value)).toFixed(8)));
}

function createDocument(): XmlNode[] {
  return parseXml(`<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="${NAMESPACES.x}">
 <rdf:RDF xmlns:rdf="${NAMESPACES.rdf}">
  <rdf:Description rdf:about="" xmlns:xmp="${NAMESPACES.xmp}" xmlns:dc="${NAMESPACES.dc}"></rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>
`);
}
