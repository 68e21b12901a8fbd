import type { ResolvedConfig } from './resolve.js'

/**
 * One line for each exporter that acknowledges data which is in memory only, and so lost when the
 * process is killed. That is otelcol's default, and often what is wanted; it should not be a surprise.
 */
export function durabilityRemarks({ service, exporters }: ResolvedConfig): string[] {
  const used = new Set(Object.values(service.pipelines).flatMap((pipeline) => pipeline.exporters))
  return [...used].flatMap((id) => {
    const { factory, config } = exporters.get(id)!
    const setting = factory.kind === 'exporter' ? factory.inMemoryOnly?.(config) : undefined
    if (setting === undefined) return []
    const path = `exporters.${id}`
    return [
      `${path}: what it has acknowledged waits in memory and does not survive a kill; ` +
        `set ${path}.${setting} to the id of a file_storage extension, or ${path}.sending_queue.enabled: false to ` +
        'acknowledge after the delivery',
    ]
  })
}
