import { z } from 'zod'
import { SIGNALS, type Signal } from '../batch.js'
import { signalsOf, type ComponentKind, type ConfiguredComponent, type Factory } from '../component.js'
import { UserError } from '../errors.js'
import { tracesTelemetrySchema, type TracesTelemetryConfig } from '../telemetry/traces-config.js'
import { isPlainMap, type ConfigPath } from './document.js'
import { examine } from './examine.js'
import { at, formatPath, type LoadedConfig } from './load.js'
import { suggestion } from './nearest.js'
import { check, valueAt } from './validate.js'
import { hostPort, type HostPort } from './values.js'

/** A validated configuration: every component has its factory and its complete settings. */
export interface ResolvedConfig {
  readonly receivers: ReadonlyMap<string, ConfiguredComponent>
  readonly processors: ReadonlyMap<string, ConfiguredComponent>
  readonly exporters: ReadonlyMap<string, ConfiguredComponent>
  readonly extensions: ReadonlyMap<string, ConfiguredComponent>
  readonly service: ServiceConfig
  /** What is no mistake but should not be a surprise, a line each. */
  readonly remarks: readonly string[]
}

export interface ServiceConfig {
  extensions: string[]
  pipelines: Record<string, PipelineConfig>
  telemetry: {
    /** What the logger itself lets through when absent. */
    logs: { level?: 'debug' | 'info' | 'warn' | 'error' | undefined }
    /** Where the collector's own figures are served; nowhere when absent. */
    metrics: { address?: HostPort | undefined }
    /** Where its own spans go; without processors there are none. */
    traces: TracesTelemetryConfig
  }
}

export interface PipelineConfig {
  receivers: string[]
  processors: string[]
  exporters: string[]
}

const ids = z.array(z.string())
const pipelineSchema = z.strictObject({
  receivers: ids.min(1, 'a pipeline needs at least one receiver'),
  processors: ids.default([]),
  exporters: ids.min(1, 'a pipeline needs at least one exporter'),
})
const serviceSchema: z.ZodType<ServiceConfig> = z.strictObject({
  extensions: ids.default([]),
  pipelines: z.record(z.string(), pipelineSchema),
  telemetry: z
    .strictObject({
      logs: z.strictObject({ level: z.enum(['debug', 'info', 'warn', 'error']).optional() }).prefault({}),
      metrics: z.strictObject({ address: hostPort().optional() }).prefault({}),
      traces: tracesTelemetrySchema.prefault({}),
    })
    .prefault({}),
})
const components = z.record(z.string(), z.unknown()).default({})
const rootSchema = z.strictObject({
  plugins: z.array(z.string()).default([]),
  receivers: components,
  processors: components,
  exporters: components,
  extensions: components,
  service: serviceSchema,
})

const SECTIONS: Readonly<Record<ComponentKind, 'receivers' | 'processors' | 'exporters' | 'extensions'>> = {
  receiver: 'receivers',
  processor: 'processors',
  exporter: 'exporters',
  extension: 'extensions',
}

/** @throws UserError with one line per problem. */
export function resolveConfig(config: LoadedConfig, factories: readonly Factory[]): ResolvedConfig {
  const problems: string[] = []
  const root = check(rootSchema, config, [], problems)
  const section = (kind: ComponentKind) => resolveSection(kind, config, factories, problems)
  const resolved = {
    receivers: section('receiver'),
    processors: section('processor'),
    exporters: section('exporter'),
    extensions: section('extension'),
  }
  if (root) checkReferences(root.service, resolved, config, problems)
  const remarks = root && problems.length === 0 ? examine({ ...resolved, service: root.service }, config, problems) : []
  if (!root || problems.length > 0) throw new UserError([...new Set(problems)].join('\n'))
  return { ...resolved, service: root.service, remarks }
}

function resolveSection(kind: ComponentKind, config: LoadedConfig, factories: readonly Factory[], problems: string[]) {
  const found = new Map<string, ConfiguredComponent>()
  const section = config.value[SECTIONS[kind]]
  if (!isPlainMap(section)) return found
  const known = factories.filter((factory) => factory.kind === kind)
  for (const id of Object.keys(section)) {
    const path: ConfigPath = [SECTIONS[kind], id]
    const [type = ''] = id.split('/', 1)
    const factory = known.find((candidate) => candidate.type === type)
    if (!factory) {
      const types = known.map((candidate) => candidate.type)
      problems.push(
        `${at(config.locate(path))}${formatPath(path)}: unknown ${kind} "${type}"${suggestion(type, types)}`,
      )
      continue
    }
    // `debug:` with nothing behind it is a component with its defaults.
    const settings = valueAt(config.value, path) === null ? withDefault(config, path) : config
    const value: unknown = check(factory.configSchema, settings, path, problems)
    found.set(id, { id, factory, config: value })
  }
  return found
}

function withDefault(config: LoadedConfig, [section, id]: ConfigPath): LoadedConfig {
  return { ...config, value: { [section!]: { [id!]: {} } } }
}

function checkReferences(
  service: ServiceConfig,
  resolved: Omit<ResolvedConfig, 'service' | 'remarks'>,
  config: LoadedConfig,
  problems: string[],
) {
  refer('extensions', service.extensions, ['service', 'extensions'])
  for (const [id, pipeline] of Object.entries(service.pipelines)) {
    const path: ConfigPath = ['service', 'pipelines', id]
    const signal = signalOfPipeline(id)
    if (!SIGNALS.includes(signal)) {
      problems.push(
        `${at(config.locate(path))}${formatPath(path)}: a pipeline is named for its signal, ${listed(SIGNALS, 'or')}, as in ${SIGNALS[0]} or ${SIGNALS[0]}/name`,
      )
      continue
    }
    for (const kind of ['receivers', 'processors', 'exporters'] as const)
      refer(kind, pipeline[kind], [...path, kind], signal)
  }

  function refer(
    kind: 'receivers' | 'processors' | 'exporters' | 'extensions',
    used: readonly string[],
    path: ConfigPath,
    signal?: Signal,
  ) {
    for (const [index, id] of used.entries()) {
      const place = [...path, index]
      const prefix = `${at(config.locate(place))}${formatPath(place)}`
      const defined = Object.keys((config.value[kind] as object | undefined) ?? {})
      if (!resolved[kind].has(id) && !defined.includes(id))
        problems.push(`${prefix}: "${id}" is not configured under ${kind}${suggestion(id, defined)}`)
      else if (used.indexOf(id) !== index) problems.push(`${prefix}: "${id}" is listed twice`)
      const taken = resolved[kind].get(id)
      if (signal && taken && !signalsOf(taken.factory).includes(signal))
        problems.push(`${prefix}: "${id}" takes no ${signal}, only ${listed(signalsOf(taken.factory), 'and')}`)
    }
  }
}

/** `traces`, of `traces/name`; as it stands there, so perhaps none. */
export function signalOfPipeline(id: string): Signal {
  return id.split('/', 1)[0] as Signal
}

function listed(names: readonly string[], word: string): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} ${word} ${names.at(-1)}`
}
