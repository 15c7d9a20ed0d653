/** COCO's 80 names (Lin et al. 2014), each with what people call it besides. Plurals are understood by their endings. */
const TABLE = `
  person: people, human, man, woman, men, women, child, children, kid, boy, girl, baby, babies
  bicycle: bike, cycle
  car: automobile, cab, taxi
  motorcycle: motorbike, moped, scooter
  airplane: aeroplane, plane, aircraft, jet
  bus: coach
  train: tram, locomotive
  truck: lorry, lorries, pickup
  boat: ship, yacht, sailboat, canoe, kayak
  traffic light: stoplight
  fire hydrant: hydrant
  stop sign:
  parking meter:
  bench: benches
  bird: duck, goose, geese, gull, seagull, pigeon, swan
  cat: kitten, kitty
  dog: puppy, puppies, hound
  horse: pony, ponies, foal
  sheep: lamb
  cow: cattle, bull, calf, calves
  elephant:
  bear:
  zebra:
  giraffe:
  backpack: rucksack
  umbrella: parasol
  handbag: purse
  tie: necktie
  suitcase: luggage
  frisbee:
  skis: ski
  snowboard:
  sports ball: ball, football, basketball, soccer ball, tennis ball
  kite:
  baseball bat:
  baseball glove:
  skateboard:
  surfboard:
  tennis racket: racket, racquet
  bottle:
  wine glass: wineglass
  cup: mug, coffee cup
  fork:
  knife: knives
  spoon:
  bowl:
  banana:
  apple:
  sandwich: burger, hamburger, toast
  orange:
  broccoli:
  carrot:
  hot dog: hotdog
  pizza:
  donut: doughnut
  cake: birthday cake, cupcake
  chair: armchair, stool
  couch: sofa, settee
  potted plant: houseplant, plant pot
  bed:
  dining table: table
  toilet:
  tv: television, monitor, screen
  laptop: notebook computer
  mouse: computer mouse
  remote: remote control
  keyboard:
  cell phone: phone, smartphone, mobile, mobile phone, telephone
  microwave: microwave oven
  oven: stove, cooker
  toaster:
  sink: basin, washbasin
  refrigerator: fridge, freezer
  book:
  clock: watch, watches
  vase:
  scissors:
  teddy bear: teddy, plush
  hair drier: hair dryer, hairdryer
  toothbrush:
`;

/** Each word for a thing, with the thing's name. */
export type ThingWords = ReadonlyMap<string, string>;

export function createThingWords(): ThingWords {
  const words = new Map<string, string>();
  for (const line of TABLE.trim().split('\n')) {
    const [label = '', rest = ''] = line.split(':').map((part) => part.trim());
    for (const word of [label, ...rest.split(', ').filter((each) => each !== '')]) {
      words.set(word, label);
      for (const plural of pluralsOf(word)) if (!words.has(plural)) words.set(plural, label);
    }
  }
  return words;
}

function pluralsOf(word: string): readonly string[] {
  if (/[^aeiou]y$/.test(word)) return [`${word.slice(0, -1)}ies`];
  if (/(s|x|z|ch|sh)$/.test(word)) return [`${word}es`];
  return [`${word}s`];
}
