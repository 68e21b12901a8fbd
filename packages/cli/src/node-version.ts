const NEEDED = [22, 15] as const

/** What to say to someone whose Node cannot run the collector, or undefined when it can. */
export function oldNodeMessage(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1])) return undefined
  return `mcpcat needs Node ${NEEDED.join('.')} or newer; this is Node ${version}. See https://nodejs.org/en/download`
}
