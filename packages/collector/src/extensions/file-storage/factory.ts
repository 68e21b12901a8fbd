import { join } from 'node:path'
import { z } from 'zod'
import type { Component, ExtensionFactory } from '../../component.js'
import { openJournal, type Journal } from '../../sending/journal.js'
import type { JournalStorage } from '../../sending/journal-storage.js'

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
  create({ directory, max_size_mib }, { logger }): Component & { readonly journals: JournalStorage } {
    const opened: Journal[] = []
    return {
      journals: {
        async open(name, reportProblem) {
          const folder = join(directory, encodeURIComponent(name))
          const { journal, recovered } = await openJournal({
            folder,
            logger,
            maxBytes: max_size_mib * MIB,
            segmentBytes: Math.min(16, max_size_mib / 4) * MIB,
          })
          opened.push(journal)
          return { journal: reporting(journal, reportProblem), recovered }
        },
      },
      async shutdown() {
        await Promise.all(opened.map((journal) => journal.close()))
      },
    }
  },
}

/** A full disk is what an operator must hear of, and it passes. */
function reporting(journal: Journal, reportProblem: (problem: string | undefined) => void): Journal {
  return {
    async append(bytes) {
      try {
        const record = await journal.append(bytes)
        reportProblem(undefined)
        return record
      } catch (error) {
        reportProblem((error as Error).message)
        throw error
      }
    },
    close: () => journal.close(),
  }
}
