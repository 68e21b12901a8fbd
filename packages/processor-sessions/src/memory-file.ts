import type { FileHandle } from 'node:fs/promises'
import { open, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import type { SessionRules, TrackedEvent, TrackedStrand } from '@mcpcat/sessions'

/** What a processor knows of sessions, on disk: what it remembered at some time, and the events since. */
export interface MemoryFile {
  readonly strands: readonly TrackedStrand[]
  readonly events: readonly TrackedEvent[]
  /** Adds events; resolves when a kill of the process cannot undo it. */
  append(events: readonly TrackedEvent[]): Promise<void>
  /** There are so many events that what is remembered had better be written anew. */
  readonly wantsSnapshot: boolean
  /** Replaces all by what is remembered now. */
  snapshot(strands: readonly TrackedStrand[]): Promise<void>
  close(): Promise<void>
}

/** The events since the last snapshot take no more than this, or than the snapshot itself. */
const SMALL_TAIL_BYTES = 1024 * 1024

const SNAPSHOT = 'snapshot.jsonl'
const TAIL = 'tail.jsonl'

/**
 * Opens what is in a folder. Each line has its checksum: one that is torn or damaged ends what is
 * read, and what it said is forgotten, as without a file. Nothing is synced: a kill loses nothing,
 * a power cut the last seconds.
 */
export async function openMemoryFile(folder: string, rules: SessionRules): Promise<MemoryFile> {
  const rulesId = crc32(JSON.stringify(rules))
  const [snapshot, ...strands] = await readLines<TrackedStrand | Head>(join(folder, SNAPSHOT))
  const [tail, ...batches] = await readLines<TrackedEvent[] | Head>(join(folder, TAIL))
  let { generation } = headOf(snapshot)
  const known = headOf(snapshot).rules === rulesId
  // A tail of another snapshot was cut off while a new one began, which has what it says.
  const goesOn = known && headOf(tail).generation === generation
  let snapshotBytes = 0
  let tailBytes = 0
  let handle: FileHandle | undefined

  async function begin(remembered: readonly TrackedStrand[]): Promise<void> {
    generation += 1
    const head: Head = { generation, rules: rulesId }
    const content = [head, ...remembered].map(lineOf).join('')
    snapshotBytes = content.length
    await replace(join(folder, SNAPSHOT), content)
    await handle?.close()
    handle = undefined
    await replace(join(folder, TAIL), lineOf(head))
    handle = await open(join(folder, TAIL), 'a')
    tailBytes = 0
  }

  return {
    strands: known ? (strands as TrackedStrand[]) : [],
    events: goesOn ? (batches as TrackedEvent[][]).flat() : [],
    async append(events) {
      const line = lineOf(events.map(({ eventId, start, end, strand }) => ({ eventId, start, end, strand })))
      tailBytes += line.length
      await handle?.appendFile(line)
    },
    get wantsSnapshot() {
      return tailBytes > Math.max(SMALL_TAIL_BYTES, snapshotBytes)
    },
    snapshot: begin,
    async close() {
      await handle?.close()
      handle = undefined
    },
  }
}

/** The first line of each file. */
interface Head {
  /** Of the snapshot; the events of a tail are those since the snapshot of the same. */
  readonly generation: number
  /** Checksum of the rules: what was remembered under others is of no use. */
  readonly rules: number
}

function headOf(line: object | undefined): Head {
  return line !== undefined && 'generation' in line ? (line as Head) : { generation: 0, rules: -1 }
}

async function replace(file: string, content: string): Promise<void> {
  await writeFile(`${file}.partial`, content)
  await rename(`${file}.partial`, file)
}

function lineOf(value: unknown): string {
  const json = JSON.stringify(value, (_key, each: unknown) => (typeof each === 'bigint' ? each.toString() : each))
  return `${crc32(json).toString(16).padStart(8, '0')} ${json}\n`
}

const TIMES = new Set(['start', 'end', 'firstStart'])

/** The lines up to the first that is not whole. */
async function readLines<Line>(file: string): Promise<Line[]> {
  const lines: Line[] = []
  for (const line of (await contentOf(file)).split('\n')) {
    const json = line.slice(9)
    if (line.length < 10 || line.slice(0, 8) !== crc32(json).toString(16).padStart(8, '0')) break
    lines.push(JSON.parse(json, (key, value: unknown) => (TIMES.has(key) ? BigInt(value as string) : value)) as Line)
  }
  return lines
}

async function contentOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw error
  }
}
