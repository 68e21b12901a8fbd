// Not of the whole package: the thread of the sessions needs no more of it, and would load 450 modules.
import { ByteSource } from '@mcpcat/collector/byte-source'
import { WORD } from './native/copied-bytes.js'

/** A few texts as bytes: to compare them with what is in other bytes, none of it becomes text. */
export class TextsInBytes {
  readonly source: ByteSource
  /** Where each text begins, and the one before it ends; and where the last one ends. */
  readonly starts: Int32Array

  constructor(texts: readonly string[]) {
    const pieces = texts.map((text) => Buffer.from(text))
    this.source = new ByteSource(Buffer.concat([...pieces, Buffer.alloc(WORD)]))
    this.starts = new Int32Array(texts.length + 1)
    for (const [index, { length }] of pieces.entries()) this.starts[index + 1] = (this.starts[index] as number) + length
  }
}
