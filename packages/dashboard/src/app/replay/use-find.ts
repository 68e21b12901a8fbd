import { useEffect, useMemo, useState } from 'preact/hooks'
import type { SessionEvent } from '../../api/answers.js'
import { matchesText } from '../lib/noise.js'
import { detailsVersion, knownDetail, loadDetails } from '../state/event-details.js'

/** The events in which `find` occurs, payloads included; those are loaded as the search goes on. */
export function useFind(
  project: string,
  events: readonly SessionEvent[],
  find: string,
): { found: readonly SessionEvent[]; searching: boolean } {
  const needle = find.trim().toLowerCase()
  const [searching, setSearching] = useState(false)
  useEffect(() => {
    if (needle === '' || events.length === 0) return undefined
    const abort = new AbortController()
    setSearching(true)
    const ids = events.filter(({ requestSize, responseSize }) => requestSize || responseSize).map(({ id }) => id)
    // What fails to load is searched without its payloads.
    void loadDetails(project, ids, abort.signal)
      .catch(() => undefined)
      .finally(() => setSearching(false))
    return () => abort.abort()
  }, [project, events, needle !== ''])

  const version = needle === '' ? 0 : detailsVersion.value
  const found = useMemo(
    () =>
      needle === ''
        ? events
        : events.filter((event) => matchesText(event, needle) || inPayload(project, event.id, needle)),
    [project, events, needle, version],
  )
  return { found, searching: searching && needle !== '' }
}

function inPayload(project: string, id: string, needle: string): boolean {
  const detail = knownDetail(project, id)
  return [detail?.request, detail?.response, detail?.error?.stack].some((text) => text?.toLowerCase().includes(needle))
}
