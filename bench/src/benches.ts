import { analyzeBench } from './analyze.ts';
import { anonymiseBench } from './anonymise.ts';
import { batchBench } from './batch.ts';
import type { Bench } from './bench.ts';
import { bokehBench } from './bokeh.ts';
import { calibrateBench } from './calibrate.ts';
import { cliBench } from './cli.ts';
import { clusteringBench } from './clustering.ts';
import { cutoutBench } from './cutout.ts';
import { edgesBench } from './edges.ts';
import { facesBench } from './faces.ts';
import { humansegBench } from './humanseg.ts';
import { identityBench } from './identity.ts';
import { importBench } from './import.ts';
import { indexBench } from './index-library.ts';
import { installBench } from './install.ts';
import { libraryBench } from './library.ts';
import { liveBench } from './live.ts';
import { matteBench } from './matte.ts';
import { memoryBench } from './memory.ts';
import { objectsBench } from './objects.ts';
import { peopleBench } from './people.ts';
import { pickBench } from './pick.ts';
import { previewBench } from './preview.ts';
import { renderBench } from './render.ts';
import { saliencyBench } from './saliency.ts';
import { searchBench } from './search.ts';
import { serverBench } from './server.ts';
import { smileBench } from './smile.ts';
import { studioBench } from './studio.ts';
import { trackBench } from './track.ts';
import { videoBench } from './video.ts';

/** Every bench there is, in the order of `--list`. A new one is its own file and one line here. */
export const benches: readonly Bench[] = [
  calibrateBench,
  cutoutBench,
  memoryBench,
  matteBench,
  humansegBench,
  edgesBench,
  bokehBench,
  renderBench,
  studioBench,
  previewBench,
  liveBench,
  videoBench,
  serverBench,
  cliBench,
  importBench,
  indexBench,
  installBench,
  facesBench,
  identityBench,
  clusteringBench,
  smileBench,
  objectsBench,
  peopleBench,
  pickBench,
  trackBench,
  saliencyBench,
  analyzeBench,
  batchBench,
  anonymiseBench,
  libraryBench,
  searchBench,
];
