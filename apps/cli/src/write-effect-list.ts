// A step of the build: see [Note: effects as a file].
import { writeFileSync } from 'node:fs';
import { describeEffects, effectListUrl } from './effect-list.ts';

writeFileSync(effectListUrl, JSON.stringify(await describeEffects()));
