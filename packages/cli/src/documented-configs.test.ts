import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadConfig, resolveConfig } from '@mcpcat/collector'
import { describe, expect, it } from 'vitest'
import { components } from './components.js'
import { defaultConfig } from './default-config.js'

const repository = join(dirname(fileURLToPath(import.meta.url)), '../../..')

interface Block {
  readonly file: string
  readonly line: number
  readonly text: string
}

/** What stands between ```yaml and ```; other programs' configuration is marked, as in ```yaml otelcol. */
function yamlBlocks(file: string): Block[] {
  const markdown = readFileSync(join(repository, file), 'utf8')
  return [...markdown.matchAll(/^```ya?ml[ \t]*\n(.*?)^```[ \t]*$/gms)].map((match) => ({
    file,
    line: markdown.slice(0, match.index).split('\n').length + 1,
    text: match[1]!,
  }))
}

/** Where it matters what a variable holds, it is a URL. */
function environmentOf(text: string): Record<string, string> {
  const names = [...text.matchAll(/\$\{env:(\w+)/g)].map(([, name]) => name!)
  return Object.fromEntries(names.map((name) => [name, 'https://example.com']))
}

const blocks = globSync('{*.md,docs/*.md,{packages,examples}/*/*.md}', { cwd: repository })
  .toSorted((one, other) => one.localeCompare(other))
  .flatMap(yamlBlocks)

describe('every piece of configuration in the documentation is valid', () => {
  it('and there are some', () => {
    expect(new Set(blocks.map(({ file }) => file)).size).toBeGreaterThan(5)
  })

  it.each(blocks)('$file:$line', ({ file, line, text }) => {
    // A piece is read as it is meant: put into the configuration that comes with the collector.
    const sources = [
      { name: 'otel-collector.yaml', text: defaultConfig },
      // So that errors name the line in the document.
      { name: file, text: '\n'.repeat(line - 1) + text },
    ]
    const resolved = resolveConfig(loadConfig({ sources, env: environmentOf(text) }), components)
    expect(Object.keys(resolved.service.pipelines).length).toBeGreaterThan(0)
  })
})

it('every component that a configuration may name is in docs/configuration.md', () => {
  const text = readFileSync(join(repository, 'docs/configuration.md'), 'utf8')
  const missing = components
    .filter(({ type }) => !text.includes(`\`${type}\``))
    .map(({ kind, type }) => `${kind} ${type}`)
  expect(missing).toEqual([])
})
