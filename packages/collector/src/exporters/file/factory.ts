import { open, rename, unlink, type FileHandle } from 'node:fs/promises'
import { z } from 'zod'
import { SIGNALS, type Batch } from '../../batch.js'
import type { ExporterFactory } from '../../component.js'
import { RetryableError } from '../../errors.js'
import { batchToJson } from '../../otlp/batch-codec.js'

export interface FileExporterConfig {
  path: string
  rotation?: RotationConfig | undefined
}

export interface RotationConfig {
  max_megabytes: number
  /** Older files are kept as `path.1` (the youngest) to `path.N`. */
  max_backups: number
}

/** Writes OTLP JSON, one request a line. */
export const fileExporter: ExporterFactory<FileExporterConfig> = {
  kind: 'exporter',
  type: 'file',
  signals: SIGNALS,
  description: 'OTLP JSON lines in a file, rotated by size',
  configSchema: z.strictObject({
    path: z.string().min(1),
    rotation: z
      .strictObject({
        max_megabytes: z.number().positive().default(100),
        max_backups: z.int().positive().default(10),
      })
      .optional(),
  }),
  create({ path, rotation }) {
    let handle: FileHandle | undefined
    let size = 0
    /** Batches are written one after the other. */
    let last: Promise<void> = Promise.resolve()

    async function openFile(): Promise<FileHandle> {
      const opened = await open(path, 'a')
      size = (await opened.stat()).size
      return opened
    }

    async function rotate(backups: number): Promise<void> {
      await handle?.close()
      handle = undefined
      await unlink(`${path}.${backups}`).catch(absent)
      for (let number = backups - 1; number >= 1; number -= 1) {
        await rename(`${path}.${number}`, `${path}.${number + 1}`).catch(absent)
      }
      await rename(path, `${path}.1`)
    }

    async function write(batch: Batch): Promise<void> {
      const line = Buffer.from(`${JSON.stringify(await batchToJson(batch))}\n`)
      try {
        if (rotation && size > 0 && size + line.length > rotation.max_megabytes * 1e6)
          await rotate(rotation.max_backups)
        handle ??= await openFile()
        await handle.appendFile(line)
        size += line.length
      } catch (cause) {
        throw new RetryableError(`${path} cannot be written`, { cause })
      }
    }

    function append(batch: Batch): Promise<void> {
      const done = last.then(() => write(batch))
      // The next batch waits for this one, whatever becomes of it.
      last = done.catch(() => undefined)
      return done
    }

    return {
      async start() {
        handle = await openFile()
      },
      consumeTraces: append,
      consumePayload: append,
      async shutdown() {
        await last
        await handle?.close()
      },
    }
  },
}

function absent(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error
}
