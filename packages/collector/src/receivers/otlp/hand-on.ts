import { itemCount, type Batch } from '../../batch.js'
import type { Consumer } from '../../consumer.js'
import { stampProject, type IngestKey } from '../../http/ingest-keys.js'

/**
 * Gives what came in with a key to the key's project, and to the pipelines; nothing where it is empty. It holds no body:
 * exporters may let go of what it was decoded from before there is an answer.
 */
export function handOn(batch: Batch, key: IngestKey | undefined, next: Consumer): Promise<void> {
  if (itemCount(batch) === 0) return Promise.resolve()
  const stamped = key?.project === undefined ? batch : stampProject(batch, key.project)
  return 'signal' in stamped ? next.consumePayload(stamped) : next.consumeTraces(stamped)
}
