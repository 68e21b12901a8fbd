import type { SessionEvent } from '../../api/answers.js'

const QUIET_METHODS = new Set(['initialize', 'ping', 'tools/list', 'prompts/list', 'resources/list', 'server/discover'])

/** Protocol housekeeping that says nothing about the conversation. What failed is never noise. */
export function isNoise({ method, isError }: SessionEvent): boolean {
  if (isError) return false
  return QUIET_METHODS.has(method) || method === 'resources/templates/list' || method.startsWith('notifications/')
}

/** What can be found in an event without its payloads. */
export function matchesText(event: SessionEvent, needle: string): boolean {
  const { method, target, intent, errorType, errorMessage } = event
  return [method, target, intent, errorType, errorMessage].some((text) => text?.toLowerCase().includes(needle))
}
