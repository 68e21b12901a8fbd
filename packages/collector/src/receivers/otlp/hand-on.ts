import type { Batch } from '../../batch.js'
import type { Consumer } from '../../consumer.js'
import { stampProject, type IngestKey } from '../../http/ingest-keys.js'

/** Gives what came in with a key to the key's project, and to the pipelines. */
export function handOn(batch: Batch, key: IngestKey | undefined, next: Consumer): Promise<void> {
  const stamped = key?.project === undefined ? batch : stampProject(batch, key.project)
  return 'signal' in stamped ? next.consumePayload(stamped) : next.consumeTraces(stamped)
}
