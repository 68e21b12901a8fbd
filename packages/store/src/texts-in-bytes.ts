import { ByteSource } from '@mcpcat/collector'

/** A few texts as bytes: to compare them with what is in other bytes, none of it becomes text. */
export class TextsInBytes {
  readonly source: ByteSource
  /** Where each text begins; the one before it ends there, and the last one at the end. */
  readonly starts: Int32Array

  constructor(texts: readonly string[]) {
    const pieces = texts.map((text) => Buffer.from(text))
    this.source = new ByteSource(Buffer.concat(pieces))
    this.starts = new Int32Array(texts.length + 1)
    for (const [index, { length }] of pieces.entries()) this.starts[index + 1] = (this.starts[index] as number) + length
  }
}
