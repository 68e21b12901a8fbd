import { z } from 'zod'

/**
 * How the command line asks a running collector to do something with its store: one line of JSON
 * with a request, then lines of JSON with progress and output, and one last with the end.
 */
export const CONTROL_VERSION = 1

/** What may be asked, with its parameters in order. Paths are absolute. */
export const requestSchema: z.ZodType<ControlRequest> = z.strictObject({
  version: z.literal(CONTROL_VERSION),
  ask: z.discriminatedUnion('operation', [
    z.strictObject({ operation: z.literal('verify'), parameters: z.tuple([]) }),
    z.strictObject({ operation: z.literal('reconcile'), parameters: z.tuple([]) }),
    z.strictObject({ operation: z.literal('backup'), parameters: z.tuple([z.string()]) }),
    z.strictObject({ operation: z.literal('mergeBackup'), parameters: z.tuple([z.string()]) }),
    z.strictObject({ operation: z.literal('exportProject'), parameters: z.tuple([z.string(), z.string()]) }),
    z.strictObject({ operation: z.literal('importProject'), parameters: z.tuple([z.string()]) }),
    z.strictObject({ operation: z.literal('deleteUser'), parameters: z.tuple([z.string(), z.string()]) }),
    z.strictObject({ operation: z.literal('sql'), parameters: z.tuple([z.string(), z.string()]) }),
  ]),
})

export type Ask =
  | { readonly operation: 'verify' | 'reconcile'; readonly parameters: readonly [] }
  | { readonly operation: 'backup' | 'mergeBackup' | 'importProject'; readonly parameters: readonly [string] }
  | { readonly operation: 'exportProject' | 'deleteUser'; readonly parameters: readonly [string, string] }
  | { readonly operation: 'sql'; readonly parameters: readonly [statement: string, format: string] }

export interface ControlRequest {
  readonly version: typeof CONTROL_VERSION
  readonly ask: Ask
}

/** One line of an answer; the last one has `result` or `error`. */
export type ControlLine =
  | { readonly progress: readonly [done: number, total: number] }
  | { readonly output: string }
  | { readonly result: unknown }
  | { readonly error: string }

/** Of a request. */
export const MOST_REQUEST_BYTES: number = 256 * 1024
