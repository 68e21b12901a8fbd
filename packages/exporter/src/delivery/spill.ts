import { createHash } from 'node:crypto'
import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Parcel } from '../protocols/protocol.js'

export interface SpillOptions {
  dir: string
  maxBytes: number
  /** Where its requests go. Files that were written for another address stay where they are. */
  url: string
}

/** In spans, but for `bytes`. `written` + `found` = `sent` + `dropped` + `onDisk`. */
export interface SpillStats {
  written: number
  /** Left by an earlier process. */
  found: number
  sent: number
  dropped: number
  onDisk: number
  /** On disk. */
  bytes: number
}

interface Entry {
  name: string
  bytes: number
  spans: number
}

/** A file that was taken up for sending. */
export interface Claim {
  entry: Entry
  parcels: Parcel[]
}

interface Header {
  version: 1
  url: string
  /** Of everything behind the header line, in hex. */
  sha256: string
  parcels: { bytes: number; spans: number }[]
}

/** Files that this process has taken up, whichever exporter did. */
const claimedHere = new Set<string>()

const SUFFIX = '.spill'
const CLAIMED = /\.claimed-(\d+)$/
/** time-pid-sequence-spans, so that names sort by age and tell what they hold. */
const NAME = /^(\d{15})-(\d+)-(\d+)-(\d+)\.spill$/

/**
 * Requests that could not be delivered, as files: written completely or not at all, checked when
 * read, bounded in bytes (the oldest go first), shared by processes, found again after a restart.
 * Holds redacted content, readable by its owner only; no header that carries a key.
 */
export class Spill {
  readonly #options: SpillOptions
  readonly #entries: Entry[] = []
  readonly stats: SpillStats = { written: 0, found: 0, sent: 0, dropped: 0, onDisk: 0, bytes: 0 }
  #sequence = 0
  #opened: Promise<void> | undefined

  constructor(options: SpillOptions) {
    this.#options = options
  }

  /** Makes the folder and counts what an earlier process left in it. */
  open(): Promise<void> {
    this.#opened ??= this.#scan()
    return this.#opened
  }

