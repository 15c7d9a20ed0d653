import type { XmlElement } from './xml.ts';

/** Namespaces by the prefixes that they usually have. */
export const NAMESPACES = {
  x: 'adobe:ns:meta/',
  rdf: 'http://www.w3.org/1999/02/22-rdf-syntax-ns#',
  xml: 'http://www.w3.org/XML/1998/namespace',
  xmp: 'http://ns.adobe.com/xap/1.0/',
  dc: 'http://purl.org/dc/elements/1.1/',
  focal: 'urn:focal:library:1.0/',
  'mwg-rs': 'http://www.metadataworkinggroup.com/schemas/regions/',
  stArea: 'http://ns.adobe.com/xmp/sType/Area#',
  stDim: 'http://ns.adobe.com/xap/1.0/sType/Dimensions#',
} as const;

export type Prefix = keyof typeof NAMESPACES;
/** `dc:subject`, by the prefix that its namespace has here. */
export type XmpName = `${Prefix}:${string}`;

/** Prefixes as a document has them, by where one is. */
export type Scope = ReadonlyMap<string, string>;

export const EMPTY_SCOPE: Scope = new Map([['xml', NAMESPACES.xml]]);

export function scopeOf(element: XmlElement, outer: Scope): Scope {
  const own = element.attributes.flatMap(([name, value]) =>
    name === 'xmlns' ? [['', value] as const] : name.startsWith('xmlns:') ? [[name.slice(6), value] as const] : [],
  );
  return own.length === 0 ? outer : new Map([...outer, ...own]);
}

/** Whether a name as a document writes it is this one. */
export function isNamed(name: string, wanted: XmpName, scope: Scope): boolean {
  const [prefix, local] = split(name);
  const [wantedPrefix, wantedLocal] = split(wanted);
  return local === wantedLocal && scope.get(prefix) === NAMESPACES[wantedPrefix as Prefix];
}

export function split(name: string): readonly [string, string] {
  const colon = name.indexOf(':');
  return colon === -1 ? ['', name] : [name.slice(0, colon), name.slice(colon + 1)];
}
