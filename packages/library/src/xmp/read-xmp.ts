import { EMPTY_SCOPE, isNamed, type Scope, scopeOf, type XmpName } from './names.ts';
import type { XmpRegion } from './regions.ts';
import { parseXml, type XmlElement, type XmlNode } from './xml.ts';

/** What XMP tells of a photo that the library keeps; what is not there is left out. */
export interface XmpFacts {
  /** 0 none to 5; -1, which says rejected, is read as 0. */
  readonly rating?: number;
  readonly caption?: string;
  readonly title?: string;
  readonly keywords?: readonly string[];
  readonly isFavourite?: boolean;
  /** Over the pixels as they are stored; see [Note: regions and orientation]. */
  readonly regions?: readonly XmpRegion[];
  /** The size that the regions were drawn over, in pixels. */
  readonly regionSize?: { readonly width: number; readonly height: number };
}

const LONGEST_TEXT = 5000;
const MOST_KEYWORDS = 1000;
const MOST_REGIONS = 1000;

/** A property with the scope that it stands in: an element, or the value of an attribute. */
interface Property {
  readonly element?: XmlElement;
  readonly value?: string;
  readonly scope: Scope;
}

/** Throws `corrupt-input` for what is no XML. XML that is no XMP says nothing. */
export function readXmp(text: string): XmpFacts {
  const descriptions = findDescriptions(parseXml(text));
  const get = (name: XmpName): Property | undefined => findProperty(descriptions, name);
  const rating = Number.parseInt(textOf(get('xmp:Rating')) ?? '', 10);
  const caption = textOf(get('dc:description'));
  const title = textOf(get('dc:title'));
  const keywords = listOf(get('dc:subject'));
  const favourite = textOf(get('focal:Favourite'));
  const regions = readRegions(get('mwg-rs:Regions'));
  return {
    ...(rating >= -1 && rating <= 5 && { rating: Math.max(0, rating) }),
    ...(caption !== undefined && { caption: caption.slice(0, LONGEST_TEXT) }),
    ...(title !== undefined && { title: title.slice(0, LONGEST_TEXT) }),
    ...(keywords !== undefined && { keywords }),
    ...(favourite !== undefined && { isFavourite: favourite.toLowerCase() === 'true' }),
    ...regions,
  };
}

/** All `rdf:Description` elements directly in an `rdf:RDF`, with their scopes. */
export function findDescriptions(nodes: readonly XmlNode[]): readonly { element: XmlElement; scope: Scope }[] {
  const found: { element: XmlElement; scope: Scope }[] = [];
  const visit = (inner: readonly XmlNode[], outer: Scope, isRdf: boolean): void => {
    for (const node of inner) {
      if (node.type !== 'element') continue;
      const scope = scopeOf(node, outer);
      if (isRdf && isNamed(node.name, 'rdf:Description', scope)) found.push({ element: node, scope });
      else if (isNamed(node.name, 'rdf:RDF', scope)) visit(node.children, scope, true);
      else if (isNamed(node.name, 'x:xmpmeta', scope)) visit(node.children, scope, false);
    }
  };
  visit(nodes, EMPTY_SCOPE, false);
  return found;
}

