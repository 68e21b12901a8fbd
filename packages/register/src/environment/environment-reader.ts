export type Environment = Readonly<Record<string, string | undefined>>

/** Reads typed values from the environment, and keeps one line for each that it cannot understand. */
export class EnvironmentReader {
  readonly problems: string[] = []
  readonly #environment: Environment

  constructor(environment: Environment) {
    this.#environment = environment
  }

  problem(line: string): void {
    this.problems.push(line)
  }

  /** The value without surrounding space; undefined when it is empty, as the OpenTelemetry specification says. */
  text(name: string): string | undefined {
    return this.#environment[name]?.trim() || undefined
  }

  /** The first of these variables that is set. */
  first<Name extends string>(...names: Name[]): Name | undefined {
    return names.find((name) => this.text(name) !== undefined)
  }

  choice<Choice extends string>(name: string, choices: readonly Choice[], otherwise: Choice): Choice {
    const value = this.text(name)
    if (value === undefined) return otherwise
    const chosen = choices.find((choice) => choice === value.toLowerCase())
    if (chosen === undefined) this.problem(`${name}=${value} is not one of ${choices.join(', ')}; using ${otherwise}`)
    return chosen ?? otherwise
  }

  /** A comma-separated list of known names, where `none` means an empty one; undefined when not set. */
  names(name: string, known: readonly string[]): readonly string[] | undefined {
    const listed = this.text(name)
      ?.split(',')
      .map((item) => item.trim().toLowerCase())
      .filter((item) => item !== '')
    if (!listed) return undefined
    const unknown = listed.filter((item) => item !== 'none' && !known.includes(item))
    if (unknown.length > 0) {
      this.problem(`${name}: ${unknown.join(', ')} not known here (none, ${known.join(', ')}); ignored`)
    }
    return listed.filter((item) => known.includes(item))
  }

  /** An http or https URL. */
  httpUrl(name: string): string | undefined {
    const value = this.text(name)
    if (value === undefined) return undefined
    if (URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)) return value
    this.problem(`${name}=${value} is not an http(s) URL, so nothing is sent there`)
    return undefined
  }
}
