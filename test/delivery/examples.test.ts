import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const run = promisify(execFile)
const examples = join(import.meta.dirname, '..', '..', 'examples')

it.each(['dual-export-zero-code', 'existing-node-sdk', 'existing-provider'])(
  'examples/%s: a lean span to the own stack, redacted content to MCPcat',
  async (name) => {
    const env = Object.fromEntries(Object.entries(process.env).filter(([key]) => !/^(?:OTEL|MCPCAT)_/.test(key)))
    const { stdout, stderr } = await run(process.execPath, ['client.js'], { cwd: join(examples, name), env })
    expect(stderr).toBe('')
    const own = stdout.slice(stdout.indexOf('your own stack got')).split('\nMCPcat got')[0]
    const mcpcat = stdout.slice(stdout.indexOf('MCPcat got')).split('\nyour own stack got')[0]
    expect(own).toContain("'mcpcat.intent': 'The customer wants apples for Friday'")
    expect(own).not.toContain('jane@example.com')
    expect(own).not.toContain('gen_ai.tool.call')
    expect(mcpcat).toContain("arguments: { fruit: 'apple', mail: '[REDACTED:email]' }")
    expect(mcpcat).toContain('apple reserved, confirmation sent to [REDACTED:email]')
  },
)