function findProperty(
  descriptions: readonly { readonly element: XmlElement; readonly scope: Scope }[],
  name: XmpName,
): Property | undefined {
  for (const { element, scope } of descriptions) {
    const found = fieldOf({ element, scope }, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A field of a structure, which RDF may write in four ways. */
function fieldOf(property: Property, name: XmpName): Property | undefined {
  const { element, scope } = property;
  if (element === undefined) return undefined;
  const attribute = element.attributes.find(([each]) => isNamed(each, name, scope));
  if (attribute !== undefined) return { value: attribute[1], scope };
  for (const child of element.children) {
    if (child.type !== 'element') continue;
    const inner = scopeOf(child, scope);
    if (isNamed(child.name, name, inner)) return { element: child, scope: inner };
    if (isNamed(child.name, 'rdf:Description', inner) && !isNamed(element.name, 'rdf:RDF', scope)) {
      const found = fieldOf({ element: child, scope: inner }, name);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** Items of a bag, sequence or choice; undefined where it is none of them. */
function itemsOf({ element, scope }: Property): readonly Property[] | undefined {
  for (const child of element?.children ?? []) {
    if (child.type !== 'element') continue;
    const inner = scopeOf(child, scope);
    if (!(['rdf:Bag', 'rdf:Seq', 'rdf:Alt'] as const).some((name) => isNamed(child.name, name, inner))) continue;
    return child.children.flatMap((item) => {
      if (item.type !== 'element') return [];
      const own = scopeOf(item, inner);
      return isNamed(item.name, 'rdf:li', own) ? [{ element: item, scope: own }] : [];
    });
  }
  return undefined;
}

/** Of a choice of languages that for everybody, else the first. */
function textOf(property: Property | undefined): string | undefined {
  if (property === undefined) return undefined;
  if (property.value !== undefined) return nonEmpty(property.value);
  const items = itemsOf(property);
  if (items !== undefined) {
    const isDefault = ({ element, scope }: Property): boolean =>
      element?.attributes.some(([name, value]) => isNamed(name, 'xml:lang', scope) && value === 'x-default') ?? false;
    return textOf(items.find(isDefault) ?? items[0]);
  }
  const plain = (property.element?.children ?? []).map((node) => (node.type === 'text' ? node.text : '')).join('');
  return nonEmpty(plain);
}

function listOf(property: Property | undefined): readonly string[] | undefined {
  if (property === undefined) return undefined;
  const items = itemsOf(property);
  const texts = items === undefined ? [textOf(property)] : items.map(textOf);
  const list = texts.flatMap((text) => (text === undefined ? [] : [text.slice(0, 200)]));
  return [...new Set(list)].slice(0, MOST_KEYWORDS);
}

function readRegions(property: Property | undefined): Pick<XmpFacts, 'regions' | 'regionSize'> {
  if (property === undefined) return {};
  const size = fieldOf(property, 'mwg-rs:AppliedToDimensions');
  const sizeNumber = (name: XmpName): number => Number(size === undefined ? Number.NaN : textOf(fieldOf(size, name)));
  const [width, height] = [sizeNumber('stDim:w'), sizeNumber('stDim:h')];
  const hasSize = width > 0 && height > 0 && (size === undefined || textOf(fieldOf(size, 'stDim:unit')) !== 'inch');
  const list = fieldOf(property, 'mwg-rs:RegionList');
  const items = list === undefined ? [] : (itemsOf(list) ?? []);
  const regions = items.slice(0, MOST_REGIONS).flatMap((item): readonly XmpRegion[] => {
    const area = fieldOf(item, 'mwg-rs:Area');
    if (area === undefined) return [];
    const number = (name: XmpName): number => Number(textOf(fieldOf(area, name)));
    const isPixels = textOf(fieldOf(area, 'stArea:unit')) === 'pixel';
    if (isPixels && !hasSize) return [];
    const [across, down] = isPixels ? [width, height] : [1, 1];
    // A circle has a diameter, a point nothing.
    const diameter = number('stArea:d');
    const [w, h] = [number('stArea:w') / across, number('stArea:h') / down].map((side) =>
      Number.isFinite(side) ? side : Number.isFinite(diameter) && !isPixels ? diameter : 0,
    ) as [number, number];
    const [x, y] = [number('stArea:x') / across, number('stArea:y') / down];
    const isWithin = [x, y, w, h].every((value) => Number.isFinite(value) && value >= 0 && value <= 1.001);
    if (!isWithin) return [];
    return [
      {
        name: textOf(fieldOf(item, 'mwg-rs:Name'))?.slice(0, 200) ?? '',
        type: textOf(fieldOf(item, 'mwg-rs:Type'))?.slice(0, 40) ?? 'Face',
        box: { x: x - w / 2, y: y - h / 2, width: w, height: h },
      },
    ];
  });
  return { regions, ...(hasSize && { regionSize: { width, height } }) };
}

function nonEmpty(text: string): string | undefined {
  const trimmed = text.replaceAll('\0', '').trim();
  return trimmed === '' ? undefined : trimmed;
}
