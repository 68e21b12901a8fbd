import type { ExportResultLike, ReadableSpanLike, SpanExporterLike } from './span-types.js'

/** What became of each span of a batch; the numbers add up to the batch. */
export interface ExportOutcome {
  sent: number
  /** On disk. */
  spilled: number
  rejected: number
  expired: number
  shutdown: number
}

/** `ExportResult` with the details that our exporter knows. Others leave `outcome` out. */
export interface DetailedExportResult extends ExportResultLike {
  outcome?: ExportOutcome
}

/** What our processor asks of an exporter beyond `SpanExporter`, if the exporter can do it. */
export interface DetailedExporter extends SpanExporterLike {
  export(spans: ReadableSpanLike[], resultCallback: (result: DetailedExportResult) => void): void
  /** Somebody waits, until `endFlush`: do not wait long before trying again. */
  beginFlush?(): void
  endFlush?(): void
  /** At the moment of exit: what these spans and the unacknowledged ones make as requests. */
  takeOver?(spans: readonly ReadableSpanLike[]): PendingRequest[]
}

/** A request that is left to send when the process exits: plain data, so that it can cross into another thread. */
export interface PendingRequest {
  url: string
  headers: Readonly<Record<string, string>>
  body: Uint8Array
  /** In PEM. */
  tls: { ca?: string; cert?: string; key?: string }
}
