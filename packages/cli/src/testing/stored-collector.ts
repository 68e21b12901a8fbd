import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startCollector, type CollectorProcess } from './collector-process.js'

/** The pipeline that the collector ships with, on ports of its own. */
const CONFIG = `extensions:
  store: { path: ./data }
  dashboard: { endpoint: '127.0.0.1:0', store: store }
receivers: { otlp: { protocols: { http: { endpoint: '127.0.0.1:0' } } } }
processors: { sessions: { rules_from: store } }
exporters: { store: { store: store } }
service:
  extensions: [store, dashboard]
  pipelines: { traces: { receivers: [otlp], processors: [sessions], exporters: [store] } }
`

/** A folder with a configuration and a store in `data`, and the collectors that run there one after the other. */
export interface StoredCollector {
  readonly folder: string
  start(): CollectorProcess
  /** Ends what runs of them, and removes the folder. */
  remove(): Promise<void>
}

export async function storedCollector(): Promise<StoredCollector> {
  const folder = await mkdtemp(join(tmpdir(), 'mcpcat-stored-'))
  await writeFile(join(folder, 'otel-collector.yaml'), CONFIG)
  const started: CollectorProcess[] = []
  return {
    folder,
    start() {
      const collector = startCollector(folder)
      started.push(collector)
      return collector
    },
    async remove() {
      await Promise.all(started.map((collector) => collector.kill()))
      await rm(folder, { recursive: true, force: true })
    },
  }
}
