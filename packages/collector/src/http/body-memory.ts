/** Memory of bodies that nobody holds any more, for the next ones. */
export interface BodyMemory {
  /** So many bytes, whatever they say. */
  take(size: number): Buffer
  /** @param body that was taken, and is not looked at again; of any other, nothing happens. */
  giveBack(body: Buffer): void
  /** Bytes that wait to be taken. */
  readonly kept: number
}

/** What is kept at most. */
const MOST_BYTES = 64 * 1024 * 1024
/** Sizes are rounded up to this, so that bodies of about the same size fit into each other's memory. */
const STEP = 64 * 1024
/** What nobody took for so long is given back to the system. */
const UNUSED_MS = 5000

/**
 * V8 counts memory beside its heap as garbage to be until it looks for it: where each body has memory of its own, those
 * of a few hundred thousand spans make it look through all that lives, again and again.
 */
export function bodyMemory(): BodyMemory {
  // The one that was given back last is taken first.
  const free: ArrayBuffer[] = []
  const taken = new WeakSet<ArrayBufferLike>()
  let kept = 0
  /** The least that was kept since the timer fired last: so much nobody needed. */
  let unused = 0
  let timer: NodeJS.Timeout | undefined

  function shrink(): void {
    // Those that were not taken for longest.
    while (unused > 0 && free.length > 0) {
      const { byteLength } = free.shift() as ArrayBuffer
      kept -= byteLength
      unused -= byteLength
    }
    unused = kept
    if (kept === 0) {
      clearInterval(timer)
      timer = undefined
    }
  }

  return {
    take(size) {
      const most = Math.max(size * 2, STEP)
      const at = free.findLastIndex(({ byteLength }) => byteLength >= size && byteLength <= most)
      const [found] = at < 0 ? [] : free.splice(at, 1)
      if (found) {
        kept -= found.byteLength
        unused = Math.min(unused, kept)
      }
      const memory = found ?? new ArrayBuffer(Math.ceil(Math.max(size, 1) / STEP) * STEP)
      taken.add(memory)
      return Buffer.from(memory, 0, size)
    },
    giveBack({ buffer }) {
      if (!taken.delete(buffer) || kept + buffer.byteLength > MOST_BYTES) return
      free.push(buffer as ArrayBuffer)
      kept += buffer.byteLength
      timer ??= setInterval(shrink, UNUSED_MS).unref()
    },
    get kept() {
      return kept
    },
  }
}
