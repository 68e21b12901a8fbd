import { UserError } from '@mcpcat/collector/errors'
import type { OperatedStore, ProjectReport } from '@mcpcat/store'
import { Command } from 'commander'
import { withConfigOptions } from '../config-options.js'
import { moveCommand } from './move-command.js'
import type { StoreCommandOptions } from './store-options.js'

/** `mcpcat store …`: what an operator does with a store, through its collector where one runs. */
export function storeCommand(): Command {
  const store = new Command('store').description('look after a store: verify, reconcile, back up, move')
  store.addCommand(
    command('migrate', 'bring the schema up to date').action(
      withStore(() => Promise.resolve('The schema is up to date.')),
    ),
  )
  store.addCommand(
    command('verify', 'check that events, sessions and redirects agree').action(
      withStore(async ({ operations }) => report(await operations.verify())),
    ),
  )
  store.addCommand(
    command('reconcile', 'recompute all sessions from the events').action(
      withStore(async ({ operations }) => {
        await operations.reconcile(progress)
        return 'All sessions are recomputed.'
      }),
    ),
  )
  store.addCommand(
    command('backup', 'back up into the data folder')
      .argument('<name>')
      .action((name: string, options: StoreCommandOptions) =>
        withStore(async ({ operations }) => `The backup is complete: ${await operations.backup(name)}`)(options),
      ),
  )
  store.addCommand(
    command('restore', 'make a data folder, that has no store yet, from a backup')
      .argument('<backup>')
      .option('--merge', 'add what the backup has to the store that is there')
      .action(async (backup: string, { merge, ...options }: StoreCommandOptions & { merge?: true }) => {
        if (merge) {
          await withStore(async ({ operations }) => {
            await operations.mergeBackup(backup, progress)
            return 'What the backup has is in the store.'
          })(options)
          return
        }
        const { configuredStore, restore } = await stores()
        const { path } = await configuredStore(options)
        await restore(backup, path)
        say(`Restored into ${path}.`)
      }),
  )
  store.addCommand(
    command('export', 'write the events of a project to a Parquet file')
      .argument('<project>')
      .argument('<file>')
      .action((project: string, file: string, options: StoreCommandOptions) =>
        withStore(async ({ operations }) => {
          await operations.exportProject(project, file)
          return `Written: ${file}`
        })(options),
      ),
  )
  store.addCommand(
    command('import', 'add the events of such a file')
      .argument('<file>')
      .action((file: string, options: StoreCommandOptions) =>
        withStore(async ({ operations }) => {
          await operations.importProject(file, progress)
          return 'Imported.'
        })(options),
      ),
  )
  store.addCommand(
    command('delete-user', 'delete all data of a user, for good')
      .argument('<project>')
      .argument('<user>')
      .action((project: string, user: string, options: StoreCommandOptions) =>
        withStore(async ({ operations }) => {
          await operations.deleteUser(project, user)
          return 'Deleted.'
        })(options),
      ),
  )
  store.addCommand(moveCommand(command('move', 'copy the store to a ClickHouse server or cluster')))
  return store
}

/** `mcpcat sql "…"`. */
export function sqlCommand(): Command {
  return command('sql', 'ask the store in SQL; it only reads')
    .argument('<statement>')
    .option('--format <format>', 'a format of ClickHouse, as JSONEachRow or CSVWithNames', 'PrettyCompact')
    .action(async (statement: string, { format, ...options }: StoreCommandOptions & { format: string }) => {
      const { configuredStore, readSql } = await stores()
      await readSql(await configuredStore(options), statement, format, (text) => process.stdout.write(text))
    })
}

function command(name: string, description: string): Command {
  return withConfigOptions(new Command(name).description(description)).option(
    '--store <id>',
    'the store extension, where the configuration has several',
  )
}

/** What the commands do it with, loaded when one of them runs. */
async function stores() {
  const { configuredStore } = await import('./configured-store.js')
  const { operateStore, readSql, restore } = await import('@mcpcat/store')
  return { configuredStore, operateStore, readSql, restore }
}

/** Finds or opens the store, does the task, says what came of it. */
function withStore(task: (store: OperatedStore) => Promise<string>): (options: StoreCommandOptions) => Promise<void> {
  return async (options) => {
    const stop = showElapsed()
    try {
      const { configuredStore, operateStore } = await stores()
      const store = await operateStore(await configuredStore(options))
      try {
        const result = await task(store)
        stop()
        say(result)
      } finally {
        await store.close()
      }
    } finally {
      stop()
    }
  }
}

/** @throws UserError when anything is wrong. */
function report(projects: readonly ProjectReport[]): string {
  const lines = projects.map(({ project, events, sessions, problems }) =>
    [`${project}: ${events} events in ${sessions} sessions`, ...problems.map((problem) => `  ${problem}`)].join('\n'),
  )
  const text = lines.length > 0 ? lines.join('\n') : 'The store is empty.'
  if (projects.some(({ problems }) => problems.length > 0)) throw new UserError(text)
  return text
}

/** What is known of the work under way, of {@link progress}. */
let done = ''

function progress(count: number, total: number): void {
  done = ` ${count} of ${total}`
}

/** On a terminal, one line that says that work goes on, and how far it is. @returns Takes it away. */
function showElapsed(): () => void {
  if (!process.stderr.isTTY) return () => undefined
  const since = performance.now()
  const timer = setInterval(() => {
    process.stderr.write(`\r${Math.round((performance.now() - since) / 1000)} s${done}`)
  }, 1000)
  return () => {
    clearInterval(timer)
    process.stderr.write(CLEAR_LINE)
  }
}

const CLEAR_LINE = '\r\u001B[K'

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}
