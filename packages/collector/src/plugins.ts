import { createRequire } from 'node:module'
import { isAbsolute, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { ComponentKind, Factory } from './component.js'
import type { LoadedConfig } from './config/load.js'
import { at } from './config/load.js'
import { UserError } from './errors.js'

const KINDS: ReadonlySet<unknown> = new Set<ComponentKind>(['receiver', 'processor', 'exporter', 'extension'])

/**
 * Loads what `plugins:` names: npm packages, found from the folder in which the collector runs,
 * or paths, relative to it. Every exported factory is a component.
 *
 * @throws UserError for a plug-in that cannot be loaded or exports no factory.
 */
export async function loadPlugins(config: LoadedConfig, folder: string = process.cwd()): Promise<Factory[]> {
  const names = config.value['plugins']
  // The shape itself is checked with everything else.
  if (!Array.isArray(names)) return []
  const loaded: Factory[] = []
  for (const [index, name] of names.entries()) {
    const place = `${at(config.locate(['plugins', index]))}plugins[${index}]`
    const exported = Object.values(await load(String(name), folder, place))
    const factories = exported.filter(isFactory)
    if (factories.length === 0) throw new UserError(`${place}: ${name} exports no component factory`)
    loaded.push(...factories)
  }
  return loaded
}

async function load(name: string, folder: string, place: string): Promise<Record<string, unknown>> {
  try {
    return (await import(moduleUrl(name, folder))) as Record<string, unknown>
  } catch (cause) {
    throw new UserError(`${place}: cannot load ${name}: ${(cause as Error).message.split('\n', 1)[0]}`, { cause })
  }
}

function moduleUrl(name: string, folder: string): string {
  if (name.startsWith('.') || isAbsolute(name)) return pathToFileURL(resolve(folder, name)).href
  // `import.meta.resolve` would look from here; people install plug-ins beside their configuration.
  return pathToFileURL(createRequire(resolve(folder, 'otel-collector.yaml')).resolve(name)).href
}

function isFactory(value: unknown): value is Factory {
  if (typeof value !== 'object' || value === null) return false
  const candidate = value as Partial<Factory>
  return KINDS.has(candidate.kind) && typeof candidate.type === 'string' && typeof candidate.create === 'function'
}
