import { join } from 'node:path';
import { createFocal } from 'focal';
import { timeFocus } from './video-focus.ts';

// A process of its own, which may be started without WebAssembly: prints how many frames a second it puts in focus.

const [clip = '', folder = ''] = process.argv.slice(2);
await using focal = await createFocal();
console.log(await timeFocus(focal, clip, join(folder, 'focus-child.mp4')));