  async #scan(): Promise<void> {
    const { dir } = this.#options
    await mkdir(dir, { recursive: true, mode: 0o700 })
    for (const file of (await readdir(dir)).toSorted()) {
      try {
        await this.#adopt(file)
      } catch (error) {
        // Another process took the file up in this moment.
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
      }
    }
  }

  async #adopt(file: string): Promise<void> {
    const { dir, url } = this.#options
    const owner = CLAIMED.exec(file)?.[1]
    const name = file.replace(CLAIMED, '')
    const path = join(dir, name)
    const spans = NAME.exec(name)?.[4]
    if (spans === undefined || (owner !== undefined && isTakenUp(path, Number(owner)))) return
    if (owner !== undefined) await rename(join(dir, file), path)
    const header = await readHeader(path)
    if (header && header.url !== url) return
    const { size } = await stat(path)
    this.#entries.push({ name, bytes: size, spans: Number(spans) })
    this.stats.found += Number(spans)
    this.#grow(Number(spans), size)
  }

  /** @throws when the disk refuses. */
  async add(parcels: readonly Parcel[]): Promise<void> {
    await this.open()
    const { name, content, entry } = this.#compose(parcels)
    const path = join(this.#options.dir, name)
    const file = await open(`${path}.tmp`, 'wx', 0o600)
    try {
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(`${path}.tmp`, path)
    this.#keep(entry)
    await this.#makeRoom()
  }

  /** The same while the process exits, when nothing can be awaited. */
  addNow(parcels: readonly Parcel[]): void {
    mkdirSync(this.#options.dir, { recursive: true, mode: 0o700 })
    const { name, content, entry } = this.#compose(parcels)
    const path = join(this.#options.dir, name)
    writeFileSync(`${path}.tmp`, content, { mode: 0o600, flush: true })
    renameSync(`${path}.tmp`, path)
    this.#keep(entry)
  }

  /** The oldest file, for this process alone; undefined when there is none. */
  async claim(): Promise<Claim | undefined> {
    await this.open()
    for (;;) {
      const entry = this.#entries.shift()
      if (!entry) return undefined
      const path = join(this.#options.dir, entry.name)
      const claimed = `${path}.claimed-${process.pid}`
      try {
        await rename(path, claimed)
      } catch {
        // Another process was faster, or someone tidied up: not ours to count as lost or sent.
        this.stats.found -= entry.spans
        this.#grow(-entry.spans, -entry.bytes)
        continue
      }
      claimedHere.add(path)
      const parcels = parse(await readFile(claimed))
      if (parcels) return { entry, parcels }
      await this.settle({ entry, parcels: [] }, { sent: 0, dropped: entry.spans })
    }
  }

  /** The file has done its service. */
  async settle({ entry }: Claim, outcome: { sent: number; dropped: number }): Promise<void> {
    const path = join(this.#options.dir, entry.name)
    await rm(`${path}.claimed-${process.pid}`, { force: true })
    claimedHere.delete(path)
    this.stats.sent += outcome.sent
    this.stats.dropped += outcome.dropped
    this.#grow(-entry.spans, -entry.bytes)
  }

  /** The file is to be sent some other time. */
  async release({ entry }: Claim): Promise<void> {
    const path = join(this.#options.dir, entry.name)
    await rename(`${path}.claimed-${process.pid}`, path)
    claimedHere.delete(path)
    this.#entries.unshift(entry)
  }

  #compose(parcels: readonly Parcel[]): { name: string; content: Buffer; entry: Entry } {
    const body = Buffer.concat(parcels.map((parcel) => parcel.body))
    const header: Header = {
      version: 1,
      url: this.#options.url,
      sha256: createHash('sha256').update(body).digest('hex'),
      parcels: parcels.map((parcel) => ({ bytes: parcel.body.length, spans: parcel.spans })),
    }
    const content = Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), body])
    const spans = parcels.reduce((sum, parcel) => sum + parcel.spans, 0)
    const time = String(Date.now()).padStart(15, '0')
    const name = `${time}-${process.pid}-${this.#sequence++}-${spans}${SUFFIX}`
    return { name, content, entry: { name, bytes: content.length, spans } }
  }

  #keep(entry: Entry): void {
    this.#entries.push(entry)
    this.stats.written += entry.spans
    this.#grow(entry.spans, entry.bytes)
  }

  async #makeRoom(): Promise<void> {
    while (this.stats.bytes > this.#options.maxBytes) {
      const oldest = this.#entries.shift()
      if (!oldest) return
      this.stats.dropped += oldest.spans
      this.#grow(-oldest.spans, -oldest.bytes)
      await rm(join(this.#options.dir, oldest.name), { force: true })
    }
  }

  #grow(spans: number, bytes: number): void {
    this.stats.onDisk += spans
    this.stats.bytes += bytes
  }
}

async function readHeader(path: string): Promise<Header | undefined> {
  const content = await readFile(path)
  return parseHeader(content)?.header
}

function parseHeader(content: Buffer): { header: Header; from: number } | undefined {
  const end = content.indexOf(10)
  if (end === -1) return undefined
  try {
    const header = JSON.parse(content.toString('utf8', 0, end)) as Header
    return header.version === 1 && Array.isArray(header.parcels) ? { header, from: end + 1 } : undefined
  } catch {
    return undefined // Cut off or overwritten: counted as dropped by the caller.
  }
}

function parse(content: Buffer): Parcel[] | undefined {
  const parsed = parseHeader(content)
  if (!parsed) return undefined
  const body = content.subarray(parsed.from)
  if (createHash('sha256').update(body).digest('hex') !== parsed.header.sha256) return undefined
  let at = 0
  return parsed.header.parcels.map(({ bytes, spans }) => ({ body: body.subarray(at, (at += bytes)), spans }))
}

/** Whether a process that runs has taken the file up. Our own id on a file that we did not take up is a predecessor's. */
function isTakenUp(path: string, pid: number): boolean {
  if (pid === process.pid) return claimedHere.has(path)
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
