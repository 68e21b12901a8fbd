import { execFileSync } from 'node:child_process'
import { closeSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A file system of its own, small enough to be filled. */
export interface SmallDisk {
  readonly path: string
  /** Takes all room but this much, as somebody else's files do. */
  fill(leaveBytes: number): void
  /** Gives the room back. */
  free(): void
  remove(): Promise<void>
}

/** @returns Why there is none, where this user may not mount. */
export async function smallDisk(sizeMib: number): Promise<SmallDisk | string> {
  const folder = await mkdtemp(join(tmpdir(), 'mcpcat-disk-'))
  const path = join(folder, 'disk')
  await mkdir(path)
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeMib}m`, 'tmpfs', path], { stdio: 'pipe' })
  } catch (error) {
    await rm(folder, { recursive: true })
    return `cannot mount a tmpfs: ${(error as Error).message.trim()}`
  }
  const filler = join(path, 'filler')
  const freeBytes = (): number => {
    const { bavail, bsize } = statfsSync(path)
    return bavail * bsize
  }
  return {
    path,
    fill(leaveBytes) {
      const file = openSync(filler, 'a')
      const block = Buffer.alloc(4096)
      while (freeBytes() > leaveBytes) writeSync(file, block)
      closeSync(file)
    },
    free: () => rmSync(filler, { force: true }),
    async remove() {
      execFileSync('umount', ['-l', path])
      await rm(folder, { recursive: true, force: true })
    },
  }
}
