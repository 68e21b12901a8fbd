import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Component, ExtensionFactory } from '../../component.js'
import { RetryableError } from '../../errors.js'
import { lockFolder } from './folder-lock.js'
import { openJournal, type Journal } from '../../sending/journal.js'
import type { JournalStorage } from '../../sending/journal-storage.js'
import { standingProblem, type StandingProblem } from '../../telemetry/standing-problem.js'

export interface FileStorageConfig {
  directory: string
  /** Of one component's journal, in MiB. */
  max_size_mib: number
}

const MIB = 1024 * 1024

/** Keeps what exporters have queued on disk: a `sending_queue` names it as its `storage`. */
export const fileStorageExtension: ExtensionFactory<FileStorageConfig> = {
  kind: 'extension',
  type: 'file_storage',
  description: 'Journals on disk, for sending queues that survive the process',
  configSchema: z.strictObject({
    directory: z.string().min(1),
    max_size_mib: z.number().positive().default(1024),
  }),
  create(
    { directory, max_size_mib },
    { id, logger, reportProblem },
  ): Component & { readonly journals: JournalStorage } {
    const opened: Journal[] = []
    const problems = new Map<string, string>()
    // An exporter has troubles of its own to tell: a full disk is told under this extension's name.
    const report = (name: string, problem: string | undefined): void => {
      if (problem === undefined) problems.delete(name)
      else problems.set(name, `${name}: ${problem}`)
      reportProblem(problems.size === 0 ? undefined : [...problems.values()].join('; '))
    }
    let unlock: (() => Promise<void>) | undefined
    return {
      async start() {
        unlock = await lockFolder(directory, `extensions.${id}.directory`)
      },
      journals: {
        async folder(name) {
          const folder = join(directory, encodeURIComponent(name))
          await mkdir(folder, { recursive: true })
          return folder
        },
        async open(name) {
          const folder = join(directory, encodeURIComponent(name))
          const { journal, recovered } = await openJournal({
            folder,
            logger,
            maxBytes: max_size_mib * MIB,
            segmentBytes: Math.min(16, max_size_mib / 4) * MIB,
          })
          opened.push(journal)
          const problem = standingProblem(
            { logger: logger.child({ journal: name }), reportProblem: (text) => report(name, text) },
            isRefusal,
          )
          return { journal: reporting(journal, problem), recovered }
        },
      },
      async shutdown() {
        await Promise.all(opened.map((journal) => journal.close()))
        await unlock?.()
      },
    }
  },
}

/** A full disk is what an operator must hear of, and it passes. */
function reporting(journal: Journal, problem: StandingProblem): Journal {
  return {
    append: (bytes) => problem.around(() => journal.append(bytes)),
    close: () => journal.close(),
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof RetryableError
}
