// npm run check: format, lint, types, unused code, and what the packages look like once packed.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { quietly, root } from './lib/run.mjs'
import { step } from './lib/terminal.mjs'
import { built } from './lib/workspace.mjs'

await built() // type check: every reference of tsconfig.json
await step('Format', () => quietly('oxfmt', ['--check', '.']))
await step('Lint', () => quietly('oxlint', ['--type-aware', '--deny-warnings']))
await step('Unused code and dependencies', () => quietly('knip', ['--no-progress']))
await step('Packed packages', checkPackages)

/** Packs each package as it would be published, and looks at the archive: entry points, types, leftovers. */
async function checkPackages() {
  const folder = mkdtempSync(join(tmpdir(), 'mcpcat-pack-'))
  try {
    for (const name of readdirSync(join(root, 'packages'))) {
      const location = join(root, 'packages', name)
      const manifest = JSON.parse(readFileSync(join(location, 'package.json'), 'utf8'))
      const packed = await quietly(
        'npx',
        ['--yes', '--loglevel=error', 'pnpm@10.34.9', 'pack', '--json', '--pack-destination', folder],
        { cwd: location },
      )
      const { filename } = JSON.parse(packed.slice(packed.indexOf('{')))
      await quietly('publint', [filename, '--strict'])
      // ESM only, by decision: CommonJS users are served by require(esm).
      if (manifest.exports) await quietly('attw', [filename, '--profile', 'esm-only', '--no-color', '--no-emoji'])
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
