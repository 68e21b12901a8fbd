import { readFileSync } from 'node:fs'

/** This package's version, sent as `mcpcat.sdk.version`. */
export const SDK_VERSION: string = readVersion()

function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  return (manifest as { version: string }).version
}
