import type { Rows } from '../store.ts';

export type ToDatabase =
  | { readonly id: number; readonly type: 'query'; readonly text: string; readonly values: readonly unknown[] }
  | { readonly id: number; readonly type: 'script'; readonly text: string }
  | { readonly id: number; readonly type: 'syncs' }
  | { readonly id: number; readonly type: 'close' };

export type FromDatabase =
  | { readonly id: number; readonly ok: true; readonly rows: Rows['rows']; readonly affected: number }
  | { readonly id: number; readonly ok: false; readonly message: string; readonly state?: string };

export interface DatabaseSetup {
  readonly folder: string;
}

/** The first answer, after the database has opened: that of no question. */
export const OPENED = 0;
