import type { ConfiguredComponent, Finding } from '../component.js'
import type { ConfigPath } from './document.js'
import { at, formatPath, type LoadedConfig } from './load.js'
import { suggestion } from './nearest.js'
import type { ResolvedConfig } from './resolve.js'

/**
 * Asks the components that `service` uses what is to be said of their settings.
 *
 * @param problems Gets one line per problem: file and line, config path, what is wrong, what to do.
 * @returns The remarks, one line each: config path, what is the matter, what to do.
 */
export function examine(
  resolved: Omit<ResolvedConfig, 'remarks'>,
  config: LoadedConfig,
  problems: string[],
): readonly string[] {
  const { service } = resolved
  const pipelines = Object.values(service.pipelines)
  const used = {
    extensions: service.extensions,
    exporters: pipelines.flatMap(({ exporters }) => exporters),
    processors: pipelines.flatMap(({ processors }) => processors),
    receivers: pipelines.flatMap(({ receivers }) => receivers),
  }
  const extensions = new Map(service.extensions.map((id) => [id, resolved.extensions.get(id)!]))
  const remarks: string[] = []
  for (const section of ['extensions', 'exporters', 'processors', 'receivers'] as const) {
    for (const id of new Set(used[section])) {
      const component = resolved[section].get(id)!
      const root: ConfigPath = [section, id]
      for (const { weight, path, message } of findings(component, formatPath(root), extensions)) {
        const full = [...root, ...path]
        if (weight === 'remark') remarks.push(`${formatPath(full)}: ${message}`)
        else problems.push(`${at(config.locate(full))}${formatPath(full)}: ${message}`)
      }
    }
  }
  return remarks
}

function findings(
  { factory, config }: ConfiguredComponent,
  path: string,
  extensions: ReadonlyMap<string, ConfiguredComponent>,
): readonly Finding[] {
  return factory.examine?.(config, { path, extensions }) ?? []
}

/** For `examine`: a setting that names an extension which `service.extensions` does not list. */
export function unlistedExtension(
  path: readonly string[],
  id: string | undefined,
  extensions: ReadonlyMap<string, ConfiguredComponent>,
): Finding[] {
  if (id === undefined || extensions.has(id)) return []
  const message = `service.extensions does not list "${id}"${suggestion(id, [...extensions.keys()])}`
  return [{ weight: 'problem', path, message }]
}
