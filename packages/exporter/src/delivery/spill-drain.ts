import { diagnostics } from '../diagnostics.js'
import type { Parcel } from '../protocols/protocol.js'
import type { Fate } from './sender.js'
import type { Claim, Spill } from './spill.js'
import { Waits } from './waits.js'

/** Sends what is on disk, oldest first, whenever the receiver answers. Does not keep the process alive. */
export class SpillDrain {
  readonly #spill: Spill
  readonly #send: (parcel: Parcel) => Promise<Fate>
  readonly #pauseMillis: number
  readonly #waits = new Waits()
  #running: Promise<void> | undefined
  #stopped = false

  /** @param pauseMillis Between attempts at the oldest file, while the receiver does not answer. */
  constructor(spill: Spill, send: (parcel: Parcel) => Promise<Fate>, pauseMillis: number) {
    this.#spill = spill
    this.#send = send
    this.#pauseMillis = pauseMillis
  }

  /** There may be something to send, or the receiver is back. */
  wake(): void {
    this.#waits.end()
    if (this.#running || this.#stopped) return
    this.#running = this.#run()
      .catch((error: unknown) => diagnostics.error('@mcpcat/exporter: the spill folder cannot be read', error))
      .finally(() => (this.#running = undefined))
  }

  /** Resolves when no file is taken up any more. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#waits.end()
    await this.#running
  }

  async #run(): Promise<void> {
    await this.#spill.open()
    while (!this.#stopped && this.#spill.stats.onDisk > 0) {
      const claim = await this.#spill.claim()
      if (!claim) return
      if (await this.#deliver(claim)) continue
      if (!this.#stopped) await this.#waits.wait(this.#pauseMillis)
    }
  }

  /** Whether the file is done with. */
  async #deliver(claim: Claim): Promise<boolean> {
    let sent = 0
    let dropped = 0
    const fates = await Promise.all(claim.parcels.map((parcel) => this.#send(parcel)))
    for (const [index, fate] of fates.entries()) {
      const spans = claim.parcels[index]?.spans ?? 0
      if (fate.kind === 'sent') {
        sent += spans - fate.rejected
        dropped += fate.rejected
      } else if (fate.kind === 'rejected') dropped += spans
      else {
        // The whole file again, later: receivers know by its id what they already have.
        await this.#spill.release(claim)
        return false
      }
    }
    await this.#spill.settle(claim, { sent, dropped })
    return true
  }
}
