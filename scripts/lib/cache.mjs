// Packages that only the long tests need, installed on demand below .cache/ and kept.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { quietly, root } from './run.mjs'

/** Installs npm packages into a folder of their own, once, and answers it. */
export async function cached(name, packages) {
  const folder = join(root, '.cache', name)
  const done = join(folder, '.installed')
  if (existsSync(done)) return folder
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n')
  await quietly('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', ...packages], { cwd: folder })
  writeFileSync(done, '')
  return folder
}
