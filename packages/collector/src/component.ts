import type { Logger } from 'pino'
import type { z } from 'zod'
import type { Signal } from './batch.js'
import type { Consumer, PayloadConsumer, TracesConsumer } from './consumer.js'
import type { Health, ReportProblem } from './telemetry/health.js'
import type { Metrics } from './telemetry/metrics.js'
import type { Tracing } from './telemetry/tracing.js'

/**
 * A plug-in is one factory: its kind and type as they stand in the YAML, a strict zod schema with
 * defaults, and `create`. State lives in the closure of what `create` returns.
 *
 * Promises the collector keeps: `start` is called once, extensions first (in the order of
 * `service.extensions`), then exporters, processors, receivers; `shutdown` is called once, in
 * reverse, also when a later component failed to start, and is expected to flush. Receivers stop
 * side by side, and so do exporters.
 */
export interface Component {
  start?(host: Host): Promise<void>
  /** Everything has started: what the host says of endpoints is complete. */
  running?(host: Host): Promise<void>
  /** @param giveUp Aborts shortly before the time is up: what is still held then is to be counted and let go. */
  shutdown?(giveUp?: AbortSignal): Promise<void>
  /** What it serves, known once `start` has resolved: a chosen port is in the URL. */
  endpoints?(): readonly Endpoint[]
}

/** Something served on a port, for people and for tests. */
export interface Endpoint {
  /** What it is, for example `OTLP/HTTP` or `dashboard`. */
  readonly name: string
  /** For example `http://127.0.0.1:4318`. */
  readonly url: string
}

export type ComponentKind = 'receiver' | 'processor' | 'exporter' | 'extension'

export interface ComponentContext {
  /** `type` or `type/name`, as in the YAML. */
  readonly id: string
  /** The one it stands in, of a processor. */
  readonly pipeline?: string
  readonly logger: Logger
  readonly metrics: Metrics
  /** Says what keeps the component from its work, and, with undefined, that nothing does any more. */
  readonly reportProblem: ReportProblem
}

/** What receivers and exporters know beside. */
export interface PipelineContext extends ComponentContext {
  /** The signals of the pipelines that the component stands in. */
  readonly signals: readonly Signal[]
  /** For spans of the collector's own; `createSender` makes them of what it sends. */
  readonly tracing: Tracing
}

/** What a component may ask of the collector that runs it. */
export interface Host {
  /** The extension with this id. @throws UserError when `service.extensions` does not list it. */
  extension(id: string): Component
  readonly health: Health
  /** What the components serve that have started so far; complete once the collector runs. */
  endpoints(): readonly Endpoint[]
}

/** Takes payloads when its factory's `signals` say so. */
export type Processor = Component & TracesConsumer & Partial<PayloadConsumer>

/** Takes payloads when its factory's `signals` say so. */
export interface Exporter extends Component, TracesConsumer, Partial<PayloadConsumer> {
  /** True when it takes batches before they are sent, and so counts itself what it has sent. */
  readonly countsItself?: boolean
}

interface FactoryBase<Kind extends ComponentKind, Config> {
  readonly kind: Kind
  /** As written in the YAML, for example `otlp`. */
  readonly type: string
  /** One line for `mcpcat components`. */
  readonly description: string
  /** Strict: an unknown key is an error. Defaults complete it. */
  readonly configSchema: z.ZodType<Config>
  /** What a person should know of these settings beside those of others; `validate` and the start say it. Runs nothing. */
  examine?(config: Config, around: Surroundings): readonly Finding[]
}

/** A component as the configuration has it: its factory and its complete settings. */
export interface ConfiguredComponent {
  /** `type` or `type/name`. */
  readonly id: string
  readonly factory: Factory
  readonly config: unknown
}

/** Where settings stand, and beside what. */
export interface Surroundings {
  /** Of the component, as in `exporters.otlp`. */
  readonly path: string
  /** What `service.extensions` lists. */
  readonly extensions: ReadonlyMap<string, ConfiguredComponent>
}

export interface Finding {
  /** With a `problem` nothing starts; a `remark` is said, and no more. */
  readonly weight: 'problem' | 'remark'
  /** Below the component; the component itself when empty. */
  readonly path: readonly string[]
  /** What is the matter, and what to do. */
  readonly message: string
}

interface PipelineFactory {
  /** The signals whose pipelines it may stand in. Default: traces alone. */
  readonly signals?: readonly Signal[]
}

export interface ReceiverFactory<Config = unknown> extends FactoryBase<'receiver', Config>, PipelineFactory {
  create(config: Config, context: PipelineContext, next: Consumer): Component
}

export interface ProcessorFactory<Config = unknown> extends FactoryBase<'processor', Config>, PipelineFactory {
  create(config: Config, context: ComponentContext, next: Consumer): Processor
}

export interface ExporterFactory<Config = unknown> extends FactoryBase<'exporter', Config>, PipelineFactory {
  create(config: Config, context: PipelineContext): Exporter
}

export interface ExtensionFactory<Config = unknown> extends FactoryBase<'extension', Config> {
  create(config: Config, context: ComponentContext): Component
}

export type Factory = ReceiverFactory | ProcessorFactory | ExporterFactory | ExtensionFactory

/** The signals that a component takes; none for an extension. */
export function signalsOf(factory: Factory): readonly Signal[] {
  return factory.kind === 'extension' ? [] : (factory.signals ?? ['traces'])
}
