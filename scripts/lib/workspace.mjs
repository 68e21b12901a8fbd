// Installed and built, and quick when nothing changed: every root script starts here.

import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { environment, node24, quietly, root } from './run.mjs'
import { fail, step } from './terminal.mjs'

/** The package manager, by exact version: newer majors fail against some registries. */
const pnpm = ['--yes', '--loglevel=error', 'pnpm@10.34.9']
const oldestNode = [20, 19]

/** Ends with one line when this Node cannot even install. */
function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  const [wantedMajor, wantedMinor] = oldestNode
  if (major < wantedMajor || (major === wantedMajor && minor < wantedMinor)) {
    fail(`Node ${oldestNode.join('.')} or newer is needed; this is Node ${process.versions.node}.`)
  }
}

export async function installed() {
  requireNode()
  const wanted = fingerprint([join(root, 'pnpm-lock.yaml'), join(root, 'pnpm-workspace.yaml'), ...manifests()])
  const stamp = join(root, 'node_modules', '.mcpcat', 'installed')
  if (readStamp(stamp) === wanted && existsSync(node24)) return
  await step('Installing packages (the first time takes about a minute)', () =>
    quietly('npx', [...pnpm, 'install', '--frozen-lockfile'], { env: { ...environment, CI: 'true' } }),
  )
  writeStamp(stamp, wanted)
}

export async function built() {
  await installed()
  await step('Building packages', () => quietly('tsc', ['-b']))
  await dashboardBuilt()
}

/** `tsc -b` knows by itself what changed; for Vite a stamp of the sources does. */
async function dashboardBuilt() {
  const dashboard = join(root, 'packages', 'dashboard')
  const sources = [join(root, 'pnpm-lock.yaml'), ...filesBelow(join(dashboard, 'src'))]
  for (const name of ['vite.config.ts', 'index.html', 'package.json']) {
    if (existsSync(join(dashboard, name))) sources.push(join(dashboard, name))
  }
  const wanted = fingerprint(sources)
  const stamp = join(dashboard, 'dist', '.app-built')
  if (readStamp(stamp) === wanted && existsSync(join(dashboard, 'dist', 'app', 'index.html'))) return
  await step('Building the dashboard', () =>
    quietly(join(dashboard, 'node_modules', '.bin', 'vite'), ['build', '--logLevel', 'warn'], { cwd: dashboard }),
  )
  writeStamp(stamp, wanted)
}

function manifests() {
  const found = [join(root, 'package.json')]
  for (const group of ['packages', 'examples']) {
    if (!existsSync(join(root, group))) continue
    for (const name of readdirSync(join(root, group))) {
      const manifest = join(root, group, name, 'package.json')
      if (existsSync(manifest)) found.push(manifest)
    }
  }
  for (const group of ['test', 'bench']) found.push(join(root, group, 'package.json'))
  return found
}

function filesBelow(folder) {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
}

function fingerprint(paths) {
  const hash = createHash('sha256')
  for (const path of paths.toSorted())
    hash.update(relative(root, path)).update('\0').update(readFileSync(path)).update('\0')
  return hash.digest('hex')
}

function readStamp(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined
}

function writeStamp(path, value) {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, value)
}
