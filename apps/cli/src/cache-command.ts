import { type CacheReport, createFocal, type FocalOptions } from 'focal';
import type { ExitCode } from './exit-codes.ts';
import { formatTable } from './models-command.ts';
import { formatBytes } from './reporter.ts';

/** `focal cache`: where the cache is and what it takes; with `clear` it is deleted, and what that frees is told. */
export async function runCache(
  options: FocalOptions,
  { clear, json }: { readonly clear: boolean; readonly json: boolean },
): Promise<ExitCode> {
  await using focal = await createFocal(options);
  const freed = clear ? await focal.clearCache() : undefined;
  const report = await focal.cache();
  if (json) process.stdout.write(`${JSON.stringify({ ...report, ...(freed === undefined ? {} : { freed }) })}\n`);
  else process.stdout.write(freed === undefined ? formatCache(report) : `${formatBytes(freed)} freed.\n`);
  return 0;
}

function formatCache({ folder, files, bytes, maxBytes }: CacheReport): string {
  return formatTable([
    ['cache', folder],
    ['size', `${formatBytes(bytes)} in ${files} ${files === 1 ? 'file' : 'files'}, ${formatBytes(maxBytes)} at most`],
  ]);
}
