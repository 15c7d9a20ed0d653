import type { FocalOptions } from 'focal';
import type { ExitCode } from './exit-codes.ts';

/** Everything the command line said about serving. */
export interface ServeRequest {
  readonly port?: number;
  readonly host?: string;
  readonly token?: string;
  readonly maxBody?: number;
  readonly maxQueue?: number;
  /** Seconds. */
  readonly timeout?: number;
  readonly open?: boolean;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly focal: FocalOptions;
}

/** `focal serve`: studio and API until Ctrl-C. */
export async function runServe(_request: ServeRequest): Promise<ExitCode> {
  return 70;
}
