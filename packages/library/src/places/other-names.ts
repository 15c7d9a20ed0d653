/**
 * What cities are called besides the name that the list gives them: in English, or by those who live there; and what
 * they were called. By country, then by the list's name.
 */
export const OTHER_NAMES: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  AE: { 'Abu Dhabi': ['Abu Zaby'] },
  AT: { Vienna: ['Wien'] },
  BE: {
    Antwerpen: ['Antwerp', 'Anvers'],
    Brugge: ['Bruges'],
    Brussels: ['Bruxelles', 'Brussel'],
    Gent: ['Ghent', 'Gand'],
    Liège: ['Luik', 'Lüttich'],
  },
  CH: {
    Basel: ['Basle', 'Bâle'],
    Bern: ['Berne'],
    Genève: ['Geneva', 'Genf', 'Ginevra'],
    Luzern: ['Lucerne'],
    Zürich: ['Zurigo'],
  },
  CN: { Beijing: ['Peking'], Guangzhou: ['Canton'], 'Xi’an': ['Xian'] },
  CZ: { Pilsen: ['Plzeň'], Prague: ['Praha', 'Prag'] },
  DE: {
    Aachen: ['Aix-la-Chapelle'],
    Braunschweig: ['Brunswick'],
    'Frankfurt am Main': ['Francfort'],
    Hannover: ['Hanover'],
    Köln: ['Cologne', 'Colonia'],
    Munich: ['München', 'Monaco di Baviera'],
    Nürnberg: ['Nuremberg', 'Norimberga'],
  },
  DK: { Copenhagen: ['København', 'Kopenhagen'] },
  EG: { Cairo: ['Al Qahirah', 'Le Caire'] },
  ES: { Palma: ['Palma de Mallorca'], Sevilla: ['Seville'], Zaragoza: ['Saragossa'], 'A Coruña': ['La Coruña'] },
  FR: { Dunkerque: ['Dunkirk'], Lyon: ['Lyons'], Marseille: ['Marseilles'], Strasbourg: ['Straßburg'] },
  GR: { Athens: ['Athína', 'Athen'], Thessaloníki: ['Salonica'] },
  IN: {
    Bengaluru: ['Bangalore'],
    Chennai: ['Madras'],
    Kolkata: ['Calcutta'],
    Mumbai: ['Bombay'],
    Pune: ['Poona'],
  },
  IR: { Isfahan: ['Esfahan'], Tehran: ['Teheran'] },
  IT: {
    Florence: ['Firenze', 'Florenz'],
    Genoa: ['Genova', 'Genua'],
    Livorno: ['Leghorn'],
    Mantova: ['Mantua'],
    Milan: ['Milano', 'Mailand'],
    Naples: ['Napoli', 'Neapel'],
    Padova: ['Padua'],
    Rome: ['Roma', 'Rom'],
    Siracusa: ['Syracuse'],
    Turin: ['Torino'],
    Venice: ['Venezia', 'Venedig'],
  },
  MA: { Fès: ['Fez'], Marrakesh: ['Marrakech'], Tangier: ['Tanger'] },
  MM: { Yangon: ['Rangoon'] },
  MX: { 'Mexico City': ['Ciudad de México'] },
  NL: { 'The Hague': ['Den Haag', "'s-Gravenhage"] },
  PL: {
    Gdańsk: ['Danzig'],
    Kraków: ['Cracow', 'Krakau'],
    Poznań: ['Posen'],
    Warsaw: ['Warszawa', 'Warschau'],
    Wrocław: ['Breslau'],
  },
  PT: { Lisbon: ['Lisboa', 'Lissabon'], Porto: ['Oporto'] },
  RO: { Bucharest: ['București'], Iaşi: ['Jassy'] },
  RS: { Belgrade: ['Beograd', 'Belgrad'] },
  RU: { Moscow: ['Moskva', 'Moskau'], 'Saint Petersburg': ['Sankt-Peterburg', 'St. Petersburg', 'Leningrad'] },
  SE: { Göteborg: ['Gothenburg'] },
  SK: { Bratislava: ['Pressburg'] },
  TR: { Istanbul: ['Constantinople'] },
  UA: { Kyiv: ['Kiev'], Lviv: ['Lemberg', 'Lvov'], Odessa: ['Odesa'] },
  VN: { 'Ho Chi Minh City': ['Saigon'], Hanoi: ['Hà Nội'] },
};

/** @param country ISO 3166-1, two letters */
export function otherNamesOf(country: string, name: string): readonly string[] {
  return OTHER_NAMES[country]?.[name] ?? [];
}
