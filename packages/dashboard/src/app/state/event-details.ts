import { signal } from '@preact/signals'
import type { Signal } from '@preact/signals'
import type { EventDetail } from '../../api/answers.js'
import { getEvent } from './api-client.js'

const KEPT = 2000
const AT_ONCE = 6

const details = new Map<string, EventDetail>()
const underway = new Map<string, Promise<EventDetail>>()

/** Moves whenever a detail has come. */
export const detailsVersion: Signal<number> = signal(0)

export function knownDetail(project: string, id: string): EventDetail | undefined {
  return details.get(keyOf(project, id))
}

/** The event with its payloads; events never change, so each is asked for once. */
export function loadDetail(project: string, id: string): Promise<EventDetail> {
  const key = keyOf(project, id)
  const known = details.get(key)
  if (known) return Promise.resolve(known)
  let loading = underway.get(key)
  if (!loading) {
    loading = getEvent(project, id)
      .then((detail) => {
        if (details.size >= KEPT) for (const oldest of details.keys()) if (details.delete(oldest)) break
        details.set(key, detail)
        detailsVersion.value++
        return detail
      })
      .finally(() => underway.delete(key))
    underway.set(key, loading)
  }
  return loading
}

/** Loads what a search over payloads needs, a few at a time, in order. */
export async function loadDetails(project: string, ids: readonly string[], wanted: AbortSignal): Promise<void> {
  const queue = ids.filter((id) => !knownDetail(project, id)).slice(0, KEPT)
  const worker = async (): Promise<void> => {
    for (let id = queue.shift(); id !== undefined && !wanted.aborted; id = queue.shift()) await loadDetail(project, id)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
}

/** Ids are unique within a project. */
function keyOf(project: string, id: string): string {
  return JSON.stringify([project, id])
}
