export type { StoreConfig } from './config.js'
export { storeConfigSchema } from './config.js'
export type { ClickHouseOptions } from './engine-clickhouse.js'
export type { StoreExporterConfig } from './exporter.js'
export { storeExporter } from './exporter.js'
export type { StoreAccess } from './extension.js'
export { asStore, storeExtension, storeOptions } from './extension.js'
export type { OperatedStore } from './operate.js'
export { operateStore, readSql } from './operate.js'
export type { MovedTable, MoveOptions } from './operations/move.js'
export { restore } from './operations/restore.js'
export type { RetentionRules } from './operations/retention.js'
export type { StoreOperations } from './operations/store-operations.js'
export type { ProjectReport } from './operations/verify.js'
export type { StoreReader } from './reading.js'
export type { EventDetail, EventReads, SessionEvent } from './reading/events.js'
export type { PeriodFilter, SessionFilter } from './reading/filter.js'
export type { GoalReads, GoalWrites, SessionGoal, SessionToCategorize } from './reading/goals.js'
export type { Intent, IntentFacets, IntentReads, IntentSignal, IntentSignals } from './reading/intents.js'
export type { Issue, IssueDetail, IssueReads, IssueSort, IssueStatus, IssueWrites } from './reading/issues.js'
export { ISSUE_STATUSES } from './reading/issues.js'
export type {
  BreakdownItem,
  Dimension,
  Facet,
  FacetValue,
  Overview,
  OverviewReads,
  TimeBucket,
  Timeseries,
  Totals,
} from './reading/overview.js'
export { DIMENSIONS, FACETS } from './reading/overview.js'
export type { Page, PageRequest } from './reading/page.js'
export { InvalidCursorError, MOST_ITEMS, ReadLimitError } from './reading/page.js'
export type { ClientStats, MissingTool, PeopleReads, UserDetail, UserStats } from './reading/people.js'
export type { Session, SessionReads, SessionSort } from './reading/sessions.js'
export type { FailureGroup, ToolDetail, ToolNeighbor, ToolReads, ToolStats, ToolVersion } from './reading/tools.js'
export type { Store, StoreOptions } from './store.js'
export { moveStore, openStore } from './store.js'
export type { StoreWriter } from './writer.js'
