import { getHeapStatistics } from 'node:v8'
import type { Metrics } from './metrics.js'

/** What the process itself uses, under otelcol's names. */
export function addProcessMetrics(metrics: Metrics): void {
  metrics.gauge('otelcol_process_uptime', 'Uptime of the process, in seconds', () => process.uptime())
  metrics.gauge('otelcol_process_memory_rss', 'Resident memory, in bytes', () => process.memoryUsage.rss())
  metrics.gauge(
    'otelcol_process_runtime_heap_alloc_bytes',
    'Bytes of allocated heap objects',
    () => getHeapStatistics().used_heap_size,
  )
  metrics.gauge('otelcol_process_cpu_seconds', 'CPU time of user and system, in seconds', () => {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1e6
  })
}
