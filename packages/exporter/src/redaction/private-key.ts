import type { Detector } from './detector.js'

const BEGIN = '-----BEGIN '
const END = '-----END '
const HEADER = /^-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/

/** PEM (RFC 7468) and OpenPGP private keys, whole; without an end mark, everything that follows. */
export const privateKey: Detector = {
  name: 'private_key',
  find(text, from, to, report) {
    // Only the window: to search the whole text from every window would take the square of its length.
    const window = text.slice(from, to + BEGIN.length - 1)
    let start = window.indexOf(BEGIN)
    while (start !== -1) {
      const begin = from + start
      let next = start + BEGIN.length
      if (HEADER.test(text.slice(begin, begin + 80))) {
        const mark = text.indexOf(END, begin)
        const close = mark === -1 ? -1 : text.indexOf('-----', mark + END.length)
        const end = close === -1 ? text.length : close + 5
        report({ start: begin, end, label: 'private_key' })
        next = end - from
      }
      start = window.indexOf(BEGIN, next)
    }
  },
}
