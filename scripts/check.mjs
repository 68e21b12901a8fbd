// npm run check: format, lint, types, unused code, and what the packages look like once packed.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { quietly, root } from './lib/run.mjs'
import { step } from './lib/terminal.mjs'
import { built } from './lib/workspace.mjs'

const AT_ONCE = availableParallelism()

await built() // type check: every reference of tsconfig.json
await step('Format', () => quietly('oxfmt', ['--check', '.']))
await step('Lint', () => quietly('oxlint', ['--type-aware', '--deny-warnings']))
await step('Unused code and dependencies', () => quietly('knip', ['--no-progress']))
await step('Packed packages', checkPackages)

/** Packs each package as it would be published, and looks at the archives: entry points, types, leftovers. */
async function checkPackages() {
  const folder = mkdtempSync(join(tmpdir(), 'mcpcat-pack-'))
  try {
    await quietly('npx', [
      '--yes',
      '--loglevel=error',
      'pnpm@10.34.9',
      '--recursive',
      '--filter=./packages/*',
      'pack',
      `--pack-destination=${folder}`,
    ])
    const packages = readdirSync(join(root, 'packages')).map((name) =>
      JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8')),
    )
    await Promise.all(Array.from({ length: AT_ONCE }, () => checkNext(folder, packages)))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Checks packages of the list, which others take from as well, until none is left. */
async function checkNext(folder, packages) {
  for (let next = packages.pop(); next; next = packages.pop()) {
    const archive = join(folder, `${next.name.replace('@', '').replace('/', '-')}-${next.version}.tgz`)
    await quietly('publint', [archive, '--strict'])
    // ESM only, by decision: CommonJS users are served by require(esm).
    if (next.exports) await quietly('attw', [archive, '--profile', 'esm-only', '--no-color', '--no-emoji'])
  }
}
