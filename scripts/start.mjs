// npm start: from a clean clone to a running collector and dashboard.
// npm start -- --demo: the same, with real MCP servers and clients making traffic.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { environment, node24, root } from './lib/run.mjs'
import { fail } from './lib/terminal.mjs'
import { built } from './lib/workspace.mjs'

const usage = `npm start [-- options]

  --demo            add traffic: real MCP servers, driven by real clients
  --config FILE     collector configuration (repeatable; default otel-collector.yaml)
  --set KEY=VALUE   one setting, for example extensions.dashboard.endpoint=127.0.0.1:4330
  --help            this text

The data is kept in ./mcpcat-data, or in MCPCAT_DATA_DIR.`

const options = readOptions()
if (options.help) {
  process.stdout.write(`${usage}\n`)
} else {
  await built()
  supervise(options)
}

function readOptions() {
  try {
    return parseArgs({
      options: {
        demo: { type: 'boolean', default: false },
        config: { type: 'string', multiple: true, default: [] },
        set: { type: 'string', multiple: true, default: [] },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values
  } catch (error) {
    return fail(`${error.message}\n\n${usage}`)
  }
}

/**
 * Children run in process groups of their own, so that Ctrl-C reaches them once, from here, and
 * not a second time from the terminal or from npm. The IPC channel tells when the collector is
 * ready, and ends the children if this process is killed.
 */
function supervise({ demo, config, set }) {
  const children = new Set()
  let stopping = false

  const start = (args) => {
    const child = spawn(node24, [join(root, 'packages/cli/bin/mcpcat.js'), ...args], {
      cwd: root,
      env: environment,
      detached: true,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    children.add(child)
    child.once('close', () => children.delete(child))
    return child
  }

  const collector = start([
    'collector',
    ...config.flatMap((file) => ['--config', file]),
    ...set.flatMap((pair) => ['--set', pair]),
  ])
  collector.on('message', (message) => {
    if (demo && message?.type === 'ready') {
      const traffic = start(['demo', '--endpoint', message.otlpHttp])
      traffic.once('close', (code) => {
        if (!stopping && code !== 0)
          process.stderr.write(`The demo traffic ended with code ${code}; the collector goes on.\n`)
      })
    }
  })
  collector.once('close', (code) => {
    process.exitCode = code ?? 1
    stop('SIGTERM')
  })

  function stop(signal) {
    if (stopping) return
    stopping = true
    for (const child of children) child.kill(signal)
  }
  process.on('SIGINT', () => stop('SIGINT'))
  process.on('SIGTERM', () => stop('SIGTERM'))
}
