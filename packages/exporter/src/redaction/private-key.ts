import type { Detector } from './detector.js'

const BEGIN = '-----BEGIN '
const END = '-----END '

/** PEM (RFC 7468) and OpenPGP private keys, whole; without an end mark, everything that follows. */
export const privateKey: Detector = {
  name: 'private_key',
  find(text, from, to, report) {
    let start = text.indexOf(BEGIN, from)
    while (start !== -1 && start < to) {
      const header = text.slice(start, start + 80)
      if (!/^-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/.test(header)) {
        start = text.indexOf(BEGIN, start + BEGIN.length)
        continue
      }
      const mark = text.indexOf(END, start)
      const close = mark === -1 ? -1 : text.indexOf('-----', mark + END.length)
      const end = close === -1 ? text.length : close + 5
      report({ start, end, label: 'private_key' })
      start = text.indexOf(BEGIN, end)
    }
  },
}
