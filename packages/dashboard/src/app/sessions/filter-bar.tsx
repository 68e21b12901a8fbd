import type { VNode } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Session } from '../../api/answers.js'
import { DEFAULT_RANGE, RANGES } from '../lib/filters.js'
import type { FilterName, Filters } from '../lib/filters.js'
import { SOURCES } from '../lib/sources.js'
import { FilterPill } from '../parts/filter-pill.js'
import type { FilterOption } from '../parts/filter-pill.js'
import { Icon } from '../parts/icon.js'

const STATUS_OPTIONS: readonly FilterOption[] = [
  { value: 'error', label: 'With errors' },
  { value: 'ok', label: 'Without errors' },
]
const SOURCE_OPTIONS: readonly FilterOption[] = Object.entries(SOURCES).map(([value, { label }]) => ({ value, label }))
const TYPING_PAUSE_MS = 250

interface FilterBarProps {
  filters: Filters
  projects: readonly string[]
  /** Sessions on the page: what the pills suggest. */
  sessions: readonly Session[]
  onChange: (patch: Partial<Record<FilterName, string | undefined>>) => void
}

export function FilterBar({ filters, projects, sessions, onChange }: FilterBarProps): VNode {
  const from = filters.from ?? DEFAULT_RANGE
  const known = RANGES.some((range) => range.from === from) && (filters.to ?? 'now') === 'now'
  const named = filters.project ?? ''
  const offered = projects.includes(named) ? projects : [named, ...projects]
  return (
    <div class="bar" role="search" aria-label="Filter sessions">
      <label class="select">
        <span class="visually-hidden">Project</span>
        <select value={filters.project ?? ''} onChange={(event) => onChange({ project: event.currentTarget.value })}>
          {offered.map((project) => (
            <option key={project} value={project}>
              {project || 'No project yet'}
            </option>
          ))}
        </select>
        <Icon name="chevron" />
      </label>
      <label class="select">
        <span class="visually-hidden">Time range</span>
        <select
          value={known ? from : 'custom'}
          onChange={(event) => onChange({ from: event.currentTarget.value, to: undefined })}
        >
          {RANGES.map((range) => (
            <option key={range.from} value={range.from}>
              {range.label}
            </option>
          ))}
          {!known && <option value="custom">{`${from} to ${filters.to ?? 'now'}`}</option>}
        </select>
        <Icon name="chevron" />
      </label>
      <span class="bar-divider" />
      <FilterPill
        name="Client"
        free
        value={filters.client}
        options={distinct(sessions.map(({ client }) => [client?.name, client?.name]))}
        onChange={(client) => onChange({ client })}
      />
      <FilterPill
        name="Tool"
        free
        value={filters.tool}
        options={distinct(sessions.flatMap(({ tools }) => tools.map((tool) => [tool, tool] as const)))}
        onChange={(tool) => onChange({ tool })}
      />
      <FilterPill
        name="User"
        free
        value={filters.user}
        options={distinct(sessions.map(({ user }) => [user?.id, user?.name ?? user?.id]))}
        onChange={(user) => onChange({ user })}
      />
      <FilterPill
        name="Status"
        value={filters.status}
        options={STATUS_OPTIONS}
        onChange={(status) => onChange({ status })}
      />
      <FilterPill
        name="Source"
        value={filters.source}
        options={SOURCE_OPTIONS}
        onChange={(source) => onChange({ source })}
      />
      <SearchBox value={filters.q ?? ''} onChange={(q) => onChange({ q: q || undefined })} />
    </div>
  )
}

function SearchBox({ value, onChange }: { value: string; onChange: (value: string) => void }): VNode {
  const [typed, setTyped] = useState(value)
  const input = useRef<HTMLInputElement>(null)
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  // Back and forward change the value from outside.
  useEffect(() => setTyped(value), [value])
  useEffect(() => () => clearTimeout(timer.current), [])
  const search = (text: string): void => {
    clearTimeout(timer.current)
    if (text.trim() !== value) onChange(text.trim())
  }
  return (
    <form
      class="search"
      onSubmit={(event) => {
        event.preventDefault()
        search(typed)
      }}
    >
      <Icon name="search" />
      <input
        type="search"
        ref={input}
        aria-label="Search intents, tools, clients and users"
        placeholder="Search sessions"
        data-shortcut="/"
        value={typed}
        onInput={(event) => {
          const text = event.currentTarget.value
          setTyped(text)
          clearTimeout(timer.current)
          timer.current = setTimeout(() => search(text), TYPING_PAUSE_MS)
        }}
      />
      <kbd>/</kbd>
    </form>
  )
}

function distinct(pairs: readonly (readonly [string | null | undefined, string | null | undefined])[]): FilterOption[] {
  const labels = new Map<string, string>()
  for (const [value, label] of pairs) if (value) labels.set(value, label ?? value)
  return [...labels]
    .map(([value, label]) => ({ value, label }))
    .toSorted((left, right) => left.label.localeCompare(right.label))
}
