/** Where a component keeps its figures; every one carries the component's own label. */
export interface Metrics {
  /** A counter that only grows. The same name and labels give the same counter. */
  counter(name: string, help: string, labels?: Labels): Counter
  /** A value that is asked for when someone looks. */
  gauge(name: string, help: string, read: () => number, labels?: Labels): void
}

export interface Counter {
  add(count: number): void
}

export type Labels = Readonly<Record<string, string>>

interface Family {
  readonly type: 'counter' | 'gauge'
  readonly help: string
  /** By their labels as text. */
  readonly series: Map<string, () => number>
}

/** All figures of one collector. */
export interface MetricsRegistry {
  scoped(labels: Labels): Metrics
  /** Prometheus text format 0.0.4. */
  render(): string
}

export function createMetrics(): MetricsRegistry {
  const families = new Map<string, Family>()
  const counters = new Map<string, Counter>()

  function series(type: Family['type'], name: string, help: string): Map<string, () => number> {
    let family = families.get(name)
    if (!family) families.set(name, (family = { type, help, series: new Map() }))
    return family.series
  }

  return {
    scoped: (own) => ({
      counter(name, help, labels) {
        const text = labelText({ ...own, ...labels })
        const known = counters.get(name + text)
        if (known) return known
        let value = 0
        const counter: Counter = { add: (count) => void (value += count) }
        counters.set(name + text, counter)
        series('counter', name, help).set(text, () => value)
        return counter
      },
      gauge(name, help, read, labels) {
        series('gauge', name, help).set(labelText({ ...own, ...labels }), read)
      },
    }),
    render() {
      const lines: string[] = []
      for (const [name, { type, help, series: values }] of families) {
        lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`)
        for (const [labels, read] of values) lines.push(`${name}${labels} ${read()}`)
      }
      return `${lines.join('\n')}\n`
    },
  }
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value.replace(/[\\"\n]/g, escapeCharacter)}"`)
  return pairs.length > 0 ? `{${pairs.join(',')}}` : ''
}

function escapeCharacter(character: string): string {
  return character === '\n' ? '\\n' : `\\${character}`
}
