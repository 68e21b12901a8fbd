import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A loaded source as people know it: the package and version that it belongs to, else its path. */
export function sdkPackage(source: string): string {
  const file = source.startsWith('file:') ? fileURLToPath(source) : source
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    const manifest = join(folder, 'package.json')
    if (!existsSync(manifest)) continue
    const { name, version } = JSON.parse(readFileSync(manifest, 'utf8')) as { name?: string; version?: string }
    // Folders inside a package may have a manifest that only says `type`.
    if (name === undefined || version === undefined) continue
    return name.startsWith('@modelcontextprotocol/') ? `${name} ${version}` : `${file} (bundled)`
  }
  return file
}
